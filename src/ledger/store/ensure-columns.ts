import type { Kysely } from 'kysely';
import type { LedgerTables } from './schema.ts';

/**
 * Adds columns that an older version's table lacks; they are NULL in the rows that are there. Doing it twice, or in two
 * processes at once, changes nothing.
 */
export async function ensureColumns<T extends keyof LedgerTables & string>(
  db: Kysely<LedgerTables>,
  table: T,
  columns: Readonly<Partial<Record<keyof LedgerTables[T] & string, 'text' | 'bigint' | 'integer'>>>,
): Promise<void> {
  const there = await columnsOf(db, table);
  for (const [name, type] of Object.entries(columns) as [string, 'text' | 'bigint' | 'integer'][]) {
    if (there.has(name)) continue;
    try {
      await db.schema.alterTable(table).addColumn(name, type).execute();
    } catch (error) {
      // Another process was quicker.
      if (!(await columnsOf(db, table)).has(name)) throw error;
    }
  }
}

async function columnsOf(db: Kysely<LedgerTables>, table: string): Promise<ReadonlySet<string>> {
  const tables = await db.introspection.getTables();
  return new Set(tables.find(({ name }) => name === table)?.columns.map(({ name }) => name));
}
