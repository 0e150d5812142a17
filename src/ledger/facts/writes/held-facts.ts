import type { Kysely, Transaction } from 'kysely';
import type { DedupKey } from '../../../domain/alert.ts';
import type { HoldReason } from '../../../domain/decision.ts';
import type { EpochMs } from '../../../domain/time.ts';
import type { LedgerTables } from '../../store/schema.ts';
import { byKey, type FactRow } from '../fact-rows.ts';
import { storeFacts } from './store-facts.ts';

/** Keys in one statement, far below what either database allows. */
const AT_ONCE = 500;

export interface NewHold {
  key: DedupKey;
  at: EpochMs;
  reason: HoldReason;
  why: string;
  snapshot?: string | null;
}

/**
 * Stores that alerts are held. One that went back into the queue by itself and is held again for the same reason was
 * held all the time: a storm that is tried each hour does not fill the store.
 */
export async function storeHeld(tx: Transaction<LedgerTables>, holds: readonly NewHold[], now: EpochMs): Promise<void> {
  if (holds.length === 0) return;
  const before = byKey(await readHolds(tx, holds));
  const fresh = holds.filter(({ key, reason }) => reasonOf(before.get(key) ?? []) !== reason);
  await storeFacts(
    tx,
    fresh.map(({ key, at, reason, why, snapshot = null }) => ({
      key,
      at,
      happening: { fact: 'held', reason, why },
      snapshot,
    })),
    now,
  );
}

/** Why it is held by the newest word; absent where it is not, or a person put it back since. */
function reasonOf(rows: readonly FactRow[]): HoldReason | undefined {
  const [first, ...rest] = rows;
  if (!first) return undefined;
  // Of one instant the release came after the hold.
  const last = rest.reduce(
    (a, b) => (b.recorded_at > a.recorded_at || (b.recorded_at === a.recorded_at && b.fact === 'released') ? b : a),
    first,
  );
  return last.fact === 'held' ? JSON.parse(last.detail ?? '{}').reason : undefined;
}

async function readHolds(db: Kysely<LedgerTables>, holds: readonly NewHold[]): Promise<FactRow[]> {
  const rows: FactRow[] = [];
  for (let i = 0; i < holds.length; i += AT_ONCE)
    rows.push(
      ...(await db
        .selectFrom('facts')
        .select(['dedup_key', 'fact', 'turn', 'at', 'recorded_at', 'detail', 'snapshot'])
        .where(
          'dedup_key',
          'in',
          holds.slice(i, i + AT_ONCE).map(({ key }) => key),
        )
        .where('fact', 'in', ['held', 'released'])
        .execute()),
    );
  return rows;
}
