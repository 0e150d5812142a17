import { type EpochMs, SECOND_MS } from '../domain/time.ts';
import { Bell } from './bell.ts';
import { drain } from './drain.ts';
import { examineOnce } from './examine.ts';
import { findLost } from './find-lost.ts';
import { finishGroups } from './groups/finish-groups.ts';
import type { TenantPass } from './pass-parts.ts';

/** What is due is taken up again after this long at the soonest: a due time in the past must not become a busy loop. */
const SHORTEST_WAIT_MS = SECOND_MS;

/**
 * Takes up all of a tenant that is due now, wherever it came from, and answers when the next of it comes due:
 * alerts just read, lost answers to be looked for, throttled or held alerts whose time has come, comments of groups.
 * `undefined` when nothing waits. It reads nothing from the source.
 */
export async function tend(pass: TenantPass): Promise<EpochMs | undefined> {
  const { parts, tenant, own, site } = pass;
  const { clock, ledger } = parts;
  await ledger.inbox.release({ tenant, now: clock.now(), policy: own.fingerprint });
  await findLost(pass);
  await drain(pass, { bell: new Bell(), ended: true }, examineOnce(pass));
  await findLost(pass);
  await finishGroups(pass);
  const { count, nextDue = 0, nextRetry } = await ledger.overview.waiting(tenant, 0);
  const now = clock.now();
  const due = [...(count > 0 ? [nextDue] : []), ...(nextRetry === undefined ? [] : [nextRetry])];
  if (due.length === 0) return undefined;
  return Math.max(Math.min(...due), site.health.pausedAt(now)?.until ?? 0, now + SHORTEST_WAIT_MS);
}
