import type { Kysely } from 'kysely';
import type { Alert, TenantId } from '../../domain/alert.ts';
import type { AuditReport } from '../../domain/audit.ts';
import type { Happening } from '../../domain/facts.ts';
import type { LedgerTables } from '../store/schema.ts';
import { toDetail } from './fact-rows.ts';
import { sightingOf, unreadableSighting } from './writes/sightings.ts';
import { snapshotOf } from './writes/snapshot.ts';
import { insertRows } from './writes/store-facts.ts';

/** Alerts in one go. */
const AT_ONCE = 500;

/**
 * Gives an older store's alerts the facts that follow from how they stand: when each was first read and settled, and
 * when its pair last agreed. Doing it twice, or in two processes at once, changes nothing.
 */
export async function backfillFacts(db: Kysely<LedgerTables>): Promise<void> {
  for (let after: string | undefined = ''; after !== undefined; ) after = await backfillSome(db, after);
  const audits = await db.selectFrom('audits').selectAll().execute();
  for (const { tenant, at, report } of audits) {
    const { from, to }: AuditReport = JSON.parse(report);
    await db
      .insertInto('recounts')
      .values({ tenant, at, recorded_at: at, from_at: from, to_at: to, report })
      .onConflict((conflict) => conflict.columns(['tenant', 'at']).doNothing())
      .execute();
  }
}

/** The key to go on after; absent when all is done. */
async function backfillSome(db: Kysely<LedgerTables>, after: string): Promise<string | undefined> {
  const rows = await readSome(db, after);
  if (rows.length === 0) return undefined;
  const keys = rows.map(({ dedup_key }) => dedup_key);
  const attempts = await db
    .selectFrom('attempts')
    .select(['dedup_key', 'outcome_at', 'detail'])
    .where('dedup_key', 'in', keys)
    .where('outcome', '=', 'refused')
    .where('outcome_at', 'is not', null)
    .execute();
  const store = async (tx: Kysely<LedgerTables>) => {
    const stored = await tx
      .insertInto('sightings')
      .values(rows.map((row) => ({ ...toSighting(row), recorded_at: row.seen_at })))
      .onConflict((conflict) => conflict.column('dedup_key').doNothing())
      .returning('dedup_key')
      .execute();
    // What another process was quicker with has facts of its own by now.
    const mine = new Set(stored.map(({ dedup_key }) => dedup_key));
    const refusals = attempts.map(({ dedup_key, outcome_at, detail }) => ({
      key: dedup_key,
      at: outcome_at ?? 0,
      happening: { fact: 'held', reason: 'refused', why: detail ?? '' } as const,
    }));
    const facts = [...refusals, ...rows.flatMap(toHappenings)];
    await insertRows(tx, facts.filter(({ key }) => mine.has(key)).map(toRow));
    for (const row of rows)
      if (mine.has(row.dedup_key) && (row.agreed_issue === 'done' || row.agreed_issue === 'gone'))
        await tx
          .updateTable('links')
          .set({ done_recorded_at: row.agreed_at })
          .where('dedup_key', '=', row.dedup_key)
          .execute();
  };
  // Postgres brings a store up in one transaction.
  await (db.isTransaction ? store(db) : db.transaction().execute(store));
  return keys.at(-1);
}

function readSome(db: Kysely<LedgerTables>, after: string) {
  return db
    .selectFrom('alerts')
    .leftJoin('sightings', 'sightings.dedup_key', 'alerts.dedup_key')
    .leftJoin('records', 'records.dedup_key', 'alerts.dedup_key')
    .leftJoin('proposals', 'proposals.dedup_key', 'alerts.dedup_key')
    .leftJoin('links', 'links.dedup_key', 'alerts.dedup_key')
    .select([
      'alerts.dedup_key',
      'alerts.tenant',
      'alerts.alert_id',
      'alerts.created_at',
      'alerts.seen_at',
      'alerts.severity',
      'alerts.title',
      'alerts.state',
      'alerts.reason',
      'alerts.why',
      'alerts.settled_at',
      'alerts.project',
      'records.alert',
      'proposals.json',
      'links.site',
      'links.ticket_id',
      'links.ticket_key',
      'links.ticket_url',
      'links.linked_at',
      'links.agreed_alert',
      'links.agreed_verdict',
      'links.agreed_issue',
      'links.agreed_at',
    ])
    .where('sightings.dedup_key', 'is', null)
    .where('alerts.dedup_key', '>', after)
    .orderBy('alerts.dedup_key')
    .limit(AT_ONCE)
    .execute();
}

type Row = Awaited<ReturnType<typeof readSome>>[number];

function toSighting(row: Row) {
  const { tenant, alert_id: id, created_at, seen_at, severity, title } = row;
  const alert: Alert | undefined = row.alert === null ? undefined : JSON.parse(row.alert);
  const known = alert
    ? sightingOf(alert, seen_at)
    : unreadableSighting(tenant as TenantId, { id, createdAt: created_at, why: '', raw: '' }, seen_at);
  // A record that an older version stored may be without a part.
  const { type = title, url = '' }: Partial<typeof known> = known;
  return { ...known, type, url, dedup_key: row.dedup_key, tenant, alert_id: id, created_at, severity, title };
}

interface Backfilled {
  key: string;
  at: number;
  happening: Happening;
  turn?: number;
  snapshot?: string | null;
}

function toHappenings(row: Row): Backfilled[] {
  const { dedup_key: key, state, why: words, reason, settled_at, linked_at, agreed_at } = row;
  const line = row.json === null ? {} : JSON.parse(row.json);
  const snapshot = snapshotOf(line);
  const why = words ?? '';
  const found: Backfilled[] = [];
  if (state === 'suppressed') {
    const rule = line.rules?.suppressedBy;
    const happening = { fact: 'suppressed', why, ...(rule === undefined ? {} : { rule }) } as const;
    found.push({ key, at: settled_at ?? row.seen_at, happening, snapshot });
  }
  if (state === 'held') {
    const happening: Happening =
      reason === 'dropped'
        ? { fact: 'dropped', why }
        : { fact: 'held', reason: (reason ?? 'refused') as 'refused', why };
    found.push({ key, at: settled_at ?? row.seen_at, happening, snapshot });
  }
  if (linked_at !== null) found.push({ key, at: linked_at, happening: toRaised(row, line), snapshot });
  if (agreed_at === null) return found;
  const agreed = (happening: Happening) => found.push({ key, at: agreed_at, happening, turn: 1 });
  if (row.agreed_alert === 'closed')
    agreed({ fact: 'closed', verdict: (row.agreed_verdict ?? 'unspecified') as 'unspecified' });
  if (row.agreed_issue === 'done') agreed({ fact: 'resolved' });
  if (row.agreed_issue === 'gone') agreed({ fact: 'issue-gone' });
  return found;
}

function toRaised(row: Row, line: { project?: string; priority?: string }): Happening {
  const project = row.project ?? line.project;
  return {
    fact: row.state === 'attached' ? 'attached' : 'raised',
    ticket: { id: row.ticket_id ?? '', key: row.ticket_key ?? '', url: row.ticket_url ?? '' },
    site: (row.site ?? '') as Extract<Happening, { fact: 'raised' }>['site'],
    ...(project === undefined ? {} : { project }),
    ...(line.priority === undefined ? {} : { priority: line.priority }),
  };
}

function toRow({ key, at, happening, turn = 0, snapshot = null }: Backfilled): LedgerTables['facts'] {
  return {
    dedup_key: key,
    tenant: key.slice(0, key.indexOf('/')),
    fact: happening.fact,
    turn,
    at,
    recorded_at: at,
    detail: toDetail({ ...happening, at, recordedAt: at }),
    snapshot,
  };
}
