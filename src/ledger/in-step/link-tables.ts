import { type Compilable, type Kysely, type SqlBool, sql } from 'kysely';
import type { LedgerTables } from '../store/schema.ts';

/** What the ledger keeps of pairs besides `links`: how far they are in step, and what issues are to be told. */
export interface LinkTables {
  /** One row a tenant whose pairs were kept in step once. */
  sync_places: {
    tenant: string;
    /** Who keeps them in step now, and until when nobody else does. */
    owner: string | null;
    until: number | null;
    /** `SyncPosition`. */
    alerts_since: number | null;
    issues_since: number | null;
    closed_at: number | null;
    hinted_alerts: number | null;
    hinted_issues: number | null;
    /** When a pass last ended well; why the last one could not go on; why a guard stopped it. */
    synced_at: number | null;
    failure: string | null;
    stopped: string | null;
  };
  notes: {
    id: string;
    dedup_key: string;
    tenant: string;
    site: string;
    project: string;
    ticket_id: string;
    ticket_key: string;
    ticket_url: string;
    /** `Document` as JSON; empty once it is not needed any more. */
    document: string;
    noted_at: number;
    /** The comment that it is part of; NULL while in none. */
    comment: string | null;
    /** 1: not on its issue yet; NULL: it is, or never will be. The row stays, so that the same news is noted once. */
    open: number | null;
  };
  /** Comments made of notes: the intent, and what came of it. */
  note_comments: {
    /** The marker that the comment carries. */
    id: string;
    tenant: string;
    state: 'open' | 'written' | 'given-up';
    owner: string | null;
    lease_until: number | null;
    not_before: number | null;
    /** How often it was sent; the first and the last time that may have reached the issue. */
    attempt: number;
    first_sent_at: number | null;
    sent_at: number | null;
    /** Its id on the issue, once it stands there. */
    comment_id: string | null;
    why: string | null;
  };
}

/** Pairs closed on both sides whose issue has changed since its history was read. The same words stand in their index. */
export const HISTORY_UNREAD = sql<SqlBool>`agreed_over = 1 and history_changed_at is not null and (history_read_to is null or history_read_to < history_changed_at)`;

/** The statements that make these tables, and the orders in which links are read, where they are missing. */
export function linkTables(db: Kysely<LedgerTables>): readonly Compilable[] {
  const create = (table: keyof LinkTables) => db.schema.createTable(table).ifNotExists();
  const linkIndex = (name: string) => db.schema.createIndex(name).ifNotExists().on('links');
  return [
    create('sync_places')
      .addColumn('tenant', 'text', (c) => c.primaryKey())
      .addColumn('owner', 'text')
      .addColumn('until', 'bigint')
      .addColumn('alerts_since', 'bigint')
      .addColumn('issues_since', 'bigint')
      .addColumn('closed_at', 'bigint')
      .addColumn('hinted_alerts', 'integer')
      .addColumn('hinted_issues', 'integer')
      .addColumn('synced_at', 'bigint')
      .addColumn('failure', 'text')
      .addColumn('stopped', 'text'),
    create('notes')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('dedup_key', 'text', (c) => c.notNull())
      .addColumn('tenant', 'text', (c) => c.notNull())
      .addColumn('site', 'text', (c) => c.notNull())
      .addColumn('project', 'text', (c) => c.notNull())
      .addColumn('ticket_id', 'text', (c) => c.notNull())
      .addColumn('ticket_key', 'text', (c) => c.notNull())
      .addColumn('ticket_url', 'text', (c) => c.notNull())
      .addColumn('document', 'text', (c) => c.notNull())
      .addColumn('noted_at', 'bigint', (c) => c.notNull())
      .addColumn('comment', 'text')
      .addColumn('open', 'integer'),
    create('note_comments')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('tenant', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('owner', 'text')
      .addColumn('lease_until', 'bigint')
      .addColumn('not_before', 'bigint')
      .addColumn('attempt', 'integer', (c) => c.notNull())
      .addColumn('first_sent_at', 'bigint')
      .addColumn('sent_at', 'bigint')
      .addColumn('comment_id', 'text')
      .addColumn('why', 'text'),
    linkIndex('links_watched').columns(['tenant', 'dedup_key']).where(sql`agreed_over`, 'is', null),
    linkIndex('links_over').columns(['tenant', 'agreed_at']).where(sql`agreed_over`, '=', sql.lit(1)),
    linkIndex('links_left').columns(['tenant', 'ticket_key']).where(sql`agreed_left`, 'is not', null),
    linkIndex('links_by_ticket').columns(['ticket_id']),
    linkIndex('links_by_site').columns(['tenant', 'site']),
    linkIndex('links_unread').columns(['tenant', 'dedup_key']).where(HISTORY_UNREAD),
    linkIndex('links_by_done').columns(['tenant', 'done_recorded_at']),
    // Only what is open: most notes are old, and on their issues.
    db.schema
      .createIndex('notes_open')
      .ifNotExists()
      .on('notes')
      .columns(['tenant', 'noted_at'])
      .where(sql`open`, '=', sql.lit(1)),
    db.schema.createIndex('notes_by_comment').ifNotExists().on('notes').column('comment'),
    db.schema
      .createIndex('note_comments_open')
      .ifNotExists()
      .on('note_comments')
      .columns(['tenant', 'id'])
      .where(sql`state`, '=', sql.lit('open')),
  ];
}
