import { type Kysely, PostgresAdapter, sql } from 'kysely';
import type { EpochMs } from '../../domain/time.ts';
import type { LedgerTables } from './schema.ts';

/** What a process may take for granted of its store. */
export interface StoreDoubt {
  /** What Casewire did before this instant may be missing in the store. */
  since: EpochMs;
  /** The store is another one than before: commits are likely to be missing. */
  replaced: boolean;
}

/**
 * Notices that a store may lack commits that were there. A store does not tell what it lost: an older back-up looks like
 * a ledger in which nothing happened. So a process trusts its store from its own first look on, and no further back.
 * A Postgres store may also be replaced under a running process: a standby takes over, an older copy of the files is
 * started, a dump is restored. Each of these is another start of a server or another table (PostgreSQL 18, "System
 * Information Functions", `pg_postmaster_start_time`), and the process trusts the store from then on. A SQLite file that
 * is replaced is refused until the next start.
 */
export class LostCommits {
  readonly #db: Kysely<LedgerTables>;
  readonly #isPostgres: boolean;
  #doubt: StoreDoubt | undefined;
  #store: string | undefined;

  constructor(db: Kysely<LedgerTables>) {
    this.#db = db;
    this.#isPostgres = db.getExecutor().adapter instanceof PostgresAdapter;
  }

  /** Must be asked after the rows in question were read: a loss that is noticed here may have come before they were. */
  async doubt(now: EpochMs): Promise<StoreDoubt> {
    const store = this.#isPostgres ? await this.#ask() : undefined;
    if (!this.#doubt) this.#doubt = { since: now, replaced: false };
    else if (store !== this.#store) this.#doubt = { since: now, replaced: true };
    this.#store = store;
    return this.#doubt;
  }

  async #ask(): Promise<string | undefined> {
    const { rows } = await sql<{ store: string }>`select
      concat_ws(' ', pg_postmaster_start_time(), to_regclass('alerts')::oid) as store`.execute(this.#db);
    return rows[0]?.store;
  }
}
