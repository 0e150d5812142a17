import type { TenantId } from '../../domain/alert.ts';
import type { AuditReport, SweepSummary, Upkeep } from '../../domain/audit.ts';
import type { SiteId } from '../../domain/ticket.ts';
import { DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS } from '../../domain/time.ts';
import type { PassParts } from '../../pipeline/pass-parts.ts';
import { audit } from './audit.ts';
import { sweep } from './sweep.ts';

/**
 * The duplicate scan of a site is due hourly, the reconciliation of a tenant daily, whoever did the last one: the ledger
 * knows when that was. Each is due a little early, so that a clock that is a little fast does not leave out a round.
 */
const SCAN_MS = HOUR_MS - 10 * MINUTE_MS;
const RECONCILIATION_MS = DAY_MS - HOUR_MS / 2;

export interface WhenDueOptions {
  tenants: readonly TenantId[];
  signal: AbortSignal;
  /** Whether what was never done is due at once, or once the ledger has had alerts of the tenant for an hour. */
  first: 'at once' | 'after an hour';
}

/** Scans for duplicates those sites of the tenants that are due; `undefined` when none is. */
export async function scanWhenDue(parts: PassParts, options: WhenDueOptions): Promise<SweepSummary | undefined> {
  const { ledger, clock } = parts;
  const scanned = new Map((await ledger.twins.swept()).map(({ site, at }) => [site, at]));
  const bySite = Map.groupBy(options.tenants, (tenant) => parts.tenants.get(tenant)?.policy.ticket.site as SiteId);
  const due = new Set<SiteId>();
  for (const [site, tenants] of bySite) {
    const last = scanned.get(site);
    if (last === undefined ? await anyBegins(parts, tenants, options) : isOver(clock.now(), last, SCAN_MS))
      due.add(site);
  }
  if (due.size === 0) return undefined;
  const sites = new Map([...parts.sites].filter(([site]) => due.has(site)));
  return sweep({ ...parts, sites }, options);
}

/** Reconciles those of the tenants that are due. */
export async function reconcileWhenDue(parts: PassParts, options: WhenDueOptions): Promise<readonly AuditReport[]> {
  const latest = new Map((await parts.ledger.audits.latest()).map(({ tenant, at }) => [tenant, at]));
  const due: TenantId[] = [];
  for (const tenant of options.tenants) {
    const last = latest.get(tenant);
    const isDue =
      last === undefined
        ? await anyBegins(parts, [tenant], options)
        : isOver(parts.clock.now(), last, RECONCILIATION_MS);
    if (isDue) due.push(tenant);
  }
  return due.length > 0 ? audit(parts, { tenants: due, signal: options.signal }) : [];
}

/** Both, for a pass by itself; empty when nothing is due. */
export async function upkeepWhenDue(parts: PassParts, options: WhenDueOptions): Promise<Upkeep> {
  const scan = await scanWhenDue(parts, options);
  const reconciliation = options.signal.aborted ? [] : await reconcileWhenDue(parts, options);
  return { ...(scan ? { scan } : {}), ...(reconciliation.length > 0 ? { reconciliation } : {}) };
}

/** A last time in the future is from before the clock was set back. */
function isOver(now: EpochMs, last: EpochMs, everyMs: number): boolean {
  return last > now || now - last >= everyMs;
}

async function anyBegins({ ledger, clock }: PassParts, tenants: readonly TenantId[], { first }: WhenDueOptions) {
  if (first === 'at once') return true;
  for (const tenant of tenants) {
    const { firstSeenAt, readAt } = await ledger.audits.readingOf(tenant);
    if (readAt !== undefined && firstSeenAt !== undefined && clock.now() - firstSeenAt >= HOUR_MS) return true;
  }
  return false;
}
