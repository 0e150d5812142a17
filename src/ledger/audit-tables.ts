import type { Compilable, Kysely } from 'kysely';
import type { LedgerTables } from './schema.ts';

/** What the ledger keeps of sweeps, twins and recounts; see `LedgerTables` for the words. */
export type AuditTables = Record<never, never>;

/** The statements that make these tables where they are missing. */
export function auditTables(_db: Kysely<LedgerTables>): readonly Compilable[] {
  return [];
}
