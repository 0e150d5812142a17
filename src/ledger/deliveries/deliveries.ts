import type { ExpressionBuilder, Kysely, Selectable } from 'kysely';
import type { LedgerTables } from '../store/schema.ts';
import type { Deliveries, Delivery, DeliveryEnd, DeliveryLog, OpenDelivery } from './deliveries-port.ts';

type Row = Selectable<LedgerTables['deliveries']>;

/** Rows of one statement, well below what SQLite and Postgres take as parameters. */
const ROWS_AT_ONCE = 500;

export function sqlDeliveries(db: Kysely<LedgerTables>): Deliveries {
  return {
    async since(kind, from) {
      await db
        .insertInto('delivery_starts')
        .values({ kind, from_at: from })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const row = await db
        .selectFrom('delivery_starts')
        .select('from_at')
        .where('kind', '=', kind)
        .executeTakeFirstOrThrow();
      return Number(row.from_at);
    },

    async plan(deliveries, now) {
      let fresh = 0;
      for (let at = 0; at < deliveries.length; at += ROWS_AT_ONCE) {
        const inserted = await db
          .insertInto('deliveries')
          .values(deliveries.slice(at, at + ROWS_AT_ONCE).map((delivery) => toRow(delivery, now)))
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst();
        fresh += Number(inserted.numInsertedOrUpdatedRows ?? 0n);
      }
      return fresh;
    },

    async take({ owner, now, until }) {
      // One statement, so that no other process comes between the look and the taking.
      const row = await db
        .updateTable('deliveries')
        .set({ owner, until })
        .where(({ eb, refTuple }) =>
          eb(
            refTuple('kind', 'from_at', 'scope', 'channel'),
            'in',
            nextDue(db, now).$asTuple('kind', 'from_at', 'scope', 'channel'),
          ),
        )
        .returningAll()
        .executeTakeFirst();
      return row && toOpen(row);
    },

    async end({ delivery, owner, now, outcome }) {
      await db
        .updateTable('deliveries')
        .set((eb) => ({ owner: null, until: null, ...changeBy(eb, outcome, now) }))
        .where((eb) => isThe(eb, delivery))
        .where('owner', '=', owner)
        .execute();
    },

    async failed() {
      const failed = () => db.selectFrom('deliveries').where('done_at', 'is', null).where('failures', '>', 0);
      const { count } = await failed()
        .select((eb) => eb.fn.countAll().as('count'))
        .executeTakeFirstOrThrow();
      if (Number(count) === 0) return { failed: 0 };
      const row = await failed()
        .selectAll()
        .orderBy('planned_at')
        .orderBy('kind')
        .orderBy('scope')
        .orderBy('channel')
        .executeTakeFirst();
      return { failed: Number(count), ...(row ? { first: toOpen(row) } : {}) };
    },

    async retry(now) {
      const changed = await db
        .updateTable('deliveries')
        .set({ next_at: now })
        .where('done_at', 'is', null)
        .where('failures', '>', 0)
        .executeTakeFirst();
      return Number(changed.numUpdatedRows);
    },
  };
}

export function sqlDeliveryLog(db: Kysely<LedgerTables>): DeliveryLog {
  return {
    async of({ scope, kind, from, to }) {
      const rows = await db
        .selectFrom('deliveries')
        .selectAll()
        .where('kind', '=', kind)
        .where('from_at', '>=', from)
        .where('from_at', '<=', to)
        .where((eb) => eb.or([eb('scope', '=', scope), eb('channel', '=', 'mail')]))
        .orderBy('from_at')
        .orderBy('channel')
        .execute();
      return rows.map((row) => ({
        ...toOpen(row),
        ...(row.done_at === null ? {} : { doneAt: Number(row.done_at) }),
      }));
    },
  };
}

/** The one that is to be taken next. */
function nextDue(db: Kysely<LedgerTables>, now: number) {
  return db
    .selectFrom('deliveries as next')
    .select(['next.kind', 'next.from_at', 'next.scope', 'next.channel'])
    .where('next.done_at', 'is', null)
    .where('next.next_at', '<=', now)
    .where((eb) => eb.or([eb('next.until', 'is', null), eb('next.until', '<=', now)]))
    .where((eb) => eb.or([eb('next.channel', '=', 'folder'), eb.not(eb.exists(filesBefore(eb)))]))
    .orderBy('next.channel')
    .orderBy('next.to_at')
    .orderBy('next.scope')
    .limit(1);
}

/** Files of a mail's kind and period that are not in the folder yet, though nothing is known against them. */
function filesBefore(eb: ExpressionBuilder<LedgerTables & { next: LedgerTables['deliveries'] }, 'next'>) {
  return eb
    .selectFrom('deliveries as file')
    .select('file.kind')
    .whereRef('file.kind', '=', 'next.kind')
    .whereRef('file.from_at', '=', 'next.from_at')
    .where('file.channel', '=', 'folder')
    .where('file.done_at', 'is', null)
    .where('file.failures', '=', 0);
}

function isThe(eb: ExpressionBuilder<LedgerTables, 'deliveries'>, { kind, from, scope, channel }: Delivery) {
  return eb.and({ kind, from_at: from, scope, channel });
}

function changeBy(eb: ExpressionBuilder<LedgerTables, 'deliveries'>, outcome: DeliveryEnd, now: number) {
  if (outcome.end === 'done') return { done_at: now, why: null };
  const { why, nextAt } = outcome;
  return { why, next_at: nextAt, ...(outcome.end === 'failed' ? { failures: eb('failures', '+', 1) } : {}) };
}

function toRow({ scope, kind, from, to, channel }: Delivery, now: number): Row {
  return {
    scope,
    kind,
    from_at: from,
    to_at: to,
    channel,
    planned_at: now,
    next_at: now,
    failures: 0,
    why: null,
    owner: null,
    until: null,
    done_at: null,
  };
}

function toDelivery(row: Row): Delivery {
  return {
    scope: row.scope as Delivery['scope'],
    kind: row.kind as Delivery['kind'],
    from: Number(row.from_at),
    to: Number(row.to_at),
    channel: row.channel as Delivery['channel'],
  };
}

function toOpen(row: Row): OpenDelivery {
  return {
    ...toDelivery(row),
    failures: row.failures,
    plannedAt: Number(row.planned_at),
    nextAt: Number(row.next_at),
    ...(row.why === null ? {} : { why: row.why }),
  };
}
