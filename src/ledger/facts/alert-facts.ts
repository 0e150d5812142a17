import type { AlertId, DedupKey, Severity, TenantId } from '../../domain/alert.ts';
import type { AlertFacts } from '../../domain/facts.ts';
import { type IpFinding, NOT_NEEDED } from '../../domain/finding.ts';
import type { LedgerTables } from '../store/schema.ts';
import { type FactRow, toFacts } from './fact-rows.ts';
import type { Snapshot } from './writes/snapshot.ts';

export type SightingRow = Omit<LedgerTables['sightings'], 'recorded_at'>;

/** One alert as these rows tell of it: as it was first read, or as it was decided where it was. */
export function toAlertFacts(sighting: SightingRow, rows: readonly FactRow[]): AlertFacts {
  const {
    title = sighting.title,
    severity = sighting.severity as Severity,
    type = sighting.type,
    url = sighting.url,
    category,
    users = listIn(sighting.users),
    findings = NONE,
    addresses = listIn(sighting.addresses),
    rules = NONE,
  } = decided(rows);
  return {
    ...told(sighting),
    title,
    type,
    severity,
    url,
    ...(category === undefined ? {} : { category }),
    users,
    findings: [...findings, ...notAsked(addresses, findings)],
    rules,
    facts: toFacts(rows),
  };
}

function listIn(json: string | null): readonly string[] {
  return json === null ? NONE : JSON.parse(json);
}

/** Addresses that the alert names and nobody was asked about, as it was not to become an issue, or not yet. */
function notAsked(addresses: readonly string[], findings: readonly IpFinding[]): readonly IpFinding[] {
  const found = new Set(findings.map(({ address }) => address));
  return addresses
    .filter((address) => !found.has(address))
    .map((address) => ({ checked: false, address, why: NOT_NEEDED, unneeded: true }));
}

/** The same without what figures do not need, which costs a fraction. */
export function toCountedFacts(sighting: SightingRow, rows: readonly FactRow[]): AlertFacts {
  const { reread, newest } = deciding(rows);
  const severity = severityIn(newest) ?? severityIn(reread) ?? (sighting.severity as Severity);
  const { title, type, url } = sighting;
  return {
    ...told(sighting),
    title,
    type,
    severity,
    url,
    users: NONE,
    findings: NONE,
    rules: NONE,
    facts: toFacts(rows),
  };
}

const NONE: readonly never[] = [];

function told(sighting: SightingRow) {
  const { dedup_key, tenant, alert_id, created_at, seen_at, activity_at } = sighting;
  return {
    key: dedup_key as DedupKey,
    tenant: tenant as TenantId,
    alertId: alert_id as AlertId,
    ...(activity_at === null ? {} : { activityAt: activity_at }),
    createdAt: created_at,
    seenAt: seen_at,
  };
}

/** The newest decision, over the record that it was made on. */
function decided(rows: readonly FactRow[]): Snapshot {
  const { reread, newest } = deciding(rows);
  return reread ? { ...parsed(reread), ...parsed(newest) } : parsed(newest);
}

function deciding(rows: readonly FactRow[]): { reread?: FactRow; newest?: FactRow } {
  let reread: FactRow | undefined;
  let newest: FactRow | undefined;
  for (const row of rows) {
    if (row.snapshot === null) continue;
    if (row.fact === 're-read') {
      if (!reread || row.recorded_at > reread.recorded_at) reread = row;
    } else if (!newest || row.recorded_at > newest.recorded_at) newest = row;
  }
  return { ...(reread ? { reread } : {}), ...(newest ? { newest } : {}) };
}

function parsed(row: FactRow | undefined): Snapshot {
  return row?.snapshot ? JSON.parse(row.snapshot) : {};
}

/** In JSON a quotation mark within a text is escaped, so that no text can say this; of all parts one alone is so named. */
const SEVERITY = /[{,]"severity":"(high|medium|low|informational)"/;

function severityIn(row: FactRow | undefined): Severity | undefined {
  return row?.snapshot ? (SEVERITY.exec(row.snapshot)?.[1] as Severity | undefined) : undefined;
}
