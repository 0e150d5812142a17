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

    take: ({ owner, now, until }) =>
      db.transaction().execute(async (tx) => {
        const row = await tx
          .selectFrom('deliveries')
          .selectAll()
          .where('done_at', 'is', null)
          .where('next_at', '<=', now)
          .where((eb) => eb.or([eb('until', 'is', null), eb('until', '<=', now)]))
          .where((eb) =>
            eb.or([
              eb('channel', '=', 'folder'),
              eb.not(
                eb.exists(
                  eb
                    .selectFrom('deliveries as file')
                    .select('file.kind')
                    .whereRef('file.kind', '=', 'deliveries.kind')
                    .whereRef('file.from_at', '=', 'deliveries.from_at')
                    .where('file.channel', '=', 'folder')
                    .where('file.done_at', 'is', null)
                    .where('file.failures', '=', 0),
                ),
              ),
            ]),
          )
          .orderBy('channel')
          .orderBy('to_at')
          .orderBy('scope')
          .limit(1)
          .executeTakeFirst();
        if (!row) return undefined;
        await tx
          .updateTable('deliveries')
          .set({ owner, until })
          .where((eb) => isThe(eb, toDelivery(row)))
          .execute();
        return toOpen(row);
      }),

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
