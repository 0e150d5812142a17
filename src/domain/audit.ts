import type { TenantId } from './alert.ts';
import type { SiteId, TicketRef } from './ticket.ts';
import type { EpochMs } from './time.ts';

/** A second issue of one alert. The one with the lowest id is kept. */
export interface Twin {
  site: SiteId;
  twin: Pick<TicketRef, 'id' | 'key'>;
  original: Pick<TicketRef, 'key'>;
  foundAt: EpochMs;
  /** Absent while it is not closed. */
  closedAt?: EpochMs;
  /** What could not be done to it. */
  note?: string;
}

/**
 * What of source, ledger and tracker does not fit together.
 *
 * `missing` at the source and not in the ledger · `not-at-source` in the ledger and no longer at the source ·
 * `stuck` without an end state for more than a day · `link-lacks` raised, and its issue is not known ·
 * `issue-gone` its issue no longer exists · `issue-unknown` an issue with the identity of an alert that the ledger does not link to it
 */
export type DifferenceKind = 'missing' | 'not-at-source' | 'stuck' | 'link-lacks' | 'issue-gone' | 'issue-unknown';

export interface Difference {
  kind: DifferenceKind;
  count: number;
  /** The first few, alerts by key and issues by theirs. */
  examples: readonly string[];
}

/** One recount of a tenant: its alerts created in [`from`, `to`), and the issues of its pairs. */
export interface AuditReport {
  tenant: TenantId;
  at: EpochMs;
  from: EpochMs;
  to: EpochMs;
  /** Alerts that the source showed, that the ledger has, and issues that were read. */
  source: number;
  ledger: number;
  issues: number;
  /** Missing alerts that were admitted, and go the way of every alert from here. */
  admitted: number;
  /** Empty when all fits together. */
  differences: readonly Difference[];
  /** What could not be recounted, and why. */
  failures: readonly string[];
}

/** What one sweep did. */
export interface SweepSummary {
  /** Issues of ours that were looked through. */
  issues: number;
  /** Twins that were closed, and that wait for the next sweep. */
  closed: readonly Twin[];
  left: readonly Twin[];
  /** Sites that could not be asked. */
  failures: readonly { site: SiteId; why: string }[];
}

/** What a pass did besides: the duplicate scan and the reconciliation, each where it was due. */
export interface Upkeep {
  scan?: SweepSummary;
  reconciliation?: readonly AuditReport[];
}
