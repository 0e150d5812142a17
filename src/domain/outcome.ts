import type { AlertId, DedupKey, Severity, TenantId } from './alert.ts';
import type { AuditReport, Upkeep } from './audit.ts';
import type { Category } from './category.ts';
import type { HoldReason } from './decision.ts';
import type { Fact } from './facts.ts';
import type { IpFinding } from './finding.ts';
import type { Agreement } from './link.ts';
import type { NewsEnd, NewsKind } from './news-outcome.ts';
import type { TicketRef } from './ticket.ts';
import type { EpochMs } from './time.ts';
import type { Warning } from './vitals.ts';

/**
 * What became of one alert in a pass.
 *
 * `raised` a new issue · `adopted` its issue was found after a lost answer · `attached` listed in a comment on the
 * issue of its group · `suppressed`, `held` with a reason ·
 * `waiting` nothing settled yet: throttled, the site is down, or a create whose answer was lost is being looked for ·
 * `would-raise`, `would-attach`, `would-suppress`, `would-hold` the same words of a `plan`.
 */
export type AlertOutcome =
  | 'raised'
  | 'adopted'
  | 'attached'
  | 'suppressed'
  | 'held'
  | 'waiting'
  | 'would-raise'
  | 'would-attach'
  | 'would-suppress'
  | 'would-hold';

/** What the rules had to say of one alert. */
export interface RuleWords {
  /** Rules that matched, in order, each with what it said. */
  spoke: readonly { rule: string; said: string }[];
  /** Rules whose expression failed on this alert, each with why; none of them matches. */
  undecided: readonly { rule: string; why: string }[];
  /** The rule that left the alert without a ticket. */
  suppressedBy?: string;
  /** The rule by which the alert shares an issue, and what the alerts of that issue have in common. */
  group?: { rule: string; words: string };
}

/** One alert as a person reads it in the summary of a pass. */
export interface AlertLine {
  tenant: TenantId;
  alertId: AlertId;
  key: DedupKey;
  title: string;
  severity: Severity;
  /** Detection or policy that the source files it under. */
  type?: string;
  /** What kind of incident it is suspected to be; absent while its record cannot be read. */
  category?: Category;
  createdAt: EpochMs;
  outcome: AlertOutcome;
  /** Why, in words; for a raised alert what set its priority. */
  why: string;
  ticket?: TicketRef;
  /** Where the ticket is or would be: project key and issue type. */
  project?: string;
  issueType?: string;
  priority?: string;
  /** Of a plan: the text that each mapped field would hold, by the name it is mapped with; empty leaves it out. */
  fields?: Readonly<Record<string, string>>;
  users: readonly string[];
  findings: readonly IpFinding[];
  /** Fields left out and other things the ticket lacks, one sentence each. */
  notes: readonly string[];
  /** Absent where no rule matched or failed. */
  rules?: RuleWords;
}

/** What a pass did for one tenant. */
export interface TenantSummary {
  tenant: TenantId;
  /** Records read from the source. */
  read: number;
  /** Of those, how many the ledger had not seen. */
  fresh: number;
  raised: number;
  attached: number;
  suppressed: number;
  held: number;
  waiting: number;
  /** Held alerts of the tenant at the pass's end, also those of earlier passes, without the dropped. */
  heldInAll?: number;
  /** Why reading stopped before its end. `waiting`: throttled, or read by another process; the next pass goes on. */
  failure?: { why: string; mend?: string; waiting: boolean };
}

/** How often a rule was heard in a pass. */
export interface RuleCount {
  rule: string;
  /** Alerts that it matched. */
  spoke: number;
  /** Of those, the ones that have no ticket by its word. */
  suppressed: number;
  /** Alerts on which its expression failed. */
  undecided: number;
}

/** What a pass did. */
export interface PassSummary {
  tenants: readonly TenantSummary[];
  /** Sites that could not be used, and why. `waiting`: the site asked to wait; the next pass goes on. */
  siteFailures: readonly { site: string; why: string; mend?: string; waiting?: true }[];
  warnings: readonly string[];
  /** Rules that matched or failed, in no order; absent where none did. */
  rules?: readonly RuleCount[];
  /** The duplicate scan and the reconciliation, where one was due. */
  upkeep?: Upkeep;
  /** Of a `run`: what needs attention as `status` has it, of the tenants of the pass and of what all share. */
  attention?: readonly Warning[];
  /** API calls by service. */
  calls: Readonly<Record<string, number>>;
  startedAt: EpochMs;
  durationMs: number;
  /** Stopped by a signal before everything was done. */
  stopped: boolean;
}

export interface HeldAlert {
  key: DedupKey;
  tenant: TenantId;
  alertId: AlertId;
  title: string;
  severity: Severity;
  createdAt: EpochMs;
  reason: HoldReason;
  why: string;
  heldAt: EpochMs;
  /** When it is tried again by itself; absent: only by hand. */
  retryAt?: EpochMs;
}

/** Everything the ledger knows of one alert. */
export interface AlertHistory {
  line: Omit<AlertLine, 'outcome'> & { state: string; reason?: string };
  /** When the activity began, where the source says so. */
  activityAt?: EpochMs;
  seenAt: EpochMs;
  settledAt?: EpochMs;
  retryAt?: EpochMs;
  url: string;
  description: string;
  incomplete: readonly string[];
  attempts: readonly {
    attempt: number;
    sentAt: EpochMs;
    outcome?: string;
    outcomeAt?: EpochMs;
    detail?: string;
  }[];
  /** What became new of it since its issue was made, oldest first; absent where nothing did. */
  /** How alert and issue last stood, and the comments by which the issue was told; absent before anything came of it. */
  inStep?: { agreed: Agreement; told: readonly { notedAt: EpochMs; writtenAt?: EpochMs; why?: string }[] };
  news?: readonly { at: EpochMs; words: string; kind: NewsKind; outcome?: NewsEnd; says: string }[];
  /** What happened to alert and issue, by its own times; absent while nothing did. */
  timeline?: readonly Fact[];
  /** The label that carries the alert's identity in Jira. */
  label: string;
}

export interface TenantStatus {
  tenant: TenantId;
  watermark?: EpochMs;
  polledAt?: EpochMs;
  failure?: string;
  /** Alerts by state: pending, sending, unknown, attaching, raised, attached, suppressed, held. */
  counts: Readonly<Record<string, number>>;
  /** Held alerts by reason. */
  heldBy: Readonly<Record<string, number>>;
  /** Creation time of the oldest alert that has not reached an end state. */
  oldestOpen?: EpochMs;
}

/** Alerts of one tenant and detection that no row of the table of categories matches. */
export interface UncategorisedAlerts {
  tenant: TenantId;
  /** Detection or policy. */
  type: string;
  alerts: number;
}

export interface StatusReport {
  store: string;
  at: EpochMs;
  /** What is not well, the most urgent first; empty: all is well. */
  warnings: readonly Warning[];
  /** When each clock last ran for any tenant or site; absent: never, as far as the ledger knows. */
  clocks: { polledAt?: EpochMs; syncedAt?: EpochMs; sweptAt?: EpochMs; auditedAt?: EpochMs };
  /** The last recount of each tenant. */
  audits: readonly AuditReport[];
  tenants: readonly TenantStatus[];
  /** What was first seen within these days and is not categorised, most frequent first. */
  uncategorised: { days: number; types: readonly UncategorisedAlerts[] };
  /** Absent when look-ups are switched off. */
  quota?: { dailyBudget: number; used: number; left: number; blockedUntil?: EpochMs; blockedWhy?: string };
}
