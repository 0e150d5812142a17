import type { CompiledQuery, DatabaseConnection, Driver, QueryResult, TransactionSettings } from 'kysely';
import { DatabaseError, type Pool, type PoolClient } from 'pg';
import type { StoreHealth } from './store-health.ts';

/**
 * Every write transaction of a ledger takes this lock first, and keeps it until its end: one writer at a time, as on
 * SQLite (docs/decisions/0007-postgres.md). The number is arbitrary, but the same in every version.
 */
const WRITERS_LOCK = '7165321804113';

/** Each statement after the lock sees what the writer before has committed: PostgreSQL 18 §13.2.1. */
const BEGIN = `begin isolation level read committed; select pg_advisory_xact_lock(${WRITERS_LOCK})`;

/** Makes of a driver's error one with words for people. */
export type SayFailure = (error: unknown, when: 'connecting' | 'asking' | 'committing') => Error;

/** Serves Kysely from a pool; transactions that write, and single statements that write, take turns in the whole store. */
export class PostgresDriver implements Driver {
  readonly #pool: Pool;
  readonly #say: SayFailure;
  readonly #health: StoreHealth;

  constructor(pool: Pool, say: SayFailure, health: StoreHealth) {
    this.#pool = pool;
    this.#say = say;
    this.#health = health;
  }

  init(): Promise<void> {
    return Promise.resolve();
  }

  async acquireConnection(): Promise<Connection> {
    try {
      return new Connection(await this.#pool.connect(), this.#say, this.#health);
    } catch (error) {
      const said = this.#say(error, 'connecting');
      this.#health.failed(said, false);
      throw said;
    }
  }

  beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    return own(connection).begin(settings);
  }

  commitTransaction(connection: DatabaseConnection): Promise<void> {
    return own(connection).commit();
  }

  rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    return own(connection).rollback();
  }

  releaseConnection(connection: DatabaseConnection): Promise<void> {
    own(connection).release();
    return Promise.resolve();
  }

  destroy(): Promise<void> {
    return this.#pool.end();
  }
}

function own(connection: DatabaseConnection): Connection {
  if (connection instanceof Connection) return connection;
  throw new Error('the connection is not of this driver');
}

/** One session of the pool, from taking it to giving it back. */
class Connection implements DatabaseConnection {
  readonly #client: PoolClient;
  readonly #say: SayFailure;
  readonly #health: StoreHealth;
  #inTransaction = false;
  #writing = false;
  /** What state the session is in is not known: it is not given back to the pool. */
  #broken = false;

  constructor(client: PoolClient, say: SayFailure, health: StoreHealth) {
    this.#client = client;
    this.#say = say;
    this.#health = health;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    if (this.#inTransaction || !writes(query)) return this.#ask<Row>(query);
    await this.begin({});
    try {
      const result = await this.#ask<Row>(query);
      await this.commit();
      return result;
    } catch (error) {
      await this.rollback();
      throw error;
    }
  }

  // biome-ignore lint/correctness/useYield: the ledger reads page by page.
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('the ledger reads page by page, not from a stream');
  }

  async begin({ accessMode, isolationLevel = 'read committed' }: TransactionSettings): Promise<void> {
    this.#writing = accessMode !== 'read only';
    try {
      await this.#send(accessMode === 'read only' ? `begin isolation level ${isolationLevel} read only` : BEGIN);
      this.#inTransaction = true;
    } catch (error) {
      // Begun perhaps, but without its turn.
      this.#broken = true;
      throw error;
    }
  }

  async commit(): Promise<void> {
    const { command } = await this.#send('commit', 'committing');
    this.#inTransaction = false;
    this.#health.worked(this.#writing);
    if (command === 'ROLLBACK') throw new Error('a transaction was committed after one of its statements had failed');
  }

  /** The end of the session ends its transaction too. */
  async rollback(): Promise<void> {
    if (this.#broken || !this.#inTransaction) return;
    this.#inTransaction = false;
    try {
      await this.#client.query('rollback');
    } catch {
      // Why the transaction failed is told by who asked for the rollback.
      this.#broken = true;
    }
  }

  release(): void {
    this.#client.release(this.#broken || this.#inTransaction);
  }

  async #ask<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const { rows, rowCount, command } = await this.#send(sql, 'asking', parameters.map(storable));
    if (!this.#inTransaction) this.#health.worked(false);
    const changes = ['INSERT', 'UPDATE', 'DELETE'].includes(command);
    return changes ? { rows, numAffectedRows: BigInt(rowCount ?? 0) } : { rows };
  }

  async #send(text: string, when: 'asking' | 'committing' = 'asking', values?: unknown[]) {
    try {
      return await this.#client.query(text, values);
    } catch (error) {
      const isOver = !(error instanceof DatabaseError) || error.severity === 'FATAL';
      if (isOver) this.#broken = true;
      const said = this.#say(error, when);
      this.#health.failed(said, this.#inTransaction && this.#writing);
      throw said;
    }
  }
}

function writes({ query }: CompiledQuery): boolean {
  return query.kind !== 'SelectQueryNode' && query.kind !== 'RawNode';
}

/** Postgres stores no NUL in a text (PostgreSQL 18 §8.3), and an alert may hold one. */
function storable(value: unknown): unknown {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value;
}
