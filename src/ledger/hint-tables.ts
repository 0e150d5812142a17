import type { Compilable, Kysely } from 'kysely';
import type { LedgerTables } from './schema.ts';

/** What the ledger keeps of webhook calls that were taken; see `LedgerTables` for the words. */
export type HintTables = Record<never, never>;

/** The statements that make these tables where they are missing. */
export function hintTables(_db: Kysely<LedgerTables>): readonly Compilable[] {
  return [];
}
