import { isEdgeFailure } from '../../domain/failure.ts';
import { type Clock, type EpochMs, MINUTE_MS, SECOND_MS } from '../../domain/time.ts';
import type { KnownAlert } from '../alert-keeper.ts';
import { CallBook } from '../window/call-book.ts';
import { type CallLimit, Pace } from '../window/pace.ts';
import { callPatiently } from '../window/patient-call.ts';

/** How long a call waits for its turn: for one who can stop the waiting, and for one who cannot. */
const PATIENCE_MS = { stoppable: 2 * MINUTE_MS, alone: 5 * SECOND_MS };

/** What was read longer ago is read again before it is written to: a person may have closed it meanwhile. */
const FRESH_MS = 30 * SECOND_MS;

export function isFresh(known: KnownAlert | undefined, now: EpochMs): known is KnownAlert {
  return known !== undefined && now >= known.readAt && now - known.readAt <= FRESH_MS;
}

export interface TurnsParts {
  limit: CallLimit;
  clock: Clock;
  /** A number in [0, 1), for jitter. */
  random: () => number;
  book?: CallBook | undefined;
  /** Hears of each call that has to wait for its turn, in milliseconds. */
  onWait?: ((ms: number) => void) | undefined;
}

/** Takes the turn of a further call, as when the first was refused for its token. */
export type TakeTurn = () => Promise<void>;

/** Lets the calls of one tenant's keeper take their turn among all others of that tenant. */
export class Turns {
  readonly #parts: TurnsParts & { book: CallBook };

  constructor(parts: TurnsParts) {
    this.#parts = { ...parts, book: parts.book ?? new CallBook() };
  }

  /** Sends a reading call; a throttled service is waited for, a read that failed is tried once more. @throws EdgeFailure */
  read<T>(call: (again: TakeTurn) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const pace = this.#pace(signal);
    const stop = signal ?? new AbortController().signal;
    const again = () => pace.take(stop);
    return callPatiently(() => call(again), { pace, random: this.#parts.random, signal: stop });
  }

  /** Sends a write, once; what the service asks to wait for holds for all calls of the tenant. @throws EdgeFailure */
  async write<T>(call: (again: TakeTurn) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const pace = this.#pace(signal);
    const stop = signal ?? new AbortController().signal;
    await pace.take(stop);
    try {
      return await call(() => pace.take(stop));
    } catch (error) {
      if (isEdgeFailure(error) && error.kind === 'rate-limited')
        pace.holdOff(error.details.retryAfterMs ?? MINUTE_MS * (1 + this.#parts.random() / 4));
      throw error;
    }
  }

  #pace(signal: AbortSignal | undefined): Pace {
    const { limit, clock, book, onWait } = this.#parts;
    const patienceMs = PATIENCE_MS[signal ? 'stoppable' : 'alone'];
    return new Pace({ limit, clock, book, calls: [], patienceMs, onWait });
  }
}
