import type { PersonsAct } from '../domain/act.ts';
import type { AlertId, DedupKey, TenantId } from '../domain/alert.ts';
import type { AuditReport, SweepSummary } from '../domain/audit.ts';
import type { CheckLine } from '../domain/check.ts';
import type { StoreFailure } from '../domain/failure.ts';
import type { AlertHistory, HeldAlert, PassSummary, StatusReport } from '../domain/outcome.ts';
import type { ReplayReport, RulesReport } from '../domain/replay.ts';
import type { SyncSummary } from '../domain/sync-outcome.ts';
import type { Clock } from '../domain/time.ts';
import type { Standing } from '../domain/vitals.ts';
import type { SyncParts } from '../lifecycle/sync/sync-parts.ts';
import type { SyncOptions } from '../lifecycle/sync/sync-pass.ts';
import type { ApiCall } from '../observe/meter.ts';
import type { Progress } from '../observe/progress.ts';
import type { PeriodAsk, PeriodReports, Report, ReportAsk } from '../reports/make-report.ts';

/** What a caller may ask of one pass. */
export interface PassRequest {
  /** Only these tenants; all when absent. */
  tenants?: readonly TenantId[];
  /** Go on until nothing is pending, at most for this long; 0 leaves what has to wait for the next pass. */
  waitMs: number;
  signal: AbortSignal;
}

/** The whole product behind one door: each command of the command line is one call. */
export interface Casewire {
  run(request: PassRequest): Promise<PassSummary>;
  plan(request: PassRequest): Promise<PassSummary>;
  /** One pass that keeps alerts and issues in step; nothing is done where the configuration has no `sync`. */
  sync(request: Omit<SyncOptions, 'tenants'> & { tenants?: readonly TenantId[] }): Promise<SyncSummary>;
  /** Looks through all sites for second issues of an alert and closes them as duplicates of the first. */
  sweep(signal: AbortSignal): Promise<SweepSummary>;
  /** Recounts source, ledger and issues of all tenants. */
  audit(signal: AbortSignal): Promise<readonly AuditReport[]>;
  /** What a service works with as long as it runs: one set of sites, look-ups and connections for all it does. */
  engine(): SyncParts;
  /** What the present rules say of the alerts of the last `pastMs`, next to what was said then. */
  replay(request: Omit<PassRequest, 'waitMs'> & { pastMs: number }): Promise<ReplayReport>;
  /** How much each rule was heard in the last 30 days. */
  rules(): Promise<RulesReport>;
  check(tenants?: readonly TenantId[]): Promise<readonly CheckLine[]>;
  explain(tenant: TenantId, alert: AlertId): Promise<AlertHistory | undefined>;
  held(): Promise<readonly HeldAlert[]>;
  /**
   * Does what a person asks for. That it was asked for is on record before it is done, and afterwards how it ended, in
   * the words of `says` or of what was thrown.
   */
  onRecord<T>(act: PersonsAct, work: () => Promise<T>, says: (result: T) => string): Promise<T>;
  /** Puts held alerts back into the queue (all of them when `keys` is absent); returns those put back. */
  retryHeld(keys?: readonly DedupKey[]): Promise<readonly DedupKey[]>;
  /** Drops one held alert for good, with a person's reason; false when it is not held. */
  dropHeld(key: DedupKey, why: string): Promise<boolean>;
  status(): Promise<StatusReport>;
  /** Counts one report, to be drawn in any format; `version` is told in it. */
  report(request: ReportAsk & { version: string }): Promise<Report>;
  /** All reports of one period, told as of one instant. */
  reports(request: PeriodAsk & { version: string }): Promise<PeriodReports>;
  /** Every tenant that was ever read, also those that the configuration no longer has. */
  tenantsRead(): Promise<readonly TenantId[]>;
  /** How the tenants stand and what is not well; cheap enough to be asked every few seconds. */
  standing(): Promise<Standing>;
  /** Why the store did not do what it was last asked; absent when it did. Nothing is asked. */
  storeTrouble(): StoreFailure | undefined;
  close(): Promise<void>;
}

export interface AssembleParts {
  clock: Clock;
  /** A number in [0, 1), for jitter. */
  random: () => number;
  progress: Progress;
  /** `use`: a store that does not exist yet is not made, an empty one in memory stands in for it. */
  store: 'make' | 'use';
  /** Hears how each call to a service ended. */
  onCall?: (call: ApiCall) => void;
}
