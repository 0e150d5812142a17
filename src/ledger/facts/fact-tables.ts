import type { Compilable, Kysely } from 'kysely';
import type { LedgerTables } from '../store/schema.ts';

/** What the ledger keeps for reports; rows are added and never changed. */
export interface FactTables {
  /** `Fact` by alert. */
  facts: {
    /** In the order of recording. */
    seq: number | undefined;
    dedup_key: string;
    tenant: string;
    fact: string;
    at: number;
    recorded_at: number;
    /** The rest of the fact as JSON. */
    detail: string | null;
  };
  /** When an issue was open, for the backlog: one row a span, ended by the fact that it was resolved. */
  open_spans: {
    dedup_key: string;
    tenant: string;
    opened_at: number;
    opened_recorded_at: number;
    closed_at: number | null;
    closed_recorded_at: number | null;
  };
  reading_hours: { tenant: string; hour: number; done: number; failed: number; why: string | null };
  reading_gaps: { tenant: string; from_at: number; to_at: number | null; why: string | null };
  /** Every recount, `AuditReport` as JSON. */
  recounts: { tenant: string; at: number; report: string };
  editions: {
    scope: string;
    kind: string;
    from_at: number;
    to_at: number;
    revision: number;
    as_of: number;
  };
}

/** The statements that make these tables where they are missing. */
export function factTables(db: Kysely<LedgerTables>): readonly Compilable[] {
  void db;
  return [];
}
