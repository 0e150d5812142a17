/** One call to a service and how it ended. */
export interface ApiCall {
  service: string;
  /** Absent: no whole answer came. */
  status?: number;
  /** From the first byte sent to the last byte read. */
  ms: number;
}

/** Counts calls by service for the summary of a pass, and tells how each ended to whoever listens. */
export class Meter {
  readonly #calls = new Map<string, number>();
  readonly #onEnd: ((call: ApiCall) => void) | undefined;

  constructor(onEnd?: (call: ApiCall) => void) {
    this.#onEnd = onEnd;
  }

  count(service: string): void {
    this.#calls.set(service, (this.#calls.get(service) ?? 0) + 1);
  }

  ended(call: ApiCall): void {
    this.#onEnd?.(call);
  }

  /** Calls so far, by service name. */
  calls(): ReadonlyMap<string, number> {
    return this.#calls;
  }

  total(): number {
    let sum = 0;
    for (const n of this.#calls.values()) sum += n;
    return sum;
  }
}
