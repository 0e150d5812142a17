import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { Client } from 'pg';
import { describe, inject } from 'vitest';
import type { Ledger } from '../src/ledger/ledger.ts';
import { sqlLedger } from '../src/ledger/sql-ledger.ts';
import { openPostgres, type PostgresPlace } from '../src/ledger/store/postgres.ts';
import type { LedgerTables } from '../src/ledger/store/schema.ts';
import { openSqlite } from '../src/ledger/store/sqlite.ts';
import { whyNoPostgres } from './postgres-server.ts';

/** An empty store, opened again and again as a second process or a restart would. */
export interface TestStore {
  db(): Promise<Kysely<LedgerTables>>;
  open(): Promise<Ledger>;
  remove(): Promise<void>;
}

export interface StoreKind {
  name: 'SQLite' | 'Postgres';
  store(): TestStore;
}

const sqlite: StoreKind = {
  name: 'SQLite',
  store() {
    const folder = mkdtempSync(join(tmpdir(), 'casewire-ledger-'));
    const db = () => openSqlite(join(folder, 'casewire.db'));
    return {
      db,
      open: async () => sqlLedger(await db()),
      remove: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
};

/** Databases of this file's tests that are empty again: making one takes longer than most tests. */
const free: string[] = [];

const postgres: StoreKind = {
  name: 'Postgres',
  store() {
    let url: Promise<string> | undefined;
    const db = async () => {
      url ??= Promise.resolve(free.pop() ?? freshDatabase());
      return (await openPostgres(placeOf(await url))) as Kysely<LedgerTables>;
    };
    return {
      db,
      open: async () => sqlLedger(await db()),
      async remove() {
        if (!url) return;
        await empty(await url);
        free.push(await url);
      },
    };
  },
};

async function empty(url: string): Promise<void> {
  const client = new Client(url);
  await client.connect();
  const { rows } = await client.query("select tablename from pg_tables where schemaname = 'public'");
  const tables = rows.map(({ tablename }) => tablename).filter((name) => name !== 'store_version');
  await client.query(tables.map((name) => `delete from "${name}"`).join(';'));
  await client.end();
}

/** The URL of an empty database of the run's Postgres. */
export async function freshDatabase(): Promise<string> {
  const response = await fetch(inject('postgresDoor'));
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}

export async function dropDatabase(url: string): Promise<void> {
  await fetch(`${inject('postgresDoor')}/${new URL(url).pathname.slice(1)}`, { method: 'DELETE' });
}

export function placeOf(url: string): PostgresPlace {
  const { hostname, port, username, password, pathname } = new URL(url);
  const database = pathname.slice(1);
  const name = `postgres://${username}@${hostname}:${port}/${database}`;
  return { name, host: hostname, port: Number(port), user: username, password, database };
}

/** Runs a suite on a Postgres, or says why it is left out. */
export function onPostgres(title: string, suite: () => void): void {
  const why = whyNoPostgres();
  describe.skipIf(why)(why ? `${title} (skipped: ${why})` : title, suite);
}

/** Runs a suite on each kind of store; one that cannot be had here is left out, with the reason. */
export function onEachStore(what: string, suite: (kind: StoreKind) => void): void {
  describe(`${what} on SQLite`, () => suite(sqlite));
  onPostgres(`${what} on Postgres`, () => suite(postgres));
}
