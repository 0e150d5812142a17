import { existsSync } from 'node:fs';
import type { Kysely } from 'kysely';
import type { StoreConfig } from '../config/config.ts';
import type { LedgerTables } from '../ledger/store/schema.ts';
import type { AssembleParts } from './casewire.ts';

/**
 * Opens the ledger's database, and loads the driver of that one alone; `use`: one that is not there yet is not made.
 * @throws Error with a sentence for people when it cannot be opened.
 */
export async function openStore(store: StoreConfig, how: AssembleParts['store']): Promise<Kysely<LedgerTables>> {
  const { openSqlite } = await import('../ledger/store/sqlite.ts');
  if (store.kind === 'postgres') throw new Error('the store cannot be opened: Postgres is being built');
  return openSqlite(how === 'use' && !existsSync(store.path) ? ':memory:' : store.path);
}
