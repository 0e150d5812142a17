import { Kysely, sql } from 'kysely';
import { Client, Pool, type PoolConfig, types } from 'pg';
import { StoreFailure } from '../../domain/failure.ts';
import { postgresDialect } from './postgres-dialect.ts';
import { PostgresDriver } from './postgres-driver.ts';
import { toStoreFailure } from './postgres-failure.ts';
import { type LedgerTables, migration, SCHEMA_VERSION } from './schema.ts';
import { StoreHealth } from './store-health.ts';

/** Where a Postgres store is; `name` is how people are told of it. */
export interface PostgresPlace {
  name: string;
  host: string;
  port: number;
  user: string;
  password?: string;
  database: string;
  /** Present: encrypted and verified. */
  tls?: { ca?: string } | undefined;
}

/** Connections of one process: one writes at a time, the others read. */
const MOST_CONNECTIONS = 10;

/** How long a connection may take, and a wait for one of the pool; as long as SQLite waits for its lock. */
const CONNECT_MS = 30_000;

/** The server ends a statement after this long, its turn to write included. */
const STATEMENT_MS = 60_000;

/** A statement without an answer after this long has lost its server: it would have ended the statement by itself. */
const ANSWER_MS = 90_000;

const LIMITS = { statement_timeout: STATEMENT_MS, query_timeout: ANSWER_MS };

/** A writer that does nothing for this long, such as one whose machine is gone, loses its turn. */
const IDLE_WRITER_MS = 30_000;

/**
 * Opens the ledger on a Postgres database and brings its tables to this version; `use`: tables that are not there are
 * not made, and the answer is `undefined`.
 * @throws StoreFailure with a sentence for people when it cannot be reached, or holds a newer version's tables.
 */
export async function openPostgres(
  place: PostgresPlace,
  how: 'make' | 'use' = 'make',
  health: StoreHealth = new StoreHealth(),
): Promise<Kysely<LedgerTables> | undefined> {
  const db = connectPostgres(place, LIMITS, health);
  try {
    const found = await versionOf(db);
    if (found === undefined && how === 'use') {
      await db.destroy();
      return undefined;
    }
    if (found === undefined || found < SCHEMA_VERSION) await bringUp(place);
    else refuseNewer(found, place);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return db;
}

/** A pool of connections, whatever tables it finds; the first is made when it is needed. */
export function connectPostgres(
  place: PostgresPlace,
  limits: object = LIMITS,
  health: StoreHealth = new StoreHealth(),
): Kysely<LedgerTables> {
  const pool = new Pool({ ...poolConfigOf(place), ...limits });
  // Told where it matters: the next that asks gets a new connection, or words why there is none.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const say = (error: unknown, when: Parameters<typeof toStoreFailure>[1]) => toStoreFailure(error, when, place);
  return new Kysely<LedgerTables>({ dialect: postgresDialect(() => new PostgresDriver(pool, say, health)) });
}

/** Closes its socket too when the server or its password is not as it should be, instead of leaving that to a time-out. */
class Session extends Client {
  override connect(): Promise<Client>;
  override connect(callback: (error: Error) => void): void;
  override connect(callback?: (error: Error) => void): Promise<Client> | undefined {
    if (!callback) return super.connect();
    super.connect((error: Error) => {
      if (error) this.end(() => {});
      callback(error);
    });
    return undefined;
  }
}

function poolConfigOf({ host, port, user, password, database, tls }: PostgresPlace): PoolConfig {
  return {
    host,
    port,
    user,
    database,
    // A function, so that neither a variable PGPASSWORD nor a file of passwords steps in unasked.
    password: () => Promise.resolve(password ?? ''),
    ssl: tls ? { rejectUnauthorized: true, ...(tls.ca === undefined ? {} : { ca: tls.ca }) } : false,
    Client: Session,
    application_name: 'casewire',
    max: MOST_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    idle_in_transaction_session_timeout: IDLE_WRITER_MS,
    keepAlive: true,
    types: { getTypeParser: (oid: number) => parserOf(oid) } as PoolConfig['types'],
  };
}

/** Whole numbers come as such: all of the ledger's lie far below what a number of JavaScript holds exactly. */
function parserOf(oid: number): (value: string) => unknown {
  const { INT8, NUMERIC } = types.builtins;
  return oid === INT8 || oid === NUMERIC ? Number : types.getTypeParser(oid, 'text');
}

/** Version of the tables that are there; `undefined` where there are none. */
export async function versionOf(db: Kysely<LedgerTables>): Promise<number | undefined> {
  const { rows } = await sql<{ known: string | null }>`select to_regclass('store_version')::text as known`.execute(db);
  if (rows[0]?.known == null) return undefined;
  const found = await sql<{ version: number }>`select version from store_version`.execute(db);
  return found.rows[0]?.version;
}

/**
 * Takes the turn of a writer first, so that of two that start at once one does it and the other finds it done. It takes
 * the time it takes: an index of a large table is not made in a minute.
 */
async function bringUp(place: PostgresPlace): Promise<void> {
  const db = connectPostgres(place, {});
  try {
    await db.transaction().execute(async (tx) => {
      const found = await versionOf(tx);
      refuseNewer(found ?? 0, place);
      if (found === SCHEMA_VERSION) return;
      for (const statement of migration(tx)) await tx.executeQuery(statement.compile());
      await sql`create table if not exists store_version (version integer not null)`.execute(tx);
      await sql`delete from store_version`.execute(tx);
      await sql`insert into store_version (version) values (${SCHEMA_VERSION})`.execute(tx);
    });
  } finally {
    await db.destroy();
  }
}

function refuseNewer(found: number, { name }: PostgresPlace): void {
  if (found > SCHEMA_VERSION)
    throw new StoreFailure(
      `the store ${name} was written by a newer Casewire (its tables have version ${found}, this one knows ${SCHEMA_VERSION})`,
      'run that version, or set `store` to another database',
    );
}
