import type { DedupKey, TenantId } from '../../domain/alert.ts';
import type { LeftOver, SyncPolicy } from '../../domain/link.ts';
import type { TenantSync } from '../../domain/sync-outcome.ts';
import type { EpochMs } from '../../domain/time.ts';
import type { TenantParts } from '../../pipeline/pass-parts.ts';
import type { SyncParts } from './sync-parts.ts';

/** One tenant's share of a pass that keeps alerts and issues in step. */
export interface TenantSyncPass {
  parts: SyncParts;
  tenant: TenantId;
  own: TenantParts;
  policy: SyncPolicy;
  /** What is counted for the summary. */
  count: TenantSync;
  /** A person asks that what was refused is tried again. */
  retry: boolean;
  /** What became of the refused writes that this pass tried again: still refused with why, or no longer. */
  tried: Map<DedupKey, LeftOver | undefined>;
  /** Nothing new is begun once it is aborted. */
  signal: AbortSignal;
  /** Until when the tenant is this pass's alone; without end for a plan, which takes no right. */
  rightUntil: EpochMs;
}

/** The counts of a tenant of which nothing was done yet. */
export const NOTHING = {
  watched: 0,
  changed: 0,
  closed: 0,
  reopened: 0,
  moved: 0,
  movedBack: 0,
  told: 0,
  updated: 0,
  waiting: 0,
  refused: 0,
} as const;
