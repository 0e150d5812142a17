import type { DedupKey, Severity, TenantId } from '../domain/alert.ts';
import type { AuditReport, Difference } from '../domain/audit.ts';
import type { CategoryPath } from '../domain/category.ts';
import type { HoldReason } from '../domain/decision.ts';
import type { ReadingGap } from '../domain/facts.ts';
import type { AbuseBand } from '../domain/finding.ts';
import type { BusinessHours, SlaTarget } from '../domain/sla.ts';
import type { EpochMs } from '../domain/time.ts';
import type { Trace } from './paper.ts';
import type { DaySpan, Period } from './periods/period.ts';

/**
 * Every number of one tenant's report. Definitions: docs/reports.md, "How things are counted". Lists are in a fixed
 * order (most first, ties by name), cut at `most`, and say in `total` how many there are.
 */
export interface ReportModel {
  scope: TenantId;
  period: Period;
  /** Everything that was recorded by then, and nothing else, was counted. */
  asOf: EpochMs;
  /** The period had not ended by `asOf`; what is told at its end is told as of then. */
  soFar: boolean;
  /** Alert and issue are not kept in step: nothing is known of when issues were taken up or done. Absent: it is. */
  notMeasured?: true;
  pseudonymised: boolean;
  sla: SlaBasis;
  figures: Figures;
  completeness: Completeness;
  days: readonly DayFigures[];
  /** Oldest first: weekly four before, monthly the month before; daily the day before. */
  previous: readonly PeriodFigures[];
  /** Monthly: the same month a year ago. Absent: the ledger has nothing from before it ended. */
  yearAgo?: PeriodFigures;
  /** Monthly: thirteen months, this one last. A month that the ledger has nothing of is absent. */
  trend: readonly { period: Period; volumes: Readonly<Record<Severity, number>> }[];
  detections: Listed<DetectionRow>;
  categories: Listed<CategoryRow>;
  tactics: Listed<{ id: string; name: string; alerts: number }>;
  users: Listed<UserRow>;
  addresses: Listed<AddressRow>;
  countries: Listed<{ country: string; alerts: number; addresses: number }>;
  /** Weekly: users and addresses with alerts in three or more of the last five weeks, this one among them. */
  repeats: Listed<RepeatRow>;
  suppressed: Listed<{ rule?: string; alerts: number }>;
  held: HeldFigures;
  enrichment: EnrichmentFigures;
  tuning: Listed<TuningRow>;
  uncategorised: Listed<{ type: string; alerts: number }>;
  /** Weak spots and failing telemetry, told apart from incidents. */
  posture: Listed<{ type: string; alerts: number }>;
  backlog: Backlog;
  slaLists: SlaLists;
  /** Alerts of high severity created in the period, oldest first. */
  high: Listed<HighRow>;
  notable: Listed<Incident>;
  traces: Readonly<Record<TraceName, Trace>>;
}

export interface Listed<T> {
  rows: readonly T[];
  /** How many there are, of which `rows` are the first. */
  total: number;
}

/** `count` of `of`. There is no share of nothing: `of` 0. */
export interface Share {
  count: number;
  of: number;
}

/**
 * How long something took, n times. Below n = 20 no percentile is told (the median is one): `medianMs` and `p90Ms`
 * are absent, and the shortest and the longest say what there is. Nearest rank: the value at place ⌈p·n⌉.
 */
export interface Durations {
  n: number;
  shortestMs?: number;
  longestMs?: number;
  medianMs?: number;
  p90Ms?: number;
}

/**
 * Verdicts given in Defender in the period: one each time that an alert was closed, or got another verdict while it was
 * closed, whether it has an issue or not.
 */
export interface Outcomes {
  truePositive: number;
  /** Benign true positives. */
  benign: number;
  falsePositive: number;
  /** Closed without a verdict. Not part of `falsePositives.of`. */
  undetermined: number;
  falsePositives: Share;
}

export interface SlaFigures {
  /** Targets that were decided (met or missed) in the period, and of them the missed ones. */
  breached: Share;
  /** Open at the end, not done in time and not done since, whenever the target was missed. */
  overdue: number;
  /** Open at the end, and due within 24 hours after it. */
  dueSoon: number;
}

/** What periods are compared by. A duration counts in the period in which it ended. */
export interface Figures {
  /** Created in the period (`tAlert`). */
  alerts: number;
  bySeverity: Readonly<Record<Severity, number>>;
  /** How these alerts stood at the end of the period; the sum is `alerts`. */
  states: AlertStates;
  /** Decisions made in the period, whenever their alerts were created. */
  decisions: Decisions;
  /** Issues made in the period; alerts that were added to another's issue are not among them. */
  issues: number;
  /** Issues whose first touch by a person lies in the period. */
  acknowledged: number;
  /** How often an issue became done in the period. */
  resolved: number;
  /** How often an issue that was done became open again in the period. */
  reopenings: number;
  /** Of the resolutions of the period (`resolved`) those that were reopened by its end. */
  reopened: Share;
  /** Issues that became done in the period and are done at its end, while their alert is not closed. */
  doneButOpen: number;
  openAtStart: number;
  openAtEnd: number;
  /** Alerts that are held and wait for a person at the end, whenever they were created. */
  heldAtEnd: number;
  outcomes: Outcomes;
  /** `tAlert − tEvent`, of alerts whose source says when the activity began. */
  detection: Durations;
  /** `tTicket − tAlert` and `tTicket − tSeen`. */
  alertToIssue: Durations;
  seenToIssue: Durations;
  acknowledge: Durations;
  resolve: Durations;
  bySeverityTimes: Readonly<Record<Severity, { acknowledge: Durations; resolve: Durations }>>;
  acknowledgeSla: SlaFigures;
  resolveSla: SlaFigures;
  slaBySeverity: Readonly<Record<Severity, { acknowledge: SlaFigures; resolve: SlaFigures }>>;
}

/** An alert is held once from becoming held until it is released or ends otherwise, and again when it is held then. */
export interface Decisions {
  raised: number;
  attached: number;
  suppressed: number;
  held: number;
  dropped: number;
}

/** Of alerts created in the period, at its end. */
export interface AlertStates {
  raised: number;
  attached: number;
  suppressed: number;
  held: number;
  dropped: number;
  /** Nothing was decided yet. */
  underWay: number;
}

export interface PeriodFigures {
  period: Period;
  /** The ledger knows of the tenant only since then, within the period: it compares with less than a whole one. */
  knownSince?: EpochMs;
  figures: Figures;
}

export interface DayFigures extends DaySpan {
  volumes: Readonly<Record<Severity, number>>;
  /** Issues open at the end of the day; absent for a day that had not ended. */
  open?: number;
  /** Issues made that day. */
  issues: number;
  /** How often an issue became done that day. */
  resolved: number;
}

export interface SlaBasis {
  targets: Readonly<Partial<Record<Severity, SlaTarget>>>;
  /** Absent: the clock always runs. */
  businessHours?: BusinessHours;
}

/**
 * `whole` read all through, and each recount agrees · `differs` a recount found a difference · `partly` there are gaps in
 * the reading · `could-not-look` every reading failed · `not-read` nobody tried
 */
export type CompletenessState = 'whole' | 'differs' | 'partly' | 'could-not-look' | 'not-read';

export interface Completeness {
  state: CompletenessState;
  days: readonly CompletenessDay[];
  readings: { done: number; failed: number };
  /** Those that touch the period, cut to it; longest first. */
  gaps: Listed<Required<Pick<ReadingGap, 'from' | 'to'>> & { why?: string; open: boolean }>;
  longestGapMs: number;
  /** Recounts whose span touches the period, newest first. */
  recounts: Listed<RecountRow>;
  /** What the newest recount of each day found, by kind; empty when all fits together. */
  differences: readonly Difference[];
  /** Days of the period that a recount covers wholly, and how many there are. */
  recounted: Share;
  /** Why the last failed reading and the recounts failed; each once. */
  failures: readonly string[];
}

export interface CompletenessDay extends DaySpan {
  /** `looked` · `partly` with gaps or failures · `could-not-look` · `not-read` · `ahead` after `asOf` */
  reading: 'looked' | 'partly' | 'could-not-look' | 'not-read' | 'ahead';
  done: number;
  failed: number;
  /** In the ledger: created that day. */
  alerts: number;
  /** Of them with an issue of their own or another's. */
  withIssue: number;
  /** By the newest recount that covers the day. */
  recount: 'agrees' | 'differs' | 'failed' | 'none';
}

/** A recount of the report's tenant. */
export type RecountRow = Omit<AuditReport, 'tenant'>;

export interface DetectionRow {
  type: string;
  alerts: number;
  /** Of these alerts those with a verdict at the end of the period, and of them false positives by the last one. */
  falsePositives: Share;
}

export interface CategoryRow {
  category: CategoryPath | 'unknown';
  alerts: number;
}

export interface UserRow {
  name: string;
  alerts: number;
  falsePositives: Share;
}

export interface AddressRow {
  address: string;
  alerts: number;
  falsePositives: Share;
  /** Absent: not checked, `why` says it. */
  band?: AbuseBand;
  score?: number;
  reports?: number;
  usageType?: string;
  country?: string;
  isp?: string;
  tor?: boolean;
  why?: string;
}

export interface RepeatRow {
  kind: 'user' | 'address';
  name: string;
  /** In how many of the five weeks. */
  weeks: number;
  /** Alerts in each of the five weeks, oldest first. */
  alerts: readonly number[];
}

export interface HeldFigures {
  /** `held`: `Figures.decisions.held` by the cause at that moment. `still`: `Figures.heldAtEnd` by the newest cause. */
  byReason: readonly { reason: HoldReason; held: number; still: number }[];
  still: Listed<{ key: DedupKey; title: string; reason: HoldReason; why: string; since: EpochMs }>;
}

/** Of the addresses that alerts created in the period name; one is counted in each alert. */
export interface EnrichmentFigures {
  /** Looked up, of those that may be; without those of alerts that were not to become an issue, which are in `notMade`. */
  checked: Share;
  /** Not public, one's own: nobody is asked about them. */
  never: number;
  notMade: Listed<{ why: string; count: number; never: boolean }>;
}

/** A detection with more than 80 % false positives among 20 or more verdicts given in the period. */
export interface TuningRow {
  type: string;
  falsePositives: Share;
}

export interface Backlog {
  /** Issues open at the end, by age since they were made. */
  buckets: readonly { label: string; bySeverity: Readonly<Record<Severity, number>>; issues: number }[];
  oldest: Listed<IssueRow>;
}

export interface SlaLists {
  /** Missed in the period, oldest first. */
  breached: Listed<SlaRow>;
  overdue: Listed<SlaRow>;
  dueSoon: Listed<SlaRow>;
}

/** One issue and the alert that it was made for. */
export interface IssueRow {
  key: DedupKey;
  title: string;
  severity: Severity;
  /** Issue key and link. */
  issue: string;
  url: string;
  madeAt: EpochMs;
  /** Since it was made until the end of the period, or until it was done. */
  ageMs: number;
}

export interface SlaRow extends IssueRow {
  target: 'acknowledge' | 'resolve';
  dueAt: EpochMs;
  /** When it was acknowledged or resolved after all, the first time; absent where it is open, be it again. */
  doneAt?: EpochMs;
  /** When it was found deleted without having been done. */
  goneAt?: EpochMs;
}

export interface HighRow {
  key: DedupKey;
  title: string;
  createdAt: EpochMs;
  users: readonly string[];
  /** Link into the portal; empty when unknown. */
  url: string;
  issue?: string;
  issueUrl?: string;
  /** At the end of the period. */
  state: 'open' | 'acknowledged' | 'resolved' | 'gone' | 'suppressed' | 'held' | 'dropped' | 'under-way';
  verdict?: Outcome;
}

export type Outcome = 'true-positive' | 'benign' | 'false-positive' | 'undetermined';

export interface Incident extends IssueRow {
  type: string;
  category?: CategoryPath;
  users: readonly string[];
  /** Why it is told: at least one. */
  because: readonly ('high-true-positive' | 'sla-breached' | 'longest')[];
  verdict?: Outcome;
  acknowledgeMs?: number;
  resolveMs?: number;
  /** Oldest first. */
  timeline: readonly IncidentStep[];
}

export interface IncidentStep {
  at: EpochMs;
  step:
    | 'activity'
    | 'alert'
    | 'seen'
    | 'issue'
    | 'held'
    | 'released'
    | 'acknowledged'
    | 'resolved'
    | 'reopened'
    | 'closed'
    | 'alert-reopened';
  /** Resolution, verdict or cause. */
  detail?: string;
}

/** What a trace is kept for; a list and the figures that it adds up to share one. */
export type TraceName =
  | 'alerts'
  | 'issues'
  | 'acknowledged'
  | 'resolved'
  | 'reopened'
  | 'backlog'
  | 'outcomes'
  | 'detection'
  | 'pipeline'
  | 'acknowledge'
  | 'resolve'
  | 'sla'
  | 'overdue'
  | 'dueSoon'
  | 'completeness'
  | 'detections'
  | 'categories'
  | 'tactics'
  | 'users'
  | 'addresses'
  | 'countries'
  | 'repeats'
  | 'suppressed'
  | 'held'
  | 'enrichment'
  | 'tuning'
  | 'uncategorised'
  | 'posture'
  | 'high'
  | 'notable'
  | 'trend';

/** A provider's look at all its tenants. */
export interface OverviewModel {
  scope: 'all';
  period: Period;
  asOf: EpochMs;
  soFar: boolean;
  /** As in a report of one tenant. */
  notMeasured?: true;
  sla: SlaBasis;
  /** Tenants that could not be looked at or not wholly first, then most alerts first. */
  tenants: readonly TenantRow[];
  totals: TenantTotals;
  days: readonly { day: string; volumes: Readonly<Record<Severity, number>> }[];
  traces: Readonly<Record<'alerts' | 'completeness', Trace>>;
}

export interface TenantTotals {
  tenants: number;
  /** Tenants by state. */
  states: Readonly<Record<CompletenessState, number>>;
  alerts: number;
  bySeverity: Readonly<Record<Severity, number>>;
  decisions: Decisions;
  issues: number;
  acknowledged: number;
  resolved: number;
  reopenings: number;
  openAtStart: number;
  openAtEnd: number;
  /** `Figures.heldAtEnd`. */
  held: number;
  outcomes: Outcomes;
  breached: Share;
}

export interface TenantRow {
  tenant: TenantId;
  state: CompletenessState;
  /** What is to be said of a tenant that is not whole: the last failure's words. */
  why?: string;
  longestGapMs: number;
  figures: Figures;
  held: number;
}
