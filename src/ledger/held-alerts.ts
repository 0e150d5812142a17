import type { Kysely, Transaction } from 'kysely';
import type { Alert, AlertId, DedupKey, Severity, TenantId } from '../domain/alert.ts';
import type { HoldReason } from '../domain/decision.ts';
import { storeReread as storeRereadFact } from './facts/writes/sightings.ts';
import { storeFacts } from './facts/writes/store-facts.ts';
import { RELEASED } from './inbox.ts';
import type { HeldAlerts } from './ledger.ts';
import { storeRecord } from './reading.ts';
import type { LedgerTables } from './store/schema.ts';

/** Keys in one statement, far below what either database allows. */
const KEYS_AT_ONCE = 1_000;

export function sqlHeldAlerts(db: Kysely<LedgerTables>): HeldAlerts {
  return {
    async list() {
      const rows = await db
        .selectFrom('alerts')
        .select([
          'dedup_key',
          'tenant',
          'alert_id',
          'title',
          'severity',
          'created_at',
          'reason',
          'why',
          'settled_at',
          'not_before',
        ])
        .where('state', '=', 'held')
        .where('reason', '!=', 'dropped')
        .orderBy('tenant')
        .orderBy('created_at')
        .execute();
      return rows.map((row) => ({
        key: row.dedup_key as DedupKey,
        tenant: row.tenant as TenantId,
        alertId: row.alert_id as AlertId,
        title: row.title,
        severity: row.severity as Severity,
        createdAt: row.created_at,
        reason: (row.reason ?? 'refused') as HoldReason,
        why: row.why ?? '',
        heldAt: row.settled_at ?? 0,
        ...(row.not_before === null ? {} : { retryAt: row.not_before }),
      }));
    },

    async unreadable(keys) {
      const rows: { dedup_key: string; tenant: string; raw: string; seen_at: number }[] = [];
      for (const some of inChunks(keys))
        rows.push(
          ...(await db
            .selectFrom('alerts')
            .innerJoin('records', 'records.dedup_key', 'alerts.dedup_key')
            .select(['alerts.dedup_key', 'tenant', 'raw', 'seen_at'])
            .where('alerts.dedup_key', 'in', some)
            .where('state', '=', 'held')
            .where('alert', 'is', null)
            .execute()),
        );
      return rows.map((row) => ({
        key: row.dedup_key as DedupKey,
        tenant: row.tenant as TenantId,
        raw: row.raw,
        seenAt: row.seen_at,
      }));
    },

    retry: (keys, reread, now) =>
      db.transaction().execute(async (tx) => {
        for (const [key, alert] of reread) await storeReread(tx, key, alert);
        if (reread.size > 0)
          await storeRereadFact(
            tx,
            [...reread].map(([key, alert]) => ({ key, alert })),
            now,
          );
        const released: DedupKey[] = [];
        for (const some of inChunks(keys)) released.push(...(await releaseHeld(tx, some, reread)));
        await storeFacts(
          tx,
          released.map((key) => ({ key, at: now, happening: { fact: 'released' } })),
          now,
        );
        return released;
      }),

    drop: (key, why, now) =>
      db.transaction().execute(async (tx) => {
        const changed = await tx
          .updateTable('alerts')
          .set({ reason: 'dropped', why, not_before: null, policy: null, settled_at: now })
          .where('dedup_key', '=', key)
          .where('state', '=', 'held')
          .where('reason', '!=', 'dropped')
          .executeTakeFirst();
        if (changed.numUpdatedRows === 0n) return false;
        await storeFacts(tx, [{ key, at: now, happening: { fact: 'dropped', why } }], now);
        return true;
      }),
  };
}

function inChunks(keys: readonly DedupKey[]): DedupKey[][] {
  const chunks: DedupKey[][] = [];
  for (let i = 0; i < keys.length; i += KEYS_AT_ONCE) chunks.push(keys.slice(i, i + KEYS_AT_ONCE));
  return chunks;
}

/** Puts these back into the queue where they are held, and can be read. */
async function releaseHeld(
  tx: Transaction<LedgerTables>,
  keys: readonly DedupKey[],
  reread: ReadonlyMap<DedupKey, Alert>,
): Promise<DedupKey[]> {
  const read = keys.filter((key) => reread.has(key));
  const rows = await tx
    .updateTable('alerts')
    .set({ ...RELEASED, past_limit: 1 })
    .where('dedup_key', 'in', [...keys])
    .where('state', '=', 'held')
    // Whoever dropped it was quicker.
    .where('reason', '!=', 'dropped')
    .where((where) => where.or([where('reason', '!=', 'unreadable'), where('dedup_key', 'in', read)]))
    .returning('dedup_key')
    .execute();
  return rows.map((row) => row.dedup_key as DedupKey);
}

async function storeReread(tx: Kysely<LedgerTables>, key: DedupKey, alert: Alert): Promise<void> {
  await storeRecord(tx, key, alert);
  await tx
    .updateTable('alerts')
    .set({
      severity: alert.severity,
      title: alert.title,
      created_at: alert.createdAt,
    })
    .where('dedup_key', '=', key)
    .execute();
}
