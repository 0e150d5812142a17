import { type Compilable, type Kysely, sql } from 'kysely';
import { UNCATEGORISED } from '../../domain/category.ts';
import { type ActTables, actTables } from '../acts/act-tables.ts';
import { type MarkTables, markTables } from '../catalogue/mark-tables.ts';
import { type DeliveryTables, deliveryTables } from '../deliveries/delivery-tables.ts';
import { type FactTables, factTables } from '../facts/fact-tables.ts';
import { type GroupTables, groupTables } from '../groups/group-tables.ts';
import { type HintTables, hintTables } from '../in-step/hint-tables.ts';
import { type LinkTables, linkTables } from '../in-step/link-tables.ts';
import { type NewsTables, newsTables } from '../in-step/news-tables.ts';
import { type AuditTables, auditTables } from '../recounts/audit-tables.ts';
import { type SessionTables, sessionTables } from '../sessions/session-tables.ts';

/** Instants are epoch milliseconds in 64-bit integers; absent is NULL. */
export interface LedgerTables
  extends GroupTables,
    LinkTables,
    HintTables,
    AuditTables,
    NewsTables,
    FactTables,
    MarkTables,
    DeliveryTables,
    ActTables,
    SessionTables {
  tenants: {
    tenant: string;
    watermark: number | null;
    /** The source's private notes, see `ReadPosition`. */
    memo: string;
    /** Who reads this tenant now, and until when nobody else does. */
    poll_owner: string | null;
    poll_until: number | null;
    polled_at: number | null;
    /** When the last reading that came to its end began. */
    read_to: number | null;
    /** Why the last read failed, in words; NULL when it went well. */
    poll_failure: string | null;
  };
  alerts: {
    dedup_key: string;
    tenant: string;
    alert_id: string;
    created_at: number;
    seen_at: number;
    severity: string;
    title: string;
    state: AlertRowState;
    /** Hold reason or why it waits, as a word. */
    reason: string | null;
    /** The reason in words: the rule, the vendor, the person. */
    why: string | null;
    /** Not to be taken up before this instant; for held alerts: when they are tried again, NULL is never by itself. */
    not_before: number | null;
    lease_owner: string | null;
    lease_until: number | null;
    settled_at: number | null;
    attempt: number;
    sent_at: number | null;
    site: string | null;
    project: string | null;
    issue_type: string | null;
    /** Highest issue number of the project known when the create left. */
    highest_number: number | null;
    /** 1: admitted before this ledger had read the tenant once, so its issue may exist from an earlier ledger. */
    look_first: number;
    /** When its issue was last looked for before a create, in vain; NULL: never. */
    looked_at: number | null;
    /** Fingerprint of the tenant's ticket policy when the alert was held, so that a mended one is tried again. */
    policy: string | null;
    /** 1: a person put it back by hand, so that the hourly limit neither holds nor counts it. */
    past_limit: number;
  };
  /** The bulk of an alert, apart from the row that changes with each step, so that a step writes little. */
  records: {
    dedup_key: string;
    /** `Alert` as JSON without its raw record; NULL while the record is unreadable. */
    alert: string | null;
    raw: string;
  };
  /** What was decided and found for an alert, as `AlertLine` JSON; the newest word replaces the one before. */
  proposals: {
    dedup_key: string;
    json: string;
    /** Of the same line: its category's path and the detection, so that they can be counted; NULL before a category is chosen. */
    category: string | null;
    detection: string | null;
  };
  /** Which rules were heard on an alert; written with its proposal, so that the newest word replaces the one before. */
  rule_words: { dedup_key: string; rule: string; kind: 'spoke' | 'suppressed' | 'undecided' };
  /** Alert and issue that belong together. `ticket_id` never changes; the key does when the issue is moved. */
  links: {
    dedup_key: string;
    site: string;
    ticket_id: string;
    ticket_key: string;
    ticket_url: string;
    linked_at: number;
    /** Of the alert, so that a tenant's pairs are found; NULL in no row. */
    tenant: string | null;
    /** What both sides last agreed on; NULL until a pass over the pair had something to say: as at its birth, both open. */
    agreed_alert: 'open' | 'closed' | 'gone' | null;
    agreed_verdict: string | null;
    agreed_issue: 'open' | 'done' | 'gone' | null;
    agreed_at: number | null;
    /** 1: closed on both sides, or one of them is no more; NULL: to be watched. */
    agreed_over: number | null;
    /** `LeftOver` as JSON: what one side refused. */
    agreed_left: string | null;
    /** When it was last recorded that the issue is done or no more; NULL while it is neither. */
    done_recorded_at: number | null;
    /** `HistoryRead`. */
    history_changed_at: number | null;
    history_read_to: number | null;
  };
  /** Each create that was sent, and what came of it. */
  attempts: {
    dedup_key: string;
    attempt: number;
    owner: string;
    sent_at: number;
    outcome: string | null;
    outcome_at: number | null;
    detail: string | null;
  };
  findings: {
    address: string;
    window_days: number;
    /** `AbuseReport` as JSON; NULL before the first answer. */
    report: string | null;
    looked_up_at: number | null;
    /** Why the last look-up failed; NULL when it answered. */
    failure: string | null;
    retry_at: number | null;
    /** Who is asking now, and until when nobody else does. */
    asking_owner: string | null;
    asking_until: number | null;
  };
  quotas: {
    name: string;
    /** When the first look-up of the running day was counted. */
    day_started_at: number;
    used: number;
    /** What the service's own headers said is left, and when. */
    remaining: number | null;
    remaining_at: number | null;
    /** When the day ends by the service's own word; NULL: a day after it began. */
    day_ends_at: number | null;
    /** No look-up before this instant, and why. */
    blocked_until: number | null;
    blocked_why: string | null;
  };
  memberships: {
    tenant: string;
    /** Object id, else address, in lower case. */
    user: string;
    /** Ids and names as JSON; NULL: the tenant does not know the user. */
    groups: string | null;
    asked_at: number;
  };
  metadata: { site: string; key: string; json: string; stored_at: number };
  projects: { site: string; project: string; highest_number: number };
}

/**
 * `pending`: admitted, to be decided · `sending`: intent on disk, a create may be on its way · `unknown`: a create
 * left and its answer was lost · `attaching`: to be listed in a comment on its group's issue · the rest are end states.
 */
export type AlertRowState =
  | 'pending'
  | 'sending'
  | 'unknown'
  | 'attaching'
  | 'raised'
  | 'attached'
  | 'suppressed'
  | 'held';

/** Version of the tables below, which a store remembers. A released version's tables never change: others get the next number. */
export const SCHEMA_VERSION = 1;

/** The statements that make the tables of an empty store; running them twice changes nothing. */
export function migration(db: Kysely<LedgerTables>): readonly Compilable[] {
  const create = (table: keyof LedgerTables) => db.schema.createTable(table).ifNotExists();
  const index = (name: string, columns: (keyof LedgerTables['alerts'])[]) =>
    db.schema.createIndex(name).ifNotExists().on('alerts').columns(columns);
  return [
    create('tenants')
      .addColumn('tenant', 'text', (c) => c.primaryKey())
      .addColumn('watermark', 'bigint')
      .addColumn('memo', 'text', (c) => c.notNull())
      .addColumn('poll_owner', 'text')
      .addColumn('poll_until', 'bigint')
      .addColumn('polled_at', 'bigint')
      .addColumn('read_to', 'bigint')
      .addColumn('poll_failure', 'text'),
    create('alerts')
      .addColumn('dedup_key', 'text', (c) => c.primaryKey())
      .addColumn('tenant', 'text', (c) => c.notNull())
      .addColumn('alert_id', 'text', (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('seen_at', 'bigint', (c) => c.notNull())
      .addColumn('severity', 'text', (c) => c.notNull())
      .addColumn('title', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('reason', 'text')
      .addColumn('why', 'text')
      .addColumn('not_before', 'bigint')
      .addColumn('lease_owner', 'text')
      .addColumn('lease_until', 'bigint')
      .addColumn('settled_at', 'bigint')
      .addColumn('attempt', 'integer', (c) => c.notNull())
      .addColumn('sent_at', 'bigint')
      .addColumn('site', 'text')
      .addColumn('project', 'text')
      .addColumn('issue_type', 'text')
      .addColumn('highest_number', 'bigint')
      .addColumn('look_first', 'integer', (c) => c.notNull())
      .addColumn('looked_at', 'bigint')
      .addColumn('policy', 'text')
      .addColumn('past_limit', 'integer', (c) => c.notNull()),
    create('records')
      .addColumn('dedup_key', 'text', (c) => c.primaryKey())
      .addColumn('alert', 'text')
      .addColumn('raw', 'text', (c) => c.notNull()),
    create('proposals')
      .addColumn('dedup_key', 'text', (c) => c.primaryKey())
      .addColumn('json', 'text', (c) => c.notNull())
      .addColumn('category', 'text')
      .addColumn('detection', 'text'),
    // Holds the uncategorised alone, so that counting them costs nothing where there are none.
    db.schema
      .createIndex('proposals_uncategorised')
      .ifNotExists()
      .on('proposals')
      .column('detection')
      .where(sql`category`, '=', sql.lit(UNCATEGORISED)),
    create('rule_words')
      .addColumn('dedup_key', 'text', (c) => c.notNull())
      .addColumn('rule', 'text', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('rule_words_pk', ['dedup_key', 'rule']),
    db.schema.createIndex('rule_words_by_rule').ifNotExists().on('rule_words').column('rule'),
    create('links')
      .addColumn('dedup_key', 'text', (c) => c.primaryKey())
      .addColumn('site', 'text', (c) => c.notNull())
      .addColumn('ticket_id', 'text', (c) => c.notNull())
      .addColumn('ticket_key', 'text', (c) => c.notNull())
      .addColumn('ticket_url', 'text', (c) => c.notNull())
      .addColumn('linked_at', 'bigint', (c) => c.notNull())
      .addColumn('tenant', 'text')
      .addColumn('agreed_alert', 'text')
      .addColumn('agreed_verdict', 'text')
      .addColumn('agreed_issue', 'text')
      .addColumn('agreed_at', 'bigint')
      .addColumn('agreed_over', 'integer')
      .addColumn('agreed_left', 'text')
      .addColumn('done_recorded_at', 'bigint')
      .addColumn('history_changed_at', 'bigint')
      .addColumn('history_read_to', 'bigint'),
    create('attempts')
      .addColumn('dedup_key', 'text', (c) => c.notNull())
      .addColumn('attempt', 'integer', (c) => c.notNull())
      .addColumn('owner', 'text', (c) => c.notNull())
      .addColumn('sent_at', 'bigint', (c) => c.notNull())
      .addColumn('outcome', 'text')
      .addColumn('outcome_at', 'bigint')
      .addColumn('detail', 'text')
      .addPrimaryKeyConstraint('attempts_pk', ['dedup_key', 'attempt']),
    create('findings')
      .addColumn('address', 'text', (c) => c.notNull())
      .addColumn('window_days', 'integer', (c) => c.notNull())
      .addColumn('report', 'text')
      .addColumn('looked_up_at', 'bigint')
      .addColumn('failure', 'text')
      .addColumn('retry_at', 'bigint')
      .addColumn('asking_owner', 'text')
      .addColumn('asking_until', 'bigint')
      .addPrimaryKeyConstraint('findings_pk', ['address', 'window_days']),
    db.schema.createIndex('findings_by_asking').ifNotExists().on('findings').column('asking_until'),
    create('quotas')
      .addColumn('name', 'text', (c) => c.primaryKey())
      .addColumn('day_started_at', 'bigint', (c) => c.notNull())
      .addColumn('used', 'integer', (c) => c.notNull())
      .addColumn('remaining', 'bigint')
      .addColumn('remaining_at', 'bigint')
      .addColumn('day_ends_at', 'bigint')
      .addColumn('blocked_until', 'bigint')
      .addColumn('blocked_why', 'text'),
    create('memberships')
      .addColumn('tenant', 'text', (c) => c.notNull())
      .addColumn('user', 'text', (c) => c.notNull())
      .addColumn('groups', 'text')
      .addColumn('asked_at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('memberships_pk', ['tenant', 'user']),
    create('metadata')
      .addColumn('site', 'text', (c) => c.notNull())
      .addColumn('key', 'text', (c) => c.notNull())
      .addColumn('json', 'text', (c) => c.notNull())
      .addColumn('stored_at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('metadata_pk', ['site', 'key']),
    create('projects')
      .addColumn('site', 'text', (c) => c.notNull())
      .addColumn('project', 'text', (c) => c.notNull())
      .addColumn('highest_number', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('projects_pk', ['site', 'project']),
    index('alerts_by_tenant_time', ['tenant', 'created_at']),
    index('alerts_by_state', ['tenant', 'state', 'created_at']),
    index('alerts_by_sent', ['tenant', 'sent_at']),
    index('alerts_by_seen', ['seen_at']),
    // Holds what is in a hand alone, so that looking for it costs nothing however many alerts there are.
    index('alerts_in_hand', ['lease_owner']).where('lease_owner', 'is not', null),
    ...groupTables(db),
    ...linkTables(db),
    ...hintTables(db),
    ...auditTables(db),
    ...newsTables(db),
    ...factTables(db),
    ...actTables(db),
    ...markTables(db),
    ...deliveryTables(db),
    ...sessionTables(db),
  ];
}
