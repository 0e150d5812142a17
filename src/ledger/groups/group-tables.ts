import type { Compilable, Kysely } from 'kysely';
import type { LedgerTables } from '../store/schema.ts';

/** What the ledger keeps of groups and of the comments that list their alerts; see `LedgerTables` for the words. */
export interface GroupTables {
  /** One row a scope that joins lock, so that two processes cannot both open its group. */
  group_scopes: { scope: string; joined_at: number };
  groups: GroupRow;
  /** Alerts that are, or are to be, listed in a comment on a group's issue; the one that opened the group is not among them. */
  members: { dedup_key: string; group_id: string; attachment: string | null };
  /** Comments that list alerts: the intent, and what came of it. */
  attachments: {
    /** The marker that the comment carries. */
    id: string;
    group_id: string;
    tenant: string;
    state: 'open' | 'written';
    owner: string | null;
    lease_until: number | null;
    not_before: number | null;
    /** How often it was sent; the first and the last time that may have reached the issue. */
    attempt: number;
    first_sent_at: number | null;
    sent_at: number | null;
    /** The comment names this many alerts of the group in all. */
    total: number;
    why: string | null;
  };
}

/** A group is named by the alert that opened it and raises its issue; the issue is that alert's link. */
export interface GroupRow {
  id: string;
  /** Site, project and the wish's key. */
  scope: string;
  tenant: string;
  site: string;
  project: string;
  rule: string;
  words: string;
  when_done: 'raise' | 'reopen';
  opened_at: number;
  /** Alerts in it, and the newest of them. */
  alerts: number;
  last_seen: number;
  /** Priorities asked for by its alerts, a JSON list; the one that its issue was last given by us. */
  asked: string;
  given: string | null;
  /** For how many alerts the property and priority stand. */
  told: number;
  tell_owner: string | null;
  tell_until: number | null;
  tell_not_before: number | null;
  /** The group whose done issue this one's is to be linked to; 1 once it is. */
  follows: string | null;
  linked: number;
  /** 1: the issue is to be told, or linked. */
  news: number;
  closed_at: number | null;
  /** `done`, `gone` or `full`: what became of its issue; `left`: its first alert went elsewhere. */
  closed_for: string | null;
}

/** The statements that make these tables where they are missing. */
export function groupTables(db: Kysely<LedgerTables>): readonly Compilable[] {
  const create = (table: keyof GroupTables) => db.schema.createTable(table).ifNotExists();
  const index = (name: string) => db.schema.createIndex(name).ifNotExists();
  return [
    create('group_scopes')
      .addColumn('scope', 'text', (c) => c.primaryKey())
      .addColumn('joined_at', 'bigint', (c) => c.notNull()),
    create('groups')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('scope', 'text', (c) => c.notNull())
      .addColumn('tenant', 'text', (c) => c.notNull())
      .addColumn('site', 'text', (c) => c.notNull())
      .addColumn('project', 'text', (c) => c.notNull())
      .addColumn('rule', 'text', (c) => c.notNull())
      .addColumn('words', 'text', (c) => c.notNull())
      .addColumn('when_done', 'text', (c) => c.notNull())
      .addColumn('opened_at', 'bigint', (c) => c.notNull())
      .addColumn('alerts', 'integer', (c) => c.notNull())
      .addColumn('last_seen', 'bigint', (c) => c.notNull())
      .addColumn('asked', 'text', (c) => c.notNull())
      .addColumn('given', 'text')
      .addColumn('told', 'integer', (c) => c.notNull())
      .addColumn('tell_owner', 'text')
      .addColumn('tell_until', 'bigint')
      .addColumn('tell_not_before', 'bigint')
      .addColumn('follows', 'text')
      .addColumn('linked', 'integer', (c) => c.notNull())
      .addColumn('news', 'integer', (c) => c.notNull())
      .addColumn('closed_at', 'bigint')
      .addColumn('closed_for', 'text'),
    create('members')
      .addColumn('dedup_key', 'text', (c) => c.primaryKey())
      .addColumn('group_id', 'text', (c) => c.notNull())
      .addColumn('attachment', 'text'),
    create('attachments')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('group_id', 'text', (c) => c.notNull())
      .addColumn('tenant', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('owner', 'text')
      .addColumn('lease_until', 'bigint')
      .addColumn('not_before', 'bigint')
      .addColumn('attempt', 'integer', (c) => c.notNull())
      .addColumn('first_sent_at', 'bigint')
      .addColumn('sent_at', 'bigint')
      .addColumn('total', 'integer', (c) => c.notNull())
      .addColumn('why', 'text'),
    index('groups_by_scope').on('groups').columns(['scope', 'opened_at']),
    index('groups_by_news').on('groups').columns(['tenant', 'news']),
    index('members_by_group').on('members').columns(['group_id']),
    index('members_by_attachment').on('members').columns(['attachment']),
    index('attachments_by_tenant').on('attachments').columns(['tenant', 'state']),
  ];
}
