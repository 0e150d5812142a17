import type { AlertId, DedupKey, Severity, TenantId } from './alert.ts';
import type { EpochMs } from './time.ts';

/** What was, or would be, said of one alert, as far as rules can change it. */
export interface Said {
  outcome: 'ticket' | 'suppressed';
  why: string;
  priority?: string;
  project?: string;
  issueType?: string;
  /** What the alerts that share its issue have in common. */
  group?: string;
  spoke: readonly { rule: string; said: string }[];
  undecided: readonly { rule: string; why: string }[];
}

/** One alert of which the present rules say something else than was said then. */
export interface ReplayChange {
  key: DedupKey;
  tenant: TenantId;
  alertId: AlertId;
  title: string;
  severity: Severity;
  createdAt: EpochMs;
  before: Said;
  after: Said;
  /** Rules that speak now or spoke then and whose word is not the same. */
  rules: readonly string[];
}

/** How much of what changes is one rule's doing; an alert counts with each rule whose word on it changed. */
export interface RuleDifference {
  rule: string;
  spokeThen: number;
  speaksNow: number;
  undecidedNow: number;
  /** Alerts that had a ticket and would have none. */
  suppressed: number;
  /** Alerts that had none and would have one. */
  raised: number;
  priorityUp: number;
  priorityDown: number;
  /** Alerts that would be grouped otherwise. */
  grouped: number;
}

/** What the present rules say of past alerts, next to what was said then. */
export interface ReplayReport {
  from: EpochMs;
  at: EpochMs;
  alerts: number;
  changed: number;
  /** The first of them, by tenant and time. */
  changes: readonly ReplayChange[];
  rules: readonly RuleDifference[];
  tickets: { before: number; after: number };
}

/** How much a rule was heard, and where last. */
export interface RuleUse {
  rule: string;
  spoke: number;
  /** Of those, alerts that have no ticket by its word. */
  suppressed: number;
  undecided: number;
  /** The last alert it spoke on. */
  last?: { key: DedupKey; title: string; seenAt: EpochMs };
}

/** The rules of the configuration in order, then those of which only the ledger knows. */
export interface RulesReport {
  from: EpochMs;
  at: EpochMs;
  rules: readonly (RuleUse & { configured: boolean; when?: string; says?: string })[];
}
