import { closeSync, openSync } from 'node:fs';
import Database from 'better-sqlite3';
import { type Driver, DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import { StoreFailure } from '../../domain/failure.ts';
import type { EpochMs } from '../../domain/time.ts';
import { quickCheck } from './quick-check.ts';
import { type LedgerTables, migration, SCHEMA_VERSION } from './schema.ts';
import { PATIENCE_MS, type Sleep, SqliteDriver, whileBusy } from './sqlite-driver.ts';
import { toSqliteFailure } from './sqlite-failure.ts';
import { StoreHealth } from './store-health.ts';
import { turn } from './turn.ts';

export interface SqliteOptions {
  /** The present time of one who is going to write: the file is then looked through for damage once a day. */
  checkAt?: EpochMs;
  /** Between two tries for a lock that another process holds; absent: the next turn of the event loop. */
  sleep?: Sleep;
  /** How long such a lock is waited for. */
  patienceMs?: number;
  /** Learns how each access ends. */
  health?: StoreHealth;
}

/** Alert records are the owner's alone to read; SQLite gives `-wal` and `-shm` the mode of the file. */
const OWNER_ALONE = 0o600;

/**
 * Opens (and if need be makes) the SQLite store at `path`; `:memory:` lives as long as the connection.
 * Write-ahead log with `synchronous = FULL`: a commit is on disk before the next statement runs
 * (sqlite.org/pragma.html#pragma_synchronous), which is what an intent needs before its create leaves.
 * @throws StoreFailure with a sentence for people when the file cannot be opened, is not a database, is locked or
 * damaged, or is a newer version's.
 */
export async function openSqlite(path: string, options: SqliteOptions = {}): Promise<Kysely<LedgerTables>> {
  const { checkAt, sleep = turn, patienceMs = PATIENCE_MS, health = new StoreHealth() } = options;
  try {
    const connection = await whileBusy(() => open(path, checkAt), sleep, patienceMs);
    const db = kyselyOn(new SqliteDriver({ connection, path, sleep, patienceMs, health }));
    // Kysely closes only what it has used: the file of a ledger that nobody asked would stay open.
    await db.connection().execute(async () => {});
    return db;
  } catch (error) {
    throw toSqliteFailure(error, path);
  }
}

function open(path: string, checkAt: EpochMs | undefined): Database.Database {
  if (path !== ':memory:') create(path);
  const connection = new Database(path, { timeout: 0 });
  try {
    connection.pragma('journal_mode = WAL');
    connection.pragma('synchronous = FULL');
    bringUp(connection, path);
    if (checkAt !== undefined) quickCheck(connection, path, checkAt);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** An empty file is an empty database. */
function create(path: string): void {
  try {
    closeSync(openSync(path, 'ax', OWNER_ALONE));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    throw new StoreFailure(
      `the store ${path} cannot be opened: ${message}`,
      'make its folder, let this account write to it, and look whether its disk is full',
      error,
    );
  }
}

function bringUp(connection: Database.Database, path: string): void {
  const found = Number(connection.pragma('user_version', { simple: true }));
  if (found > SCHEMA_VERSION)
    throw new StoreFailure(
      `the store ${path} was written by a newer Casewire (its tables have version ${found}, this one knows ${SCHEMA_VERSION})`,
      'run that version, or set `store` to another file',
    );
  if (found === SCHEMA_VERSION) return;
  const compiler = kyselyOn(undefined);
  connection
    .transaction(() => {
      for (const statement of migration(compiler)) connection.exec(statement.compile().sql);
      connection.pragma(`user_version = ${SCHEMA_VERSION}`);
    })
    .immediate();
}

/** SQLite's statements on our driver; the driver lets in one at a time, so Kysely need not. */
class Adapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

/** Without a driver it only compiles statements. */
function kyselyOn(driver: Driver | undefined): Kysely<LedgerTables> {
  return new Kysely<LedgerTables>({
    dialect: {
      createAdapter: () => new Adapter(),
      createDriver: () => driver ?? new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });
}
