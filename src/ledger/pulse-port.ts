import type { TenantId } from '../domain/alert.ts';
import type { EpochMs } from '../domain/time.ts';
import type { LedgerVitals } from '../domain/vitals.ts';

/** How the tenants stand, in questions cheap enough to be asked every few seconds, however large the ledger is. */
export interface Pulse {
  tenants(names: readonly TenantId[], now: EpochMs): Promise<readonly LedgerVitals[]>;
  /** Days, counted from 1970 in UTC, on which alerts were created within each tenant's span (both ends in it); oldest first. */
  activeDays(
    spans: readonly { tenant: TenantId; from: EpochMs; to: EpochMs }[],
  ): Promise<ReadonlyMap<TenantId, readonly number[]>>;
  /** Tenants of the ledger besides these, and how many links of each are not over: nobody syncs them. */
  besides(names: readonly TenantId[]): Promise<readonly { tenant: TenantId; links: number }[]>;
}
