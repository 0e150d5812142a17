import type { Kysely } from 'kysely';
import type { DedupKey } from '../../domain/alert.ts';
import type { AuditReport } from '../../domain/audit.ts';
import type { SiteId } from '../../domain/ticket.ts';
import { recordingTime } from '../facts/writes/store-facts.ts';
import type { LedgerTables } from '../store/schema.ts';
import type { Audits, Twins } from './audits-port.ts';

const END_STATES: readonly string[] = ['raised', 'attached', 'suppressed', 'held'];
const LINKED_STATES: readonly string[] = ['raised', 'attached'];

export function sqlTwins(db: Kysely<LedgerTables>): Twins {
  return {
    async evidence(site, key, ticketIds) {
      const row = await db
        .selectFrom('alerts')
        .leftJoin('links', (join) => join.onRef('links.dedup_key', '=', 'alerts.dedup_key').on('links.site', '=', site))
        .select((select) => [
          'links.ticket_id',
          select
            .selectFrom('attempts')
            .select((count) => count.fn.countAll<number>().as('n'))
            .whereRef('attempts.dedup_key', '=', 'alerts.dedup_key')
            .where((where) =>
              where.or([where('outcome', 'is', null), where('outcome', 'not in', ['not-sent', 'refused'])]),
            )
            .as('sent'),
        ])
        .where('alerts.dedup_key', '=', key)
        .executeTakeFirst();
      const begun = await db
        .selectFrom('twins')
        .select('ticket_id')
        .where('site', '=', site)
        .where('ticket_id', 'in', [...ticketIds])
        .execute();
      return {
        known: row !== undefined,
        sent: Number(row?.sent ?? 0),
        ...(row?.ticket_id == null ? {} : { ticketId: row.ticket_id }),
        begun: new Set(begun.map(({ ticket_id }) => ticket_id)),
      };
    },

    async claim({ site, twin, original, owner, now, until }) {
      const taken = await db
        .insertInto('twins')
        .values({
          site,
          ticket_id: twin.id,
          ticket_key: twin.key,
          original_key: original.key,
          found_at: now,
          owner,
          until,
        })
        .onConflict((conflict) =>
          conflict
            .columns(['site', 'ticket_id'])
            .doUpdateSet({ owner, until })
            .where('twins.closed_at', 'is', null)
            .where((where) => where.or([where('twins.until', 'is', null), where('twins.until', '<=', now)])),
        )
        .returning('ticket_id')
        .executeTakeFirst();
      return taken !== undefined;
    },

    async ended({ site, ticketId, now, closed, note }) {
      await db
        .updateTable('twins')
        .set({ owner: null, until: null, note: note ?? null, ...(closed ? { closed_at: now } : {}) })
        .where('site', '=', site)
        .where('ticket_id', '=', ticketId)
        .where('closed_at', 'is', null)
        .execute();
    },

    async endSweep(site, now) {
      await db
        .insertInto('sweeps')
        .values({ site, at: now })
        .onConflict((conflict) => conflict.column('site').doUpdateSet({ at: now }))
        .execute();
    },

    async swept() {
      const rows = await db.selectFrom('sweeps').selectAll().orderBy('site').execute();
      return rows.map(({ site, at }) => ({ site: site as SiteId, at: Number(at) }));
    },

    async since(at) {
      const rows = await db
        .selectFrom('twins')
        .selectAll()
        .where('found_at', '>=', at)
        .orderBy('found_at')
        .orderBy('ticket_id')
        .execute();
      return rows.map((row) => ({
        site: row.site as SiteId,
        twin: { id: row.ticket_id, key: row.ticket_key },
        original: { key: row.original_key },
        foundAt: row.found_at,
        ...(row.closed_at === null ? {} : { closedAt: row.closed_at }),
        ...(row.note === null ? {} : { note: row.note }),
      }));
    },
  };
}

export function sqlAudits(db: Kysely<LedgerTables>): Audits {
  return {
    async readingOf(tenant) {
      const place = await db.selectFrom('tenants').select('polled_at').where('tenant', '=', tenant).executeTakeFirst();
      const first = await db
        .selectFrom('alerts')
        .select((select) => select.fn.min('seen_at').as('at'))
        .where('tenant', '=', tenant)
        .executeTakeFirst();
      return {
        ...(first?.at == null ? {} : { firstSeenAt: Number(first.at) }),
        ...(place?.polled_at == null ? {} : { readAt: place.polled_at }),
      };
    },

    async counted({ tenant, from, to, after = '' as DedupKey, most }) {
      const rows = await db
        .selectFrom('alerts')
        .leftJoin('links', 'links.dedup_key', 'alerts.dedup_key')
        .select(['alerts.dedup_key', 'alerts.state', 'alerts.seen_at', 'links.ticket_id'])
        .where('alerts.tenant', '=', tenant)
        .where('created_at', '>=', from)
        .where('created_at', '<', to)
        .where('alerts.dedup_key', '>', after)
        .orderBy('alerts.dedup_key')
        .limit(most)
        .execute();
      return rows.map((row) => ({
        key: row.dedup_key as DedupKey,
        settled: END_STATES.includes(row.state),
        seenAt: row.seen_at,
        linkLacks: LINKED_STATES.includes(row.state) && row.ticket_id === null,
      }));
    },

    async record(report) {
      const { tenant, at, from, to } = report;
      const row = { at, report: JSON.stringify(report) };
      await db.transaction().execute(async (tx) => {
        await tx
          .insertInto('audits')
          .values({ tenant, ...row })
          .onConflict((conflict) => conflict.column('tenant').doUpdateSet(row))
          .execute();
        const recorded_at = await recordingTime(tx, at);
        await tx
          .insertInto('recounts')
          .values({ tenant, ...row, recorded_at, from_at: from, to_at: to })
          .onConflict((conflict) => conflict.columns(['tenant', 'at']).doNothing())
          .execute();
      });
    },

    async latest() {
      const rows = await db.selectFrom('audits').select('report').orderBy('tenant').execute();
      return rows.map(({ report }): AuditReport => JSON.parse(report));
    },
  };
}
