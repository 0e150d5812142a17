import type { Compilable, Kysely } from 'kysely';
import type { LedgerTables } from '../store/schema.ts';

/** What the ledger keeps of what changed on an alert after its birth and what its issue was told of it; see `LedgerTables` for the words. */
export interface NewsTables {
  /** News of raised alerts, and what became of each; of one kind an alert has at most one open. */
  news: {
    id: string;
    dedup_key: string;
    tenant: string;
    kind: 'changed' | 'looked-up';
    /** What is new, in a line. */
    words: string;
    state: 'open' | 'ended';
    found_at: number;
    /** The newer record while it is open; NULL for answers on addresses alone. */
    alert: string | null;
    raw: string | null;
    /** What its addresses are known for, as `IpFinding[]` JSON, once they were asked after; NULL when it has ended. */
    findings: string | null;
    owner: string | null;
    lease_until: number | null;
    not_before: number | null;
    why: string | null;
    ended_at: number | null;
    /** `updated`, `noted`, `updated and noted`, `left` or `gone`, and in words what was done. */
    outcome: string | null;
    says: string | null;
  };
  /** Our own changes of issues' fields, so that a person who shares the account is told from us. */
  issue_edits: {
    news: string;
    site: string;
    ticket_id: string;
    sent_at: number;
    /** NULL while the answer is not known. */
    answered_at: number | null;
    /** Field ids as JSON; NULL: any. */
    fields: string | null;
  };
  /** Alerts with addresses that were not looked up for a reason that passes. */
  waiting_look_ups: {
    dedup_key: string;
    tenant: string;
    /** 0 is the most urgent. */
    urgency: number;
    created_at: number;
    /** How often it was tried since. */
    tries: number;
    owner: string | null;
    lease_until: number | null;
    not_before: number | null;
  };
}

/** The statements that make these tables where they are missing. */
export function newsTables(db: Kysely<LedgerTables>): readonly Compilable[] {
  const create = (table: keyof NewsTables) => db.schema.createTable(table).ifNotExists();
  const index = (name: string) => db.schema.createIndex(name).ifNotExists();
  return [
    create('news')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('dedup_key', 'text', (c) => c.notNull())
      .addColumn('tenant', 'text', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('words', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('found_at', 'bigint', (c) => c.notNull())
      .addColumn('alert', 'text')
      .addColumn('raw', 'text')
      .addColumn('findings', 'text')
      .addColumn('owner', 'text')
      .addColumn('lease_until', 'bigint')
      .addColumn('not_before', 'bigint')
      .addColumn('why', 'text')
      .addColumn('ended_at', 'bigint')
      .addColumn('outcome', 'text')
      .addColumn('says', 'text'),
    create('issue_edits')
      .addColumn('news', 'text', (c) => c.notNull())
      .addColumn('site', 'text', (c) => c.notNull())
      .addColumn('ticket_id', 'text', (c) => c.notNull())
      .addColumn('sent_at', 'bigint', (c) => c.notNull())
      .addColumn('answered_at', 'bigint')
      .addColumn('fields', 'text')
      .addPrimaryKeyConstraint('issue_edits_pk', ['news', 'sent_at']),
    create('waiting_look_ups')
      .addColumn('dedup_key', 'text', (c) => c.primaryKey())
      .addColumn('tenant', 'text', (c) => c.notNull())
      .addColumn('urgency', 'integer', (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('tries', 'integer', (c) => c.notNull())
      .addColumn('owner', 'text')
      .addColumn('lease_until', 'bigint')
      .addColumn('not_before', 'bigint'),
    index('news_by_alert').on('news').columns(['dedup_key', 'found_at']),
    index('news_by_tenant').on('news').columns(['tenant', 'state']),
    index('issue_edits_by_ticket').on('issue_edits').columns(['site', 'ticket_id']),
    index('waiting_look_ups_by_tenant').on('waiting_look_ups').columns(['tenant', 'urgency', 'created_at']),
  ];
}
