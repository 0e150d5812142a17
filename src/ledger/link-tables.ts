import type { Compilable, Kysely } from 'kysely';
import type { LedgerTables } from './schema.ts';

/** What the ledger keeps of pairs, their notes and the comments made of these; see `LedgerTables` for the words. */
export type LinkTables = Record<never, never>;

/** The statements that make these tables where they are missing. */
export function linkTables(_db: Kysely<LedgerTables>): readonly Compilable[] {
  return [];
}
