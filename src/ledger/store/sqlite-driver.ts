import { statSync } from 'node:fs';
import type { Database, Statement } from 'better-sqlite3';
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult, TransactionSettings } from 'kysely';
import { Lock } from './lock.ts';
import { isBusy, movedAway, toSqliteFailure } from './sqlite-failure.ts';
import type { StoreHealth } from './store-health.ts';
import { turn } from './turn.ts';

/** Waits so many milliseconds. */
export type Sleep = (ms: number) => Promise<void>;

/** A lock of another connection of this process is gone within a few turns of the event loop. */
const TURNS = 20;

/** Between two tries for a lock that another process holds. */
const RETRY_MS = 20;

/** How long a lock of another process is waited for; as long as a Postgres session is. */
export const PATIENCE_MS = 30_000;

/**
 * Does `step` again and again while another connection holds the lock that it needs. SQLite itself waits not at all: its
 * wait stops the event loop (sqlite.org/c3ref/busy_timeout.html).
 * @throws the error of the last try once `patienceMs` are over.
 */
export async function whileBusy<T>(step: () => T | Promise<T>, sleep: Sleep, patienceMs = PATIENCE_MS): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await step();
    } catch (error) {
      if (!isBusy(error) || (tries - TURNS) * RETRY_MS >= patienceMs) throw error;
    }
    await (tries < TURNS ? turn() : sleep(RETRY_MS));
  }
}

export interface SqliteFile {
  connection: Database;
  path: string;
  sleep: Sleep;
  patienceMs: number;
  health: StoreHealth;
}

/** Serves Kysely from one connection; transactions take turns, and wait for other processes without stopping this one. */
export class SqliteDriver implements Driver {
  readonly #file: SqliteFile;
  readonly #place: string | undefined;
  /** Held from before the file's lock is asked for: of those who wait to write only the first asks SQLite. */
  readonly #writers = new Lock();
  /** Held by the one who uses the connection. */
  readonly #connection = new Lock();
  readonly #statements = new Map<string, Statement<unknown[]>>();
  /** For how long, in all, those who were first have slept. */
  #sleptMs = 0;

  constructor(file: SqliteFile) {
    this.#file = file;
    this.#place = file.path === ':memory:' ? undefined : placeOf(file.path);
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<Connection> {
    return new Connection(this);
  }

  beginTransaction(connection: DatabaseConnection, { accessMode }: TransactionSettings): Promise<void> {
    return own(connection).begin(accessMode !== 'read only');
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    own(connection).commit();
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    own(connection).rollback();
  }

  async savepoint(connection: DatabaseConnection, name: string): Promise<void> {
    own(connection).step(`savepoint "${name}"`);
  }

  async rollbackToSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    own(connection).step(`rollback to "${name}"`);
  }

  async releaseSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    own(connection).step(`release "${name}"`);
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    own(connection).release();
  }

  /** SQLite deletes no `-wal` of a file that was moved (pager.c, databaseIsUnmoved), so closing harms no other file. */
  async destroy(): Promise<void> {
    this.#file.connection.close();
  }

  /** The connection to oneself, `step` done: answers how to give it back. */
  async enter<T>(writing: boolean, step: () => T): Promise<{ answer: T; leave: () => void }> {
    const { sleep, patienceMs } = this.#file;
    const sleptBefore = this.#sleptMs;
    const leaveWriters = writing ? await this.#writers.enter() : () => {};
    try {
      return await whileBusy(
        async () => {
          const leaveConnection = await this.#connection.enter();
          try {
            this.#refuseMoved();
            return {
              answer: step(),
              leave() {
                leaveConnection();
                leaveWriters();
              },
            };
          } catch (error) {
            leaveConnection();
            throw error;
          }
        },
        (ms) => {
          this.#sleptMs += ms;
          return sleep(ms);
        },
        // Whoever waited behind another for the same lock has waited for it too.
        patienceMs - (this.#sleptMs - sleptBefore),
      );
    } catch (error) {
      leaveWriters();
      throw this.failed(error, writing);
    }
  }

  /** Each is compiled once: a pass sends the same few for each of its tenants and alerts. */
  prepare(text: string): Statement<unknown[]> {
    const { connection } = this.#file;
    if (text.length > MOST_CHARACTERS) return connection.prepare<unknown[]>(text);
    let statement = this.#statements.get(text);
    if (!statement) {
      if (this.#statements.size >= MOST_STATEMENTS) this.#statements.clear();
      statement = connection.prepare<unknown[]>(text);
      this.#statements.set(text, statement);
    }
    return statement;
  }

  exec(text: string): void {
    this.#file.connection.exec(text);
  }

  get inTransaction(): boolean {
    return this.#file.connection.inTransaction;
  }

  worked(writing: boolean): void {
    this.#file.health.worked(writing);
  }

  /** The error in words for people, where it speaks of the file. */
  failed(error: unknown, writing: boolean): unknown {
    const said = toSqliteFailure(error, this.#file.path);
    this.#file.health.failed(said, writing);
    return said;
  }

  /** SQLite goes on writing to a file that was deleted, and nobody would ever read it. */
  #refuseMoved(): void {
    if (this.#place === undefined) return;
    const { path } = this.#file;
    const place = placeOf(path);
    if (place === this.#place) return;
    throw movedAway(path, place === undefined ? 'was deleted or moved away' : 'was replaced by another');
  }
}

/** Statements kept compiled, and how long they may be: those with long lists of keys or rows are large and seldom the same. */
const MOST_STATEMENTS = 100;
const MOST_CHARACTERS = 1_500;

/** Which file lies at a path; `undefined`: none. */
function placeOf(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats && `${stats.dev}:${stats.ino}`;
}

function own(connection: DatabaseConnection): Connection {
  if (connection instanceof Connection) return connection;
  throw new Error('the connection is not of this driver');
}

/** One use of the file: a statement alone, or a transaction. */
class Connection implements DatabaseConnection {
  readonly #driver: SqliteDriver;
  /** Of a transaction that began: whether it writes, and the way to give the connection back. */
  #transaction: { writing: boolean; leave: () => void } | undefined;

  constructor(driver: SqliteDriver) {
    this.#driver = driver;
  }

  async executeQuery<Row>({ sql, parameters, query }: CompiledQuery): Promise<QueryResult<Row>> {
    if (this.#transaction) {
      const { writing } = this.#transaction;
      // Some errors, such as a full disk, end the transaction by themselves (sqlite.org/lang_transaction.html).
      if (!this.#driver.inTransaction) throw new Error('the transaction was ended by an error before');
      try {
        return this.#ask<Row>(sql, parameters);
      } catch (error) {
        throw this.#driver.failed(error, writing);
      }
    }
    const writing = query.kind !== 'SelectQueryNode' && query.kind !== 'RawNode';
    const { answer, leave } = await this.#driver.enter(writing, () => this.#ask<Row>(sql, parameters));
    leave();
    this.#driver.worked(writing);
    return answer;
  }

  // biome-ignore lint/correctness/useYield: the ledger reads page by page.
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('the ledger reads page by page, not from a stream');
  }

  /** Who writes takes the file's lock first: what it reads is then still true when it writes, as on Postgres. */
  async begin(writing: boolean): Promise<void> {
    const begin = () => this.#driver.exec(writing ? 'begin immediate' : 'begin');
    const { leave } = await this.#driver.enter(writing, begin);
    this.#transaction = { writing, leave };
  }

  commit(): void {
    this.step('commit');
    this.#driver.worked(this.#transaction?.writing === true);
  }

  rollback(): void {
    // One that an error has ended already has nothing to take back.
    if (this.#transaction && this.#driver.inTransaction) this.step('rollback');
  }

  step(text: string): void {
    try {
      this.#driver.exec(text);
    } catch (error) {
      throw this.#driver.failed(error, this.#transaction?.writing === true);
    }
  }

  release(): void {
    this.#transaction?.leave();
    this.#transaction = undefined;
  }

  #ask<Row>(text: string, parameters: readonly unknown[]): QueryResult<Row> {
    const statement = this.#driver.prepare(text);
    if (statement.reader) return { rows: statement.all(parameters) as Row[] };
    const { changes } = statement.run(parameters);
    return { rows: [], numAffectedRows: BigInt(changes) };
  }
}
