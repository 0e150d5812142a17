import type { TenantId } from '../../domain/alert.ts';
import type { AuditReport } from '../../domain/audit.ts';
import { isEdgeFailure } from '../../domain/failure.ts';
import { DAY_MS, type EpochMs, HOUR_MS } from '../../domain/time.ts';
import { inParallel } from '../../pipeline/in-parallel.ts';
import type { PassParts, TenantParts } from '../../pipeline/pass-parts.ts';
import { admitMissing } from './admit-missing.ts';
import { Differences } from './differences.ts';
import { recountIssues, UnknownIssues } from './recount-issues.ts';
import { recountSource } from './recount-source.ts';

/**
 * The recount: a tenant's source is read from scratch over the last days and compared with the ledger, and the ledger
 * with the issues of its pairs. It goes ways that the daily work does not go, so that what that lost is found. Missing
 * alerts are admitted, and told; everything else is only told.
 */

const SPAN_MS = 7 * DAY_MS;

/** Younger alerts may be on their way from the source, and younger issues to the ledger. */
const SETTLE_MS = HOUR_MS;

/** Without an end state for so long an alert is stuck. */
const STUCK_MS = DAY_MS;

const ROWS_A_PAGE = 1_000;

const TENANTS_AT_ONCE = 8;

/** One tenant's recount while it runs. */
export interface TenantAudit {
  parts: PassParts;
  tenant: TenantId;
  own: TenantParts;
  /** Alerts created in [`from`, `to`) are counted. */
  from: EpochMs;
  to: EpochMs;
  found: Differences;
  failures: string[];
  signal: AbortSignal;
}

export interface AuditOptions {
  tenants: readonly TenantId[];
  signal: AbortSignal;
}

/** Recounts these tenants; what each recount found is stored, told as an event and returned. */
export async function audit(parts: PassParts, { tenants, signal }: AuditOptions): Promise<readonly AuditReport[]> {
  const reports: AuditReport[] = [];
  const unknown = new UnknownIssues(parts, parts.clock.now() - SPAN_MS);
  await inParallel(tenants, TENANTS_AT_ONCE, async (tenant) => {
    if (signal.aborted) return;
    parts.progress({ event: 'audit-started', tenant });
    const report = await auditTenant(parts, tenant, { unknown, signal });
    if (!report) return;
    await parts.ledger.audits.record(report);
    parts.progress({ event: 'audited', report });
    reports.push(report);
  });
  return reports;
}

/** `undefined` when it was stopped before its end. */
async function auditTenant(
  parts: PassParts,
  tenant: TenantId,
  { unknown, signal }: { unknown: UnknownIssues; signal: AbortSignal },
): Promise<AuditReport | undefined> {
  const at = parts.clock.now();
  const own = parts.tenants.get(tenant) as TenantParts;
  const { firstSeenAt = at, readAt = 0 } = await parts.ledger.audits.readingOf(tenant);
  // The first pass reached back so far and no further; what came after the last one is not late yet.
  const from = Math.max(at - SPAN_MS, firstSeenAt - own.lookbackMs);
  const to = Math.max(from, Math.min(at, readAt) - SETTLE_MS);
  const found = new Differences();
  const recount: TenantAudit = { parts, tenant, own, from, to, found, failures: [], signal };
  const counts = readAt > 0 && from < to;
  const source = counts ? await attempt(recount, 'its source', () => recountSource(recount)) : undefined;
  if (readAt === 0) recount.failures.push('its source was never read to the end');
  const admitted = source ? await admitMissing(recount, source) : 0;
  const ledger = await recountLedger(recount, source?.shown);
  const issues = await attempt(recount, 'its issues', () => recountIssues(recount, unknown));
  if (signal.aborted) return undefined;
  return {
    tenant,
    at,
    from,
    to,
    source: source?.count ?? 0,
    ledger,
    issues: issues ?? 0,
    admitted,
    differences: found.list(),
    failures: recount.failures,
  };
}

async function attempt<T>({ failures }: TenantAudit, what: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!isEdgeFailure(error)) throw error;
    failures.push(`${what} could not be recounted: ${error.message}`);
    return undefined;
  }
}

/** Counts the ledger's alerts of the span; `shown`: those that the source shows, absent where it could not be read. */
async function recountLedger(recount: TenantAudit, shown: ReadonlySet<string> | undefined): Promise<number> {
  const { parts, tenant, from, to, found } = recount;
  const stuckSince = parts.clock.now() - STUCK_MS;
  let count = 0;
  for (let after = {}; ; ) {
    const rows = await parts.ledger.audits.counted({ tenant, from, to, most: ROWS_A_PAGE, ...after });
    count += rows.length;
    for (const { key, settled, seenAt, linkLacks } of rows) {
      if (shown && !shown.has(key)) found.add('not-at-source', key);
      if (!settled && seenAt < stuckSince) found.add('stuck', key);
      if (linkLacks) found.add('link-lacks', key);
    }
    const last = rows.at(-1);
    if (!last || rows.length < ROWS_A_PAGE) return count;
    after = { after: last.key };
  }
}
