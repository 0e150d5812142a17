import type { Severity, TenantId } from '../domain/alert.ts';
import type { IpFinding } from '../domain/finding.ts';
import type { AlertLine } from '../domain/outcome.ts';
import type { SiteId } from '../domain/ticket.ts';
import type { Clock, EpochMs } from '../domain/time.ts';
import type { Ledger, Owner } from '../ledger/ledger.ts';
import type { Progress } from '../observe/progress.ts';
import type { TenantPolicy } from '../rules/policy.ts';
import type { AlertKeeper } from '../sources/alert-keeper.ts';
import type { AlertSource } from '../sources/source.ts';
import type { IssueKeeper } from '../tracker/issue-keeper.ts';
import type { IssueMover } from '../tracker/issue-mover.ts';
import type { IssueWatch } from '../tracker/issue-watch.ts';
import type { Tracker } from '../tracker/tracker.ts';
import type { Groups } from './groups/group-desk.ts';
import type { Hands } from './hands.ts';
import type { SiteHealth } from './site-health.ts';

/** Answers what is known of addresses, in the order asked; it never fails and never waits beyond its deadline. */
export interface LookUps {
  lookUp(addresses: readonly string[], severity: Severity): Promise<IpFinding[]>;
  /** How many look-ups of today may go to alerts that have their tickets already; the rest is kept for new ones. */
  spare(): Promise<number>;
}

/** One tenant as the flows see it. */
export interface TenantParts {
  source: AlertSource;
  /** The same alerts after their birth. */
  keeper: AlertKeeper;
  policy: TenantPolicy;
  /** Fingerprint of `policy`, see `LedgerTables.alerts.policy`. */
  fingerprint: string;
  lookbackMs: number;
  /** How often it is read. */
  everyMs: number;
  /** Asked only when a rule that may match needs it. */
  groups: Groups;
}

export interface SiteParts {
  tracker: Tracker;
  keeper: IssueKeeper;
  watch: IssueWatch;
  mover: IssueMover;
  health: SiteHealth;
  reconcileWindowMs: number;
}

/** What a pass works with. */
export interface PassParts {
  ledger: Ledger;
  owner: Owner;
  tenants: ReadonlyMap<TenantId, TenantParts>;
  sites: ReadonlyMap<SiteId, SiteParts>;
  lookUps: LookUps;
  clock: Clock;
  progress: Progress;
}

/** One tenant's share of a running pass. */
export interface TenantPass {
  parts: PassParts;
  tenant: TenantId;
  own: TenantParts;
  site: SiteParts;
  hands: Hands;
  /** Nothing new is begun once it is aborted. */
  signal: AbortSignal;
  /** Until when the pass may wait for what is throttled or being looked for; its start when it may not wait. */
  waitUntil: EpochMs;
}

/** How long a pass that may not wait still waits for a throttled service, in milliseconds: shorter than a restart. */
export const PATIENCE_MS = 5_000;

export function patienceOf({ parts, waitUntil }: TenantPass): number {
  return Math.max(PATIENCE_MS, waitUntil - parts.clock.now());
}

export function settled({ parts }: TenantPass, line: AlertLine): void {
  parts.progress({ event: 'settled', line });
}
