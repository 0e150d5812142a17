/** Counts calls by service for the summary of a pass. */
export class Meter {
  readonly #calls = new Map<string, number>();

  count(service: string): void {
    this.#calls.set(service, (this.#calls.get(service) ?? 0) + 1);
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
