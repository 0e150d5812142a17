import type { Kysely } from 'kysely';
import type { DedupKey } from '../domain/alert.ts';
import type { AlertLine } from '../domain/outcome.ts';
import type { SiteId } from '../domain/ticket.ts';
import type { ToldAlert } from './in-step/news-port.ts';
import { fromStoredAlert } from './reading.ts';
import type { LedgerTables } from './store/schema.ts';

/** Keys in one statement, far below what either database allows. */
const KEYS_AT_ONCE = 500;

/** The alerts of these keys that are in an issue, as they were told there. */
export async function toldAlerts(
  db: Kysely<LedgerTables>,
  keys: readonly DedupKey[],
): Promise<ReadonlyMap<DedupKey, ToldAlert>> {
  const told = new Map<DedupKey, ToldAlert>();
  for (let from = 0; from < keys.length; from += KEYS_AT_ONCE) {
    const rows = await readRows(db, keys.slice(from, from + KEYS_AT_ONCE));
    for (const row of rows) {
      const line: Partial<AlertLine> = row.json === null ? {} : JSON.parse(row.json);
      const given = row.given ?? line.priority;
      told.set(row.dedup_key as DedupKey, {
        key: row.dedup_key as DedupKey,
        alert: fromStoredAlert(row.alert ?? '{}', row.raw),
        attached: row.state === 'attached',
        // What was found without being raised here has no line.
        line: { findings: [], notes: [], users: [], ...line } as ToldAlert['line'],
        seenAt: row.seen_at,
        route: {
          site: row.site as SiteId,
          project: row.project ?? row.group_project ?? row.ticket_key.replace(/-\d+$/, ''),
          issueType: row.issue_type ?? line.issueType ?? '',
        },
        ticket: { id: row.ticket_id, key: row.ticket_key, url: row.ticket_url },
        ...(given === undefined ? {} : { given }),
      });
    }
  }
  return told;
}

function readRows(db: Kysely<LedgerTables>, keys: readonly string[]) {
  return db
    .selectFrom('alerts')
    .innerJoin('records', 'records.dedup_key', 'alerts.dedup_key')
    .innerJoin('links', 'links.dedup_key', 'alerts.dedup_key')
    .leftJoin('proposals', 'proposals.dedup_key', 'alerts.dedup_key')
    .leftJoin('members', 'members.dedup_key', 'alerts.dedup_key')
    .leftJoin('groups as own', 'own.id', 'alerts.dedup_key')
    .leftJoin('groups as joined', 'joined.id', 'members.group_id')
    .select([
      'alerts.dedup_key',
      'alerts.state',
      'alerts.seen_at',
      'alerts.project',
      'alerts.issue_type',
      'records.alert',
      'records.raw',
      'proposals.json',
      'links.site',
      'links.ticket_id',
      'links.ticket_key',
      'links.ticket_url',
      'own.given',
      'joined.project as group_project',
    ])
    .where('alerts.dedup_key', 'in', [...keys])
    .where('alerts.state', 'in', ['raised', 'attached'])
    .where('records.alert', 'is not', null)
    .execute();
}
