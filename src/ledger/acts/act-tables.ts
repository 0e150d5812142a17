import type { Compilable, Kysely } from 'kysely';
import type { LedgerTables } from '../store/schema.ts';

/** What the ledger keeps of what people had done. */
export interface ActTables {
  acts: {
    /** Begins with the time of the act in digits of one width, so that ids stand in its order. */
    id: string;
    at: number;
    who: string;
    what: string;
    subject: string | null;
    detail: string | null;
    ended_at: number | null;
    outcome: string | null;
    says: string | null;
  };
}

/** The statements that make this table where it is missing. */
export function actTables(db: Kysely<LedgerTables>): readonly Compilable[] {
  return [
    db.schema
      .createTable('acts')
      .ifNotExists()
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('who', 'text', (c) => c.notNull())
      .addColumn('what', 'text', (c) => c.notNull())
      .addColumn('subject', 'text')
      .addColumn('detail', 'text')
      .addColumn('ended_at', 'bigint')
      .addColumn('outcome', 'text')
      .addColumn('says', 'text'),
  ];
}
