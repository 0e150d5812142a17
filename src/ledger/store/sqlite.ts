import Database from 'better-sqlite3';
import { Kysely, type SqliteDatabase, SqliteDialect, type SqliteStatement } from 'kysely';
import type { EpochMs } from '../../domain/time.ts';
import { damaged, isDamage, quickCheck } from './quick-check.ts';
import { type LedgerTables, migration, SCHEMA_VERSION } from './schema.ts';

/**
 * Opens (and if need be makes) the SQLite store at `path`; `:memory:` lives as long as the connection.
 * Write-ahead log with `synchronous = FULL`: a commit is on disk before the next statement runs
 * (sqlite.org/pragma.html#pragma_synchronous), which is what an intent needs before its create leaves.
 * `checkAt`: the present time of one who is going to write; the file is then looked through for damage once a day.
 * @throws Error with a sentence for people when the file cannot be opened, is not a database, is damaged, or is a newer
 * version's.
 */
export async function openSqlite(path: string, checkAt?: EpochMs): Promise<Kysely<LedgerTables>> {
  let connection: Database.Database;
  try {
    connection = new Database(path, { timeout: 30_000 });
    connection.pragma('journal_mode = WAL');
    connection.pragma('synchronous = FULL');
  } catch (error) {
    if (isDamage(error)) throw damaged(path, error.message, error);
    throw new Error(`the store ${path} cannot be opened: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  const db = new Kysely<LedgerTables>({ dialect: new SqliteDialect({ database: remembering(connection) }) });
  const found = Number(connection.pragma('user_version', { simple: true }));
  if (found > SCHEMA_VERSION) {
    await db.destroy();
    throw new Error(
      `the store ${path} was written by a newer Casewire (its tables have version ${found}, this one knows ${SCHEMA_VERSION}); run that version, or set \`store\` to another file`,
    );
  }
  if (found < SCHEMA_VERSION) {
    connection
      .transaction(() => {
        for (const statement of migration(db)) connection.exec(statement.compile().sql);
        connection.pragma(`user_version = ${SCHEMA_VERSION}`);
      })
      .immediate();
  }
  if (checkAt !== undefined) {
    try {
      quickCheck(connection, path, checkAt);
    } catch (error) {
      await db.destroy();
      throw error;
    }
  }
  return db;
}

/** Statements kept compiled, and how long they may be: those with long lists of keys or rows are large and seldom the same. */
const MOST_STATEMENTS = 100;
const MOST_CHARACTERS = 1_500;

/** Compiles each statement once: a pass sends the same few for each of its tenants and alerts. */
function remembering(connection: Database.Database): SqliteDatabase {
  const compiled = new Map<string, Database.Statement<unknown[]>>();
  return {
    prepare(text) {
      if (text.length > MOST_CHARACTERS) return connection.prepare<unknown[]>(text) as unknown as SqliteStatement;
      let statement = compiled.get(text);
      if (!statement) {
        if (compiled.size >= MOST_STATEMENTS) compiled.clear();
        statement = connection.prepare<unknown[]>(text);
        compiled.set(text, statement);
      }
      return statement as unknown as SqliteStatement;
    },
    close: () => void connection.close(),
  };
}
