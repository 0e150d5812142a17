import type { Clock, EpochMs } from '../../domain/time.ts';

/** A clock that can be set to another day; from there it goes on as the one beneath it. Waits are as long as ever. */
export class PastClock implements Clock {
  readonly #beneath: Clock;
  #offsetMs = 0;

  constructor(beneath: Clock) {
    this.#beneath = beneath;
  }

  now(): EpochMs {
    return this.#beneath.now() + this.#offsetMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.#beneath.sleep(ms, signal);
  }

  /** Never sets it back. */
  goTo(at: EpochMs): void {
    this.#offsetMs = Math.max(this.#offsetMs, at - this.#beneath.now());
  }

  /** As the clock beneath, which is the present. */
  comeBack(): void {
    this.#offsetMs = 0;
  }

  /** To an instant of the past, from which `goTo` goes on. */
  goBack(at: EpochMs): void {
    this.#offsetMs = at - this.#beneath.now();
  }
}
