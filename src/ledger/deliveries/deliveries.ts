import type { ExpressionBuilder, Kysely, Selectable } from 'kysely';
import type { LedgerTables } from '../store/schema.ts';
import type {
  Deliveries,
  Delivery,
  DeliveryEnd,
  DeliveryLog,
  DeliveryStanding,
  OpenDelivery,
  RecipientEnd,
} from './deliveries-port.ts';

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
      return row && { ...toOpen(row), recipients: await recipientsOf(db, row) };
    },

    async end({ delivery, owner, now, outcome, recipients = [] }) {
      if (recipients.length > 0) await storeRecipients(db, delivery, recipients);
      await db
        .updateTable('deliveries')
        .set((eb) => ({ owner: null, until: null, ...changeBy(eb, outcome, now) }))
        .where((eb) => isThe(eb, delivery))
        .where('owner', '=', owner)
        .execute();
    },

    async failed() {
      const failed = () => db.selectFrom('deliveries').where((eb) => eb.or([isOpen(eb), isRefused(eb)]));
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
      return { failed: Number(count), ...(row ? { first: toStanding(row) } : {}) };
    },

    async retry(now) {
      await db.deleteFrom('mail_recipients').where('refused', 'is not', null).execute();
      const changed = await db
        .updateTable('deliveries')
        .set({ next_at: now, done_at: null })
        .where((eb) => eb.or([isOpen(eb), isRefused(eb)]))
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
      return rows.map(toStanding);
    },
  };
}

type Eb = ExpressionBuilder<LedgerTables, 'deliveries'>;

/** Tried, and not done. */
function isOpen(eb: Eb) {
  return eb.and([eb('done_at', 'is', null), eb('failures', '>', 0)]);
}

/** The newest mail of its kind that is done, and was refused by some of its recipients: only then it is done with a why. */
function isRefused(eb: Eb) {
  const newer = eb
    .selectFrom('deliveries as newer')
    .select('newer.kind')
    .whereRef('newer.kind', '=', 'deliveries.kind')
    .whereRef('newer.from_at', '>', 'deliveries.from_at')
    .where('newer.channel', '=', 'mail')
    .where('newer.done_at', 'is not', null);
  return eb.and([eb('done_at', 'is not', null), eb('why', 'is not', null), eb.not(eb.exists(newer))]);
}

async function recipientsOf(db: Kysely<LedgerTables>, { kind, from_at, channel }: Row): Promise<RecipientEnd[]> {
  if (channel !== 'mail') return [];
  const rows = await db
    .selectFrom('mail_recipients')
    .select(['address', 'refused'])
    .where('kind', '=', kind)
    .where('from_at', '=', from_at)
    .orderBy('address')
    .execute();
  return rows.map(({ address, refused }) => ({ address, ...(refused === null ? {} : { refused }) }));
}

async function storeRecipients(db: Kysely<LedgerTables>, { kind, from }: Delivery, ends: readonly RecipientEnd[]) {
  await db
    .insertInto('mail_recipients')
    .values(ends.map(({ address, refused }) => ({ kind, from_at: from, address, refused: refused ?? null })))
    .onConflict((conflict) =>
      conflict.columns(['kind', 'from_at', 'address']).doUpdateSet((eb) => ({ refused: eb.ref('excluded.refused') })),
    )
    .execute();
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
  if (outcome.end === 'refused') return { done_at: now, why: outcome.why };
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

function toStanding(row: Row): DeliveryStanding {
  return { ...toOpen(row), ...(row.done_at === null ? {} : { doneAt: Number(row.done_at) }) };
}

function toOpen(row: Row): Omit<OpenDelivery, 'recipients'> {
  return {
    ...toDelivery(row),
    failures: row.failures,
    plannedAt: Number(row.planned_at),
    nextAt: Number(row.next_at),
    ...(row.why === null ? {} : { why: row.why }),
  };
}
