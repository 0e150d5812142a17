import { existsSync } from 'node:fs';
import type { Kysely } from 'kysely';
import type { StoreConfig } from '../config/config.ts';
import type { CheckLine } from '../domain/check.ts';
import type { EpochMs } from '../domain/time.ts';
import type { LedgerTables } from '../ledger/store/schema.ts';
import type { StoreHealth } from '../ledger/store/store-health.ts';
import { systemClock } from '../observe/clock.ts';
import type { AssembleParts } from './casewire.ts';

/**
 * Opens the ledger's database, and loads the driver of that one alone; `use`: one that is not there yet is not made.
 * @throws Error with a sentence for people when it cannot be opened.
 */
export async function openStore(
  store: StoreConfig,
  how: AssembleParts['store'],
  { now, health }: { now: EpochMs; health: StoreHealth },
): Promise<Kysely<LedgerTables>> {
  if (store.kind === 'postgres') {
    const { openPostgres } = await import('../ledger/store/postgres.ts');
    const db = await openPostgres(store, how, health);
    if (db) return db;
  }
  const { openSqlite } = await import('../ledger/store/sqlite.ts');
  const isMissing = store.kind === 'postgres' || (how === 'use' && !existsSync(store.path));
  return openSqlite(isMissing ? ':memory:' : store.path, {
    ...(how === 'make' ? { checkAt: now } : {}),
    // Another process holds its lock in real time, whatever the clock that work is done by.
    sleep: systemClock.sleep,
    health,
  });
}

/** How a database server stands; a file that could be opened needs no words. */
export async function checkStore(store: StoreConfig): Promise<readonly CheckLine[]> {
  if (store.kind === 'sqlite') return [];
  const { checkPostgres } = await import('../ledger/store/check-postgres.ts');
  return checkPostgres(store);
}
