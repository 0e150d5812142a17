import type { Compilable, Kysely } from 'kysely';
import type { LedgerTables } from '../store/schema.ts';

/** What the ledger keeps of sessions of the console. */
export interface SessionTables {
  /** One row a session that a person ended; it could have gone on until `until`. */
  ended_sessions: { id: string; until: number };
}

/** The statements that make this table where it is missing. */
export function sessionTables(db: Kysely<LedgerTables>): readonly Compilable[] {
  return [
    db.schema
      .createTable('ended_sessions')
      .ifNotExists()
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('until', 'bigint', (c) => c.notNull()),
  ];
}
