import { type Compilable, type Kysely, sql } from 'kysely';
import type { LedgerTables } from '../store/schema.ts';

/** By what alerts are looked for besides the columns of their rows. */
export interface MarkTables {
  /**
   * Added when an alert is admitted or decided, and never removed: of what is not so any more only a user or an address
   * that a newer record leaves out is still found by it.
   */
  alert_marks: {
    kind: MarkKind;
    /** In lower case. */
    value: string;
    /** The alert's, so that the newest come first without a look at their rows. */
    created_at: number;
    dedup_key: string;
  };
}

export type MarkKind = 'user' | 'address' | 'category';

/** The statements that make the table and the orders in which alerts are listed, where they are missing. */
export function markTables(db: Kysely<LedgerTables>): readonly Compilable[] {
  const index = (name: string) => db.schema.createIndex(name).ifNotExists().on('alerts');
  return [
    db.schema
      .createTable('alert_marks')
      .ifNotExists()
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('value', 'text', (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('dedup_key', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('alert_marks_pk', ['kind', 'value', 'created_at', 'dedup_key']),
    index('alerts_by_time').columns(['created_at', 'dedup_key']),
    index('alerts_by_standing').columns(['state', 'created_at', 'dedup_key']),
    index('alerts_by_severity').columns(['severity', 'created_at', 'dedup_key']),
    // Dropped alerts stay for ever; those that wait for a person are few.
    index('alerts_held')
      .columns(['state', 'reason', 'created_at', 'dedup_key'])
      .where(sql`state`, '=', sql.lit('held'))
      .where(sql`reason`, '!=', sql.lit('dropped')),
  ];
}
