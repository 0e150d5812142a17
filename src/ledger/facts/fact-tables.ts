import { type Compilable, type Kysely, sql } from 'kysely';
import type { LedgerTables } from '../store/schema.ts';

/** What the ledger keeps for reports. Rows of alerts, facts, recounts and editions are added and never changed. */
export interface FactTables {
  /** Each alert as it was first read, apart from the row that changes with each step. */
  sightings: {
    dedup_key: string;
    tenant: string;
    alert_id: string;
    created_at: number;
    seen_at: number;
    /** As `facts.recorded_at`. */
    recorded_at: number;
    severity: string;
    title: string;
    type: string;
    activity_at: number | null;
    url: string;
    /** Names of the users, and the addresses, that it names, as JSON lists; NULL where it names none. */
    users: string | null;
    addresses: string | null;
  };
  /** `Fact` by alert. */
  facts: {
    dedup_key: string;
    tenant: string;
    /** `Fact['fact']`, or `re-read`: its record was replaced before anything was decided. */
    fact: string;
    /** Counts what can happen again, from 1, so that a later word on the same time around takes its place; else 0. */
    turn: number;
    at: number;
    /** Later than every edition that was frozen before it was written. */
    recorded_at: number;
    /** The rest of the fact as JSON; NULL where there is none. */
    detail: string | null;
    /** `Snapshot` as JSON: the alert as it was decided then; NULL where nothing was. */
    snapshot: string | null;
  };
  /** How often each tenant was read in each hour of UTC. */
  reading_hours: {
    tenant: string;
    hour: number;
    done: number;
    failed: number;
    why: string | null;
    first_at: number;
    first_done_at: number | null;
    last_done_at: number | null;
    last_at: number;
    every_ms: number;
  };
  /** Spans without a reading to the end, written when they end. */
  reading_gaps: { tenant: string; from_at: number; to_at: number; why: string | null };
  /** Every recount, `AuditReport` as JSON. */
  recounts: { tenant: string; at: number; recorded_at: number; from_at: number; to_at: number; report: string };
  editions: {
    kind: 'daily' | 'weekly' | 'monthly';
    from_at: number;
    to_at: number;
    revision: number;
    as_of: number;
    counting: string;
  };
}

/** The statements that make these tables where they are missing. */
export function factTables(db: Kysely<LedgerTables>): readonly Compilable[] {
  const create = (table: keyof FactTables) => db.schema.createTable(table).ifNotExists();
  const index = (name: string, table: keyof FactTables, columns: string[]) =>
    db.schema.createIndex(name).ifNotExists().on(table).columns(columns);
  return [
    create('sightings')
      .addColumn('dedup_key', 'text', (c) => c.primaryKey())
      .addColumn('tenant', 'text', (c) => c.notNull())
      .addColumn('alert_id', 'text', (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('seen_at', 'bigint', (c) => c.notNull())
      .addColumn('recorded_at', 'bigint', (c) => c.notNull())
      .addColumn('severity', 'text', (c) => c.notNull())
      .addColumn('title', 'text', (c) => c.notNull())
      .addColumn('type', 'text', (c) => c.notNull())
      .addColumn('activity_at', 'bigint')
      .addColumn('url', 'text', (c) => c.notNull())
      .addColumn('users', 'text')
      .addColumn('addresses', 'text'),
    create('facts')
      .addColumn('dedup_key', 'text', (c) => c.notNull())
      .addColumn('tenant', 'text', (c) => c.notNull())
      .addColumn('fact', 'text', (c) => c.notNull())
      .addColumn('turn', 'integer', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('recorded_at', 'bigint', (c) => c.notNull())
      .addColumn('detail', 'text')
      .addColumn('snapshot', 'text')
      .addPrimaryKeyConstraint('facts_pk', ['dedup_key', 'fact', 'turn', 'recorded_at']),
    create('reading_hours')
      .addColumn('tenant', 'text', (c) => c.notNull())
      .addColumn('hour', 'bigint', (c) => c.notNull())
      .addColumn('done', 'integer', (c) => c.notNull())
      .addColumn('failed', 'integer', (c) => c.notNull())
      .addColumn('why', 'text')
      .addColumn('first_at', 'bigint', (c) => c.notNull())
      .addColumn('first_done_at', 'bigint')
      .addColumn('last_done_at', 'bigint')
      .addColumn('last_at', 'bigint', (c) => c.notNull())
      .addColumn('every_ms', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('reading_hours_pk', ['tenant', 'hour']),
    create('reading_gaps')
      .addColumn('tenant', 'text', (c) => c.notNull())
      .addColumn('from_at', 'bigint', (c) => c.notNull())
      .addColumn('to_at', 'bigint', (c) => c.notNull())
      .addColumn('why', 'text')
      .addPrimaryKeyConstraint('reading_gaps_pk', ['tenant', 'to_at']),
    create('recounts')
      .addColumn('tenant', 'text', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('recorded_at', 'bigint', (c) => c.notNull())
      .addColumn('from_at', 'bigint', (c) => c.notNull())
      .addColumn('to_at', 'bigint', (c) => c.notNull())
      .addColumn('report', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('recounts_pk', ['tenant', 'at']),
    create('editions')
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('from_at', 'bigint', (c) => c.notNull())
      .addColumn('to_at', 'bigint', (c) => c.notNull())
      .addColumn('revision', 'integer', (c) => c.notNull())
      .addColumn('as_of', 'bigint', (c) => c.notNull())
      .addColumn('counting', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('editions_pk', ['kind', 'from_at', 'to_at', 'revision']),
    // Also answers how many there were of each severity, without a look at the rows.
    index('sightings_by_creation', 'sightings', ['tenant', 'created_at', 'dedup_key', 'severity', 'recorded_at']),
    index('facts_by_recording', 'facts', ['tenant', 'recorded_at']),
    index('editions_by_instant', 'editions', ['as_of']),
    // Those that wait for a person may have waited for long.
    index('facts_of_holding', 'facts', ['tenant', 'recorded_at']).where(sql`fact`, '=', sql.lit('held')),
    // Counts correct severities by these alone.
    index('facts_of_rereading', 'facts', ['tenant', 'recorded_at']).where(sql`fact`, '=', sql.lit('re-read')),
  ];
}
