import type { TenantId } from '../../domain/alert.ts';
import type { EpochMs } from '../../domain/time.ts';
import type { Delivery } from '../../ledger/deliveries/deliveries-port.ts';
import type { Period, PeriodKind } from '../../reports/periods/period.ts';
import { before, periodAt } from '../../reports/periods/periods.ts';

/** After a long pause of the service, so many of each kind are made up for; older ones are made by hand. */
const MOST_MADE_UP: Readonly<Record<PeriodKind, number>> = { daily: 14, weekly: 8, monthly: 12 };

/** The periods of a kind that ended since `since` and by `now`, oldest first. */
export function endedSince(kind: PeriodKind, { zone, since, now }: { zone: string; since: EpochMs; now: EpochMs }) {
  const current = periodAt(kind, zone, now);
  const ended: Period[] = [];
  for (let n = 1; n <= MOST_MADE_UP[kind]; n++) {
    const period = before(current, n);
    if (period.from < since) break;
    ended.unshift(period);
  }
  return ended;
}

/** What is to be delivered of a period: each tenant's report, that of all where there are several, and one mail. */
export function deliveriesOf(period: Period, tenants: readonly TenantId[], mailed: boolean): Delivery[] {
  const { kind, from, to } = period;
  const scopes: Delivery['scope'][] = tenants.length > 1 ? [...tenants, 'all'] : [...tenants];
  const files = scopes.map((scope): Delivery => ({ scope, kind, from, to, channel: 'folder' }));
  return mailed ? [...files, { scope: 'all', kind, from, to, channel: 'mail' }] : files;
}
