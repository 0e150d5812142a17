import type { Kysely } from 'kysely';
import type { LedgerTables } from '../store/schema.ts';
import type { Facts } from './facts-port.ts';

export function sqlFacts(db: Kysely<LedgerTables>): Facts {
  void db;
  return {} as Facts;
}
