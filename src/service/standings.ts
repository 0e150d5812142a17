import { type Clock, type EpochMs, SECOND_MS } from '../domain/time.ts';
import type { Standing } from '../domain/vitals.ts';

/** One this old is told, and a new one made meanwhile: whoever looks waits for none. */
const FRESH_MS = 2 * SECOND_MS;

/** One that is older is told no more. */
const OLDEST_MS = 10 * SECOND_MS;

/**
 * How all tenants stand, shared by all who look: it is made once for everybody, whoever asked, and `vitals.at` says as
 * of when it is.
 */
export class Standings {
  readonly #clock: Clock;
  #ask: () => Promise<Standing>;
  #kept: { at: EpochMs; standing: Standing } | undefined;
  #making: Promise<Standing> | undefined;

  constructor(clock: Clock, ask: () => Promise<Standing>) {
    this.#clock = clock;
    this.#ask = ask;
  }

  /** Another configuration is at work. */
  follow(ask: () => Promise<Standing>): void {
    this.#ask = ask;
    this.forget();
  }

  /** No older than ten seconds. */
  now(): Promise<Standing> {
    const age = this.#kept && Math.abs(this.#clock.now() - this.#kept.at);
    if (!this.#kept || age === undefined || age >= OLDEST_MS) return this.fresh();
    // What fails in the background is asked again, and told, by whoever looks next after the kept one is too old.
    if (age >= FRESH_MS) this.fresh().catch(() => {});
    return Promise.resolve(this.#kept.standing);
  }

  /** As of now, or as of a look that is being taken. */
  fresh(): Promise<Standing> {
    this.#making ??= this.#make();
    return this.#making;
  }

  /** Nothing that a person did may look as if it had not been. */
  forget(): void {
    this.#kept = undefined;
    this.#making = undefined;
  }

  #make(): Promise<Standing> {
    const at = this.#clock.now();
    const making = this.#ask().then(
      (standing) => {
        // Forgotten meanwhile: it may be of before what was done.
        if (this.#making !== making) return standing;
        this.#kept = { at, standing };
        this.#making = undefined;
        return standing;
      },
      (error: unknown) => {
        if (this.#making === making) this.#making = undefined;
        throw error;
      },
    );
    return making;
  }
}
