import { type Compilable, type Kysely, sql } from 'kysely';
import type { LedgerTables } from '../store/schema.ts';
import { marksOfAlert, marksOfCategory, storeMarks } from './marks.ts';

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

/** Alerts in one round of marking what an older version stored. */
const AT_ONCE = 500;

/** Marks the alerts of a store whose version had no marks. Doing it twice changes nothing. */
export async function markOlderAlerts(db: Kysely<LedgerTables>): Promise<void> {
  for (let after = ''; ; ) {
    const rows = await db
      .selectFrom('alerts')
      .innerJoin('records', 'records.dedup_key', 'alerts.dedup_key')
      .leftJoin('proposals', 'proposals.dedup_key', 'alerts.dedup_key')
      .select(['alerts.dedup_key', 'created_at', 'alert', 'category'])
      .where('alerts.dedup_key', '>', after)
      .orderBy('alerts.dedup_key')
      .limit(AT_ONCE)
      .execute();
    const last = rows.at(-1);
    if (!last) return;
    await storeMarks(
      db,
      rows.flatMap(({ dedup_key, created_at, alert, category }) => {
        const at = { dedup_key, created_at };
        return [
          ...(alert === null ? [] : marksOfAlert(at, JSON.parse(alert))),
          ...(category === null ? [] : marksOfCategory(at, category)),
        ];
      }),
    );
    after = last.dedup_key;
  }
}
