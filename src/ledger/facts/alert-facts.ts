import type { AlertId, DedupKey, Severity, TenantId } from '../../domain/alert.ts';
import type { AlertFacts } from '../../domain/facts.ts';
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
    users = [],
    findings = [],
    rules = [],
  } = decided(rows);
  return {
    key: sighting.dedup_key as DedupKey,
    tenant: sighting.tenant as TenantId,
    alertId: sighting.alert_id as AlertId,
    title,
    type,
    severity,
    ...(sighting.activity_at === null ? {} : { activityAt: sighting.activity_at }),
    createdAt: sighting.created_at,
    seenAt: sighting.seen_at,
    url,
    ...(category === undefined ? {} : { category }),
    users,
    findings,
    rules,
    facts: toFacts(rows),
  };
}

/** The newest decision, over the record that it was made on. */
function decided(rows: readonly FactRow[]): Snapshot {
  let reread: FactRow | undefined;
  let newest: FactRow | undefined;
  for (const row of rows) {
    if (row.snapshot === null) continue;
    if (row.fact === 're-read') {
      if (!reread || row.recorded_at > reread.recorded_at) reread = row;
    } else if (!newest || row.recorded_at > newest.recorded_at) newest = row;
  }
  return { ...parsed(reread), ...parsed(newest) };
}

function parsed(row: FactRow | undefined): Snapshot {
  return row?.snapshot ? JSON.parse(row.snapshot) : {};
}
