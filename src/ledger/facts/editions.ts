import type { Kysely } from 'kysely';
import type { LedgerTables } from '../store/schema.ts';
import type { Editions } from './facts-port.ts';

export function sqlEditions(db: Kysely<LedgerTables>): Editions {
  void db;
  return {} as Editions;
}
