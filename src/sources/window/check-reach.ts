import type { TenantId } from '../../domain/alert.ts';
import type { CheckLine } from '../../domain/check.ts';
import { isEdgeFailure } from '../../domain/failure.ts';
import { type Clock, type EpochMs, MINUTE_MS, sayDuration } from '../../domain/time.ts';

/** A clock that is wrong by more makes windows, waits and the ages of alerts wrong. */
const CLOCKS_APART_MS = 5 * MINUTE_MS;

/** Tries one small call and tells how it went; `call` answers when the service sent its answer, by its own clock. */
export async function checkReach(
  tenant: TenantId,
  clock: Clock,
  call: () => Promise<{ sentAt?: EpochMs }>,
): Promise<readonly CheckLine[]> {
  const subject = `tenant ${tenant}`;
  try {
    const { sentAt } = await call();
    const read: CheckLine = { subject, level: 'ok', says: 'the alerts can be read' };
    const apartMs = sentAt === undefined ? 0 : Math.abs(clock.now() - sentAt);
    if (apartMs < CLOCKS_APART_MS) return [read];
    const says = `this machine's clock and the service's are ${sayDuration(apartMs)} apart`;
    return [read, { subject, level: 'warning', says, mend: 'set this machine to network time' }];
  } catch (error) {
    if (!isEdgeFailure(error)) throw error;
    const { mend } = error.details;
    return [{ subject, level: 'error', says: error.message, ...(mend === undefined ? {} : { mend }) }];
  }
}
