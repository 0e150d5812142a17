import { type Compilable, type Kysely, sql } from 'kysely';
import type { LedgerTables } from '../store/schema.ts';

/** What the ledger keeps of reports on their way. */
export interface DeliveryTables {
  /** One row a report and channel; `done_at` is NULL until it arrived. */
  deliveries: {
    scope: string;
    kind: string;
    from_at: number;
    to_at: number;
    channel: string;
    planned_at: number;
    next_at: number;
    failures: number;
    why: string | null;
    /** Who delivers it now, and until when nobody else does. */
    owner: string | null;
    until: number | null;
    done_at: number | null;
  };
  /** How a mail ended for each of its recipients so far; `refused` is NULL where it was taken. */
  mail_recipients: { kind: string; from_at: number; address: string; refused: string | null };
  /** Since which period each kind is delivered. */
  delivery_starts: { kind: string; from_at: number };
}

/** The statements that make these tables where they are missing. */
export function deliveryTables(db: Kysely<LedgerTables>): readonly Compilable[] {
  const create = (table: keyof DeliveryTables) => db.schema.createTable(table).ifNotExists();
  return [
    create('deliveries')
      .addColumn('scope', 'text', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('from_at', 'bigint', (c) => c.notNull())
      .addColumn('to_at', 'bigint', (c) => c.notNull())
      .addColumn('channel', 'text', (c) => c.notNull())
      .addColumn('planned_at', 'bigint', (c) => c.notNull())
      .addColumn('next_at', 'bigint', (c) => c.notNull())
      .addColumn('failures', 'integer', (c) => c.notNull())
      .addColumn('why', 'text')
      .addColumn('owner', 'text')
      .addColumn('until', 'bigint')
      .addColumn('done_at', 'bigint')
      .addPrimaryKeyConstraint('deliveries_pk', ['kind', 'from_at', 'scope', 'channel']),
    db.schema
      .createIndex('deliveries_open')
      .ifNotExists()
      .on('deliveries')
      .column('next_at')
      .where(sql`done_at`, 'is', null),
    create('mail_recipients')
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('from_at', 'bigint', (c) => c.notNull())
      .addColumn('address', 'text', (c) => c.notNull())
      .addColumn('refused', 'text')
      .addPrimaryKeyConstraint('mail_recipients_pk', ['kind', 'from_at', 'address']),
    create('delivery_starts')
      .addColumn('kind', 'text', (c) => c.primaryKey())
      .addColumn('from_at', 'bigint', (c) => c.notNull()),
  ];
}
