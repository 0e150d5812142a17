import { type Clock, SECOND_MS } from '../domain/time.ts';

/** After a stop was asked for, calls in flight get this long to be answered. */
const LAST_ANSWERS_MS = 5 * SECOND_MS;

/**
 * Waits for the work, but not for long once a stop was asked for. What is still under way then fails as the ledger
 * closes, and counts as a lost answer: the next start looks for it.
 */
export async function untilLastAnswers(work: Promise<unknown>, clock: Clock, signal: AbortSignal): Promise<void> {
  work.catch(() => {});
  await Promise.race([work, stopped(clock, signal)]);
}

/** Resolves some seconds after a stop was asked for; never when none is. */
function stopped(clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wait = () => void clock.sleep(LAST_ANSWERS_MS).then(resolve);
    if (signal.aborted) wait();
    else signal.addEventListener('abort', wait, { once: true });
  });
}
