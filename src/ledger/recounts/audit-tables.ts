import type { Compilable, Kysely } from 'kysely';
import type { LedgerTables } from '../store/schema.ts';

/** What the ledger keeps of twins and recounts. */
export interface AuditTables {
  /** Second issues of one alert. */
  twins: {
    site: string;
    ticket_id: string;
    ticket_key: string;
    original_key: string;
    found_at: number;
    /** Who closes it now, and until when nobody else does. */
    owner: string | null;
    until: number | null;
    closed_at: number | null;
    note: string | null;
  };
  /** When each site was last looked through for twins, to the end. */
  sweeps: { site: string; at: number };
  /** The latest recount of each tenant, `AuditReport` as JSON. */
  audits: { tenant: string; at: number; report: string };
}

/** The statements that make these tables where they are missing. */
export function auditTables(db: Kysely<LedgerTables>): readonly Compilable[] {
  const create = (table: keyof AuditTables) => db.schema.createTable(table).ifNotExists();
  return [
    create('twins')
      .addColumn('site', 'text', (c) => c.notNull())
      .addColumn('ticket_id', 'text', (c) => c.notNull())
      .addColumn('ticket_key', 'text', (c) => c.notNull())
      .addColumn('original_key', 'text', (c) => c.notNull())
      .addColumn('found_at', 'bigint', (c) => c.notNull())
      .addColumn('owner', 'text')
      .addColumn('until', 'bigint')
      .addColumn('closed_at', 'bigint')
      .addColumn('note', 'text')
      .addPrimaryKeyConstraint('twins_pk', ['site', 'ticket_id']),
    create('sweeps')
      .addColumn('site', 'text', (c) => c.primaryKey())
      .addColumn('at', 'bigint', (c) => c.notNull()),
    create('audits')
      .addColumn('tenant', 'text', (c) => c.primaryKey())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('report', 'text', (c) => c.notNull()),
  ];
}
