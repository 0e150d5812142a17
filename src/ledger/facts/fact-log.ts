import type { Kysely } from 'kysely';
import type { LedgerTables } from '../store/schema.ts';
import type { FactLog } from './facts-port.ts';

export function sqlFactLog(db: Kysely<LedgerTables>): FactLog {
  void db;
  return {} as FactLog;
}
