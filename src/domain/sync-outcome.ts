import type { AlertId, DedupKey, TenantId } from './alert.ts';
import type { SyncAction } from './sync-action.ts';
import type { TicketRef } from './ticket.ts';
import type { EpochMs } from './time.ts';

/** What is done to one side of a pair; `give-up-issue` writes to neither: the issue is gone, and no longer looked at. */
export type SyncDeed = SyncAction['do'] | 'give-up-issue';

/**
 * How a deed ended: `done` · `was-so` the other side was so already · `waits` for the next pass · `refused` the same
 * request fails again until a person changes something · `would` the word of a plan, also of one that a guard stopped.
 */
export type SyncEnding = 'done' | 'was-so' | 'waits' | 'refused' | 'would';

/** One deed as a person reads it. */
export interface SyncLine {
  tenant: TenantId;
  alertId: AlertId;
  key: DedupKey;
  /** Empty where the source gave none. */
  title: string;
  ticket: TicketRef;
  deed: SyncDeed;
  ending: SyncEnding;
  /** What it is done for, or why it could not be, in words. */
  why: string;
}

/** What keeping in step did for one tenant. */
export interface TenantSync {
  tenant: TenantId;
  /** Pairs that were looked after. */
  watched: number;
  /** Of those, how many differed from what both sides last agreed on. */
  changed: number;
  /** Alerts closed in Defender, and opened again there. */
  closed: number;
  reopened: number;
  /** Issues moved to done, and moved out of it. */
  moved: number;
  movedBack: number;
  /** Comments written on issues. */
  told: number;
  /** Issues whose fields were brought up to late news of their alerts, or to late look-ups. */
  updated: number;
  /** Deeds and comments left for the next pass. */
  waiting: number;
  /** Pairs of which the one side cannot follow the other until a person changes something. */
  refused: number;
  /** Why a guard stopped the whole plan of the tenant: nothing of it was done. */
  stopped?: string;
  /** `waiting`: throttled, or another process has the tenant in hand; the next pass goes on. */
  failure?: { why: string; mend?: string; waiting: boolean };
}

/** What one pass did to keep alerts and issues in step. */
export interface SyncSummary {
  tenants: readonly TenantSync[];
  warnings: readonly string[];
  /** API calls by service. */
  calls: Readonly<Record<string, number>>;
  startedAt: EpochMs;
  durationMs: number;
  /** Stopped by a signal before everything was done. */
  stopped: boolean;
}
