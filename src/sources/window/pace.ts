import { EdgeFailure } from '../../domain/failure.ts';
import { type Clock, type EpochMs, HOUR_MS, MINUTE_MS, sayDuration } from '../../domain/time.ts';
import { CallBook } from './call-book.ts';

/** How often a service may be called. */
export interface CallLimit {
  /** The service's name, for messages. */
  service: string;
  callsAMinute: number;
  /** How many of them the reading of new alerts leaves to closing, where alerts are closed. */
  forWrites: number;
}

export interface PaceParts {
  limit: CallLimit;
  clock: Clock;
  /** When earlier calls were sent, by whichever run or process. */
  calls: readonly EpochMs[];
  /** What the service asked an earlier run to wait for. */
  notBefore?: EpochMs;
  /** How long all waiting together may last. */
  patienceMs: number;
  /** Shared with all who call this service for the same tenant; one of its own unless given. */
  book?: CallBook | undefined;
  /** Leaves the share of the minute that is for writes to those who write. */
  keepsForWrites?: boolean | undefined;
  /** Hears of each call that has to wait for its turn, in milliseconds. */
  onWait?: ((ms: number) => void) | undefined;
}

/**
 * Keeps the calls of a tenant within its minute and after what the service asked to wait for, over runs and processes:
 * the ledger keeps `calls` and `notBefore` between them. Waits only as long as its patience lasts.
 */
export class Pace {
  readonly #limit: CallLimit;
  readonly #clock: Clock;
  readonly #book: CallBook;
  readonly #keepsForWrites: boolean;
  readonly #onWait: (ms: number) => void;
  #patienceMs: number;
  #waitingUntil = 0;

  constructor(parts: PaceParts) {
    const { limit, clock, calls, notBefore = 0, patienceMs, book = new CallBook() } = parts;
    const { keepsForWrites = false, onWait = () => {} } = parts;
    const now = clock.now();
    this.#keepsForWrites = keepsForWrites;
    this.#onWait = onWait;
    this.#limit = limit;
    this.#clock = clock;
    this.#book = book;
    book.add(calls, notBefore);
    // What lies in the future was noted before the clock was set back.
    book.calls = book.calls.filter((at) => at <= now);
    if (book.notBefore > now + HOUR_MS) book.notBefore = 0;
    this.#patienceMs = patienceMs;
  }

  /** When the calls of the last minute were sent, for the next run. */
  calls(): readonly EpochMs[] {
    const since = this.#clock.now() - MINUTE_MS;
    this.#book.calls = this.#book.calls.filter((at) => at > since);
    return this.#book.calls;
  }

  /** Until when the service wants no call; `undefined` when that is over. */
  notBefore(): EpochMs | undefined {
    return this.#book.notBefore > this.#clock.now() ? this.#book.notBefore : undefined;
  }

  /** Notes that the service wants no call for so long. */
  holdOff(ms: number): void {
    this.#book.notBefore = Math.max(this.#book.notBefore, this.#clock.now() + ms);
  }

  /**
   * Waits until one more call may be sent, and counts it.
   * @throws EdgeFailure `rate-limited` when the patience does not last that long, or when the pass is stopped.
   */
  async take(signal: AbortSignal): Promise<void> {
    for (let told = false; ; told = true) {
      const waitMs = this.#nextIn();
      if (waitMs <= 0) break;
      const { service, callsAMinute } = this.#limit;
      const why = `${service} takes ${callsAMinute} calls a minute and tenant, fewer when it says so`;
      if (!this.#canAfford(waitMs))
        throw new EdgeFailure('rate-limited', `${why}; the next call may leave in ${sayDuration(waitMs)}`, {
          retryAfterMs: waitMs,
          mend: 'run again later, or with --wait',
        });
      if (!told) this.#onWait(waitMs);
      await this.pause(waitMs, signal);
    }
    const now = this.#clock.now();
    this.#book.calls.push(now);
    if (this.#keepsForWrites) this.#book.sparing.push(now);
  }

  /** Waits, if the patience lasts; returns whether it did. @throws EdgeFailure when the pass is stopped meanwhile. */
  async pause(ms: number, signal: AbortSignal): Promise<boolean> {
    if (!this.#canAfford(ms)) return false;
    const now = this.#clock.now();
    // Calls that wait side by side spend the same time once.
    this.#patienceMs -= Math.max(0, now + ms - Math.max(now, this.#waitingUntil));
    this.#waitingUntil = Math.max(this.#waitingUntil, now + ms);
    await this.#clock.sleep(ms, signal);
    if (signal.aborted)
      throw new EdgeFailure('rate-limited', `stopped while waiting for ${this.#limit.service}`, { retryAfterMs: ms });
    return true;
  }

  #canAfford(ms: number): boolean {
    const now = this.#clock.now();
    return now + ms - Math.max(now, this.#waitingUntil) <= this.#patienceMs;
  }

  #nextIn(): number {
    const now = this.#clock.now();
    const { callsAMinute, forWrites } = this.#limit;
    const waits = [fullFor(this.calls(), callsAMinute, now), this.#book.notBefore - now];
    if (this.#keepsForWrites) {
      this.#book.sparing = this.#book.sparing.filter((at) => at > now - MINUTE_MS);
      waits.push(fullFor(this.#book.sparing, callsAMinute - forWrites, now));
    }
    return Math.max(...waits);
  }
}

/** How long until fewer than `most` calls lie within the last minute. */
function fullFor(calls: readonly EpochMs[], most: number, now: EpochMs): number {
  return calls.length < most ? 0 : (calls.at(-most) ?? now) + MINUTE_MS - now;
}
