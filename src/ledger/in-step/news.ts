import { randomBytes } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import type { DedupKey, TenantId } from '../../domain/alert.ts';
import type { Owner } from '../ledger.ts';
import { storeProposals } from '../proposals.ts';
import { fromStoredAlert, storeRecord, toStoredAlert } from '../reading.ts';
import type { LedgerTables } from '../store/schema.ts';
import { toldAlerts } from '../told-alerts.ts';
import type { FoundNews, News, OpenNews } from './news-port.ts';
import { storeNotes } from './notes.ts';

type Due = Parameters<News['due']>[0];
type Sending = Parameters<News['sending']>[0];
type End = Parameters<News['end']>[0];

export function sqlNews(db: Kysely<LedgerTables>): News {
  return {
    told: (keys) => toldAlerts(db, keys),

    async found(entries, now) {
      if (entries.length === 0) return;
      await db.transaction().execute(async (tx) => {
        for (const entry of entries) await storeFound(tx, entry, now);
      });
    },

    async due(ask) {
      // A read leaves the store's one lock alone, and most of the time there is nothing.
      const open = await db
        .selectFrom('news')
        .select('id')
        .where('tenant', '=', ask.tenant)
        .where('state', '=', 'open')
        .limit(1)
        .executeTakeFirst();
      return open ? db.transaction().execute((tx) => takeDue(tx, ask)) : [];
    },

    sending: (entry) => db.transaction().execute((tx) => sending(tx, entry)),

    async answered({ id, sentAt, now, fields }) {
      await db
        .updateTable('issue_edits')
        .set({ answered_at: now, fields: JSON.stringify(fields) })
        .where('news', '=', id)
        .where('sent_at', '=', sentAt)
        .execute();
    },

    end: (entry) => db.transaction().execute((tx) => end(tx, entry)),
  };
}

async function storeFound(tx: Transaction<LedgerTables>, entry: FoundNews, now: number): Promise<void> {
  const { key, tenant, kind, words, now: alert, findings } = entry;
  const columns = {
    words,
    alert: alert ? toStoredAlert(alert) : null,
    raw: alert?.raw ?? null,
    findings: findings ? JSON.stringify(findings) : null,
  };
  const replaced = await tx
    .updateTable('news')
    .set({ ...columns, not_before: null })
    .where('dedup_key', '=', key)
    .where('kind', '=', kind)
    .where('state', '=', 'open')
    .executeTakeFirst();
  if (replaced.numUpdatedRows === 0n)
    await tx
      .insertInto('news')
      .values({
        id: randomBytes(16).toString('hex'),
        dedup_key: key,
        tenant,
        kind,
        state: 'open',
        found_at: now,
        ...columns,
      })
      .execute();
  if (kind === 'looked-up') await tx.deleteFrom('waiting_look_ups').where('dedup_key', '=', key).execute();
}

async function takeDue(tx: Transaction<LedgerTables>, { tenant, owner, now, until, most }: Due): Promise<OpenNews[]> {
  const rows = await tx
    .updateTable('news')
    .set({ owner, lease_until: until })
    .where('id', 'in', (select) =>
      select
        .selectFrom('news')
        .select('id')
        .where('tenant', '=', tenant)
        .where('state', '=', 'open')
        .where((where) => where.or([where('not_before', 'is', null), where('not_before', '<=', now)]))
        .where((where) => where.or([where('lease_until', 'is', null), where('lease_until', '<=', now)]))
        .orderBy('found_at')
        .orderBy('id')
        .limit(most),
    )
    .returning(['id', 'dedup_key', 'kind', 'words', 'found_at', 'alert', 'raw', 'findings'])
    .execute();
  const told = await toldAlerts(
    tx,
    rows.map(({ dedup_key }) => dedup_key as DedupKey),
  );
  return rows
    .sort((a, b) => a.found_at - b.found_at || (a.id < b.id ? -1 : 1))
    .flatMap((row): OpenNews[] => {
      const key = row.dedup_key as DedupKey;
      const known = told.get(key);
      if (!known) return [];
      return [
        {
          id: row.id,
          key,
          tenant: tenant as TenantId,
          kind: row.kind,
          words: row.words,
          told: known,
          ...(row.alert === null ? {} : { now: fromStoredAlert(row.alert, row.raw ?? '') }),
          ...(row.findings === null ? {} : { findings: JSON.parse(row.findings) }),
        },
      ];
    });
}

async function sending(tx: Transaction<LedgerTables>, entry: Sending) {
  const { id, owner, site, ticketId, findings, now } = entry;
  const mine = await tx
    .updateTable('news')
    .set({ findings: JSON.stringify(findings) })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .where('owner', '=', owner)
    .where('lease_until', '>', now)
    .executeTakeFirst();
  if (mine.numUpdatedRows === 0n) return undefined;
  await tx
    .insertInto('issue_edits')
    .values({ news: id, site, ticket_id: ticketId, sent_at: now })
    .onConflict((conflict) => conflict.columns(['news', 'sent_at']).doUpdateSet({ answered_at: null, fields: null }))
    .execute();
  const rows = await tx
    .selectFrom('issue_edits')
    .selectAll()
    .where('site', '=', site)
    .where('ticket_id', '=', ticketId)
    .execute();
  return rows.map((row) => ({
    sentAt: row.sent_at,
    ...(row.answered_at === null ? {} : { answeredAt: row.answered_at }),
    ...(row.fields === null ? {} : { fields: JSON.parse(row.fields) as string[] }),
  }));
}

async function end(tx: Transaction<LedgerTables>, entry: End): Promise<void> {
  const { id, owner, now } = entry;
  const mine = tx.updateTable('news').where('id', '=', id).where('state', '=', 'open').where('owner', '=', owner);
  const free = { owner: null as Owner | null, lease_until: null };
  if (entry.outcome === 'waits') {
    await mine.set({ ...free, not_before: entry.notBefore, why: entry.why }).execute();
    return;
  }
  const { outcome, says, key, alert, line, given, notes } = entry;
  const ended = await mine
    .set({
      ...free,
      state: 'ended',
      ended_at: now,
      outcome,
      says,
      alert: null,
      raw: null,
      findings: null,
      not_before: null,
      why: null,
    })
    .executeTakeFirst();
  if (ended.numUpdatedRows === 0n) return;
  if (alert) {
    await storeRecord(tx, key, alert);
    const { severity, title } = alert;
    await tx.updateTable('alerts').set({ severity, title }).where('dedup_key', '=', key).execute();
  }
  if (line !== undefined) await storeProposals(tx, [{ dedup_key: key, json: line }]);
  if (given !== undefined) await tx.updateTable('groups').set({ given }).where('id', '=', key).execute();
  await storeNotes(tx, notes);
}
