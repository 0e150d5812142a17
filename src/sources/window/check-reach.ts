import type { TenantId } from '../../domain/alert.ts';
import type { CheckLine } from '../../domain/check.ts';
import { isEdgeFailure } from '../../domain/failure.ts';
import { type Clock, type EpochMs, MINUTE_MS, sayDuration } from '../../domain/time.ts';
import type { Authoriser } from '../authoriser.ts';

/** A clock that is wrong by more makes windows, waits and the ages of alerts wrong. */
const CLOCKS_APART_MS = 5 * MINUTE_MS;

export interface ReachParts {
  clock: Clock;
  /** Checked before the call. */
  authoriser: Authoriser;
  /** One small call; answers when the service sent its answer, by its own clock. */
  call(): Promise<{ sentAt?: EpochMs }>;
}

/** Tries the sign-in and one small call, and tells how it went. */
export async function checkReach(
  tenant: TenantId,
  { clock, authoriser, call }: ReachParts,
): Promise<readonly CheckLine[]> {
  const subject = `tenant ${tenant}`;
  const signedIn = await authoriser.check(subject);
  if (signedIn.some(({ level }) => level === 'error')) return signedIn;
  try {
    const { sentAt } = await call();
    const lines: CheckLine[] = [...signedIn, { subject, level: 'ok', says: 'the alerts can be read' }];
    const apartMs = sentAt === undefined ? 0 : Math.abs(clock.now() - sentAt);
    if (apartMs < CLOCKS_APART_MS) return lines;
    const says = `this machine's clock and the service's are ${sayDuration(apartMs)} apart`;
    return [...lines, { subject, level: 'warning', says, mend: 'set this machine to network time' }];
  } catch (error) {
    if (!isEdgeFailure(error)) throw error;
    const { mend } = error.details;
    return [...signedIn, { subject, level: 'error', says: error.message, ...(mend === undefined ? {} : { mend }) }];
  }
}
