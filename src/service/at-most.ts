import type { Clock } from '../domain/time.ts';

/** Waits for the work, but no longer than this; what is left of it then ends by itself. */
export async function atMost(ms: number, work: Promise<unknown>, clock: Clock): Promise<void> {
  const over = new AbortController();
  await Promise.race([work, clock.sleep(ms, over.signal)]);
  over.abort();
}
