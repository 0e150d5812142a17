import { sayDuration } from '../domain/time.ts';
import type { WaitingAlerts } from '../ledger/ledger.ts';
import type { TenantPass } from './pass-parts.ts';
import { lineOf, type ProposedLine, withOutcome } from './propose.ts';

/** Most alerts a tenant's share of the summary names as waiting; all are counted. */
const MOST_NAMED = 50;

/** Names what a pass leaves waiting, and returns how much is left, held alerts included. */
export async function tellWaiting(pass: TenantPass): Promise<{ waiting: number; heldInAll: number }> {
  const { parts, tenant } = pass;
  const { count, held, first } = await parts.ledger.overview.waiting(tenant, MOST_NAMED);
  for (const waiting of first) {
    const line: ProposedLine = waiting.proposal ? JSON.parse(waiting.proposal) : lineOf(waiting.alert, [], '');
    parts.progress({ event: 'settled', line: withOutcome(line, 'waiting', { why: sayWhy(pass, waiting) }) });
  }
  return { waiting: count, heldInAll: held };
}

function sayWhy({ parts, site }: TenantPass, waiting: WaitingAlerts['first'][number]): string {
  const { state, why, sentAt, leasedBy, leasedUntil = 0 } = waiting;
  if (state === 'attaching') return why || 'it waits for the issue of its group';
  if (state !== 'pending') {
    const left = Math.max(0, (sentAt ?? 0) + site.reconcileWindowMs - parts.clock.now());
    const lost = why || 'no answer yet';
    return `its create was sent and the answer was lost (${lost}); it is looked for, and sent again if not found within ${sayDuration(left)}`;
  }
  if (leasedBy !== undefined && leasedBy !== parts.owner && leasedUntil > parts.clock.now())
    return 'another run has it in hand';
  return why || site.health.trouble?.why || 'not reached in this pass';
}
