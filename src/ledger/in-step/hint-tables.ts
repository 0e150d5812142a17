import type { Compilable, Kysely } from 'kysely';
import type { LedgerTables } from '../store/schema.ts';

/** What the ledger keeps of webhook calls that were taken; see `LedgerTables` for the words. */
export interface HintTables {
  /** Names of calls, so that one that is sent again is known. */
  hint_calls: { name: string; at: number };
  /** One row an issue and tenant; `tenant` is empty while nobody knows whose it is. */
  hints: { site: string; ticket_id: string; tenant: string; at: number };
}

/** The statements that make these tables where they are missing. */
export function hintTables(db: Kysely<LedgerTables>): readonly Compilable[] {
  const create = (table: keyof HintTables) => db.schema.createTable(table).ifNotExists();
  const index = (name: string) => db.schema.createIndex(name).ifNotExists();
  return [
    create('hint_calls')
      .addColumn('name', 'text', (c) => c.primaryKey())
      .addColumn('at', 'bigint', (c) => c.notNull()),
    create('hints')
      .addColumn('site', 'text', (c) => c.notNull())
      .addColumn('ticket_id', 'text', (c) => c.notNull())
      .addColumn('tenant', 'text', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('hints_pk', ['site', 'ticket_id', 'tenant']),
    index('hint_calls_by_time').on('hint_calls').columns(['at']),
    index('hints_by_tenant').on('hints').columns(['tenant', 'at']),
  ];
}
