import { EdgeFailure } from '../../domain/failure.ts';
import { type Clock, type EpochMs, MINUTE_MS, sayDuration } from '../../domain/time.ts';

/** The whole API allows 30 calls a minute and tenant, shared by all its clients ("REST API", limits). */
const CALLS_A_MINUTE = 30;

/** Keeps the calls of a tenant within its minute, over runs and processes: the ledger keeps `calls` between them. */
export class Pace {
  #calls: EpochMs[];
  readonly #clock: Clock;

  constructor(clock: Clock, calls: readonly EpochMs[]) {
    this.#clock = clock;
    this.#calls = calls.filter((at) => at <= clock.now());
  }

  /** When the calls of the last minute were sent. */
  calls(): readonly EpochMs[] {
    const now = this.#clock.now();
    this.#calls = this.#calls.filter((at) => at > now - MINUTE_MS);
    return this.#calls;
  }

  /**
   * Waits until one more call fits into the minute.
   * @throws EdgeFailure `rate-limited` when that lies after `until`.
   */
  async take(until: EpochMs, signal?: AbortSignal): Promise<void> {
    for (;;) {
      const calls = this.calls();
      const now = this.#clock.now();
      const [oldest] = calls;
      if (oldest === undefined || calls.length < CALLS_A_MINUTE || signal?.aborted) {
        this.#calls.push(now);
        return;
      }
      const waitMs = oldest + MINUTE_MS - now;
      if (now + waitMs > until)
        throw new EdgeFailure(
          'rate-limited',
          `Defender for Cloud Apps allows ${CALLS_A_MINUTE} calls a minute and tenant; the next fits in ${sayDuration(waitMs)}`,
          { retryAfterMs: waitMs, mend: 'run again later, or with --wait' },
        );
      await this.#clock.sleep(waitMs, signal);
    }
  }
}
