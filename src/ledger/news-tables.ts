import type { Compilable, Kysely } from 'kysely';
import type { LedgerTables } from './schema.ts';

/** What the ledger keeps of what changed on an alert after its birth and what its issue was told of it; see `LedgerTables` for the words. */
export type NewsTables = Record<never, never>;

/** The statements that make these tables where they are missing. */
export function newsTables(_db: Kysely<LedgerTables>): readonly Compilable[] {
  return [];
}
