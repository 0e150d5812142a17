import Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { type LedgerTables, migrate } from './schema.ts';

/**
 * Opens (and if need be makes) the SQLite store at `path`; `:memory:` lives as long as the connection.
 * Write-ahead log with `synchronous = FULL`: a commit is on disk before the next statement runs
 * (sqlite.org/pragma.html#pragma_synchronous), which is what an intent needs before its create leaves.
 * @throws Error with a sentence for people when the file cannot be opened or is not a database.
 */
export async function openSqlite(path: string): Promise<Kysely<LedgerTables>> {
  let connection: Database.Database;
  try {
    connection = new Database(path, { timeout: 30_000 });
    connection.pragma('journal_mode = WAL');
    connection.pragma('synchronous = FULL');
  } catch (error) {
    throw new Error(`the store ${path} cannot be opened: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  const db = new Kysely<LedgerTables>({ dialect: new SqliteDialect({ database: connection }) });
  await migrate(db);
  return db;
}
