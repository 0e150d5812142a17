import type { TenantId } from '../../../../domain/alert.ts';
import { DAY_MS, type EpochMs } from '../../../../domain/time.ts';
import type { Catalogue } from '../../../../ledger/catalogue/catalogue-port.ts';
import type { TenantRow } from './tenant-rows.ts';

/** How many alerts each shown tenant had since midnight in UTC. */
export function todayOf(
  catalogue: Catalogue,
  rows: readonly TenantRow[],
  now: EpochMs,
): Promise<ReadonlyMap<TenantId, number>> {
  return catalogue.createdSince(
    rows.map(({ vitals }) => vitals.tenant),
    Math.floor(now / DAY_MS) * DAY_MS,
  );
}
