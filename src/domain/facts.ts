import type { AlertId, DedupKey, Severity, TenantId, Verdict } from './alert.ts';
import type { Category } from './category.ts';
import type { HoldReason } from './decision.ts';
import type { IpFinding } from './finding.ts';
import type { SiteId, TicketRef } from './ticket.ts';
import type { EpochMs } from './time.ts';

/**
 * Something that happened to an alert or its issue. `at` is its own time, as the side where it happened says it;
 * `recordedAt` is when this ledger learnt of it. Nothing of it ever changes: a correction is a new fact.
 */
export type Fact = { at: EpochMs; recordedAt: EpochMs } & Happening;

export type Happening =
  /** An issue was made for it, found for it after a lost answer, or lists it in a comment. */
  | { fact: 'raised' | 'adopted' | 'attached'; ticket: TicketRef; site: SiteId; project?: string; priority?: string }
  /** `rule`: by whose word; absent where it was closed in Defender before it was seen. */
  | { fact: 'suppressed'; rule?: string; why: string }
  | { fact: 'held'; reason: HoldReason; why: string }
  /** A person put a held alert back into the queue; one that goes back by itself is held until it ends otherwise. */
  | { fact: 'released' }
  /** A person ended a held alert for good. */
  | { fact: 'dropped'; why: string }
  /** First human touch of the issue: it was assigned, or its status left the first one. */
  | { fact: 'acknowledged'; by: 'assignee' | 'status' }
  /** The issue reached a status of category Done. */
  | { fact: 'resolved'; resolution?: string }
  | { fact: 'reopened' }
  /** The issue no longer exists: it is in no backlog any more. */
  | { fact: 'issue-gone' }
  /** The alert was closed in Defender. */
  | { fact: 'closed'; verdict: Verdict }
  | { fact: 'alert-reopened' };

/** What is known of one alert for reports, as of an instant: only facts that were recorded by then. */
export interface AlertFacts {
  key: DedupKey;
  tenant: TenantId;
  alertId: AlertId;
  title: string;
  /** Detection or policy that its source files it under. */
  type: string;
  severity: Severity;
  /** `tEvent`: when the activity began, where the source says so. */
  activityAt?: EpochMs;
  /** `tAlert`: when the source raised it. */
  createdAt: EpochMs;
  /** `tSeen`: when it was first read. */
  seenAt: EpochMs;
  /** Link into the portal; empty when unknown. */
  url: string;
  /** Absent while its record cannot be read or nothing was decided yet. */
  category?: Category;
  users: readonly string[];
  /** One for each address, as it was known when it was decided. */
  findings: readonly IpFinding[];
  /** Names of the rules that matched, in order. */
  rules: readonly string[];
  /** In the order of `at`; of facts that correct each other only the newest. */
  facts: readonly Fact[];
}

/** How often a tenant was read in one hour. */
export interface ReadingHour {
  tenant: TenantId;
  /** Start of the hour. */
  hour: EpochMs;
  /** Readings that went to the end, and that did not. */
  done: number;
  failed: number;
  /** Why the last failed one failed. */
  why?: string;
}

/** A span without a reading to the end that was longer than three times the tenant's own beat. */
export interface ReadingGap {
  tenant: TenantId;
  from: EpochMs;
  /** Absent: it had not ended by then. */
  to?: EpochMs;
  why?: string;
}
