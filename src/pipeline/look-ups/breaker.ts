import { type EpochMs, MINUTE_MS } from '../../domain/time.ts';

/** After so many failures in a row the service is left alone for a while. */
const MOST_FAILURES = 5;
const BREAK_MS = 5 * MINUTE_MS;

/** Leaves a service alone that failed several times in a row; after the break one call shows whether it is back. */
export class Breaker {
  #failures = 0;
  #openUntil: EpochMs = 0;

  isOpen(now: EpochMs): boolean {
    return now < this.#openUntil;
  }

  /** The break is over and no call has succeeded yet: one at a time. */
  get isProbing(): boolean {
    return this.#failures >= MOST_FAILURES;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#openUntil = 0;
  }

  failed(now: EpochMs): void {
    this.#failures += 1;
    if (this.#failures >= MOST_FAILURES) this.#openUntil = now + BREAK_MS;
  }
}
