import { isEdgeFailure } from '../../domain/failure.ts';
import { MINUTE_MS, SECOND_MS } from '../../domain/time.ts';
import type { Pace } from './pace.ts';

export interface Patience {
  pace: Pace;
  /** A number in [0, 1), for jitter. */
  random: () => number;
  signal: AbortSignal;
}

/**
 * Sends one reading call as the pace allows: a throttled service is waited for, a read that failed is tried once more.
 * @throws EdgeFailure of the call when the patience is at its end.
 */
export async function callPatiently<T>(call: () => Promise<T>, { pace, random, signal }: Patience): Promise<T> {
  let mayRetry = true;
  for (let throttled = 0; ; ) {
    await pace.take(signal);
    try {
      return await call();
    } catch (error) {
      if (!isEdgeFailure(error) || signal.aborted) throw error;
      if (error.kind === 'rate-limited') {
        const waitMs = error.details.retryAfterMs ?? backOff(throttled++, random);
        pace.holdOff(waitMs);
        if (!(await pace.pause(waitMs, signal))) throw error;
      } else if (error.kind === 'unavailable' && mayRetry) {
        mayRetry = false;
        if (!(await pace.pause(300 + 400 * random(), signal))) throw error;
      } else throw error;
    }
  }
}

/** How long to wait for a service that does not say: ten seconds and some, doubled each time, five minutes at most. */
function backOff(before: number, random: () => number): number {
  return Math.min(10 * SECOND_MS * 2 ** before * (1 + random() / 4), 5 * MINUTE_MS);
}
