import type { Kysely, Transaction } from 'kysely';
import { type Alert, type AlertId, type DedupKey, dedupKeyOf } from '../../domain/alert.ts';
import type { EpochMs } from '../../domain/time.ts';
import type { LedgerTables } from '../store/schema.ts';
import { byKey, type FactRow, toFacts } from './fact-rows.ts';
import type { UnlinkedAlerts } from './facts-port.ts';
import { factsOfAlert } from './writes/agreed-facts.ts';
import { type CountedFact, readRows, storeCounted } from './writes/store-facts.ts';

/** Keys in one statement, far below what either database allows. */
const AT_ONCE = 500;

export function sqlUnlinkedAlerts(db: Kysely<LedgerTables>): UnlinkedAlerts {
  return {
    async list({ tenant, since, most }) {
      const rows = await unlinked(db)
        .select('alerts.alert_id')
        .where('alerts.tenant', '=', tenant)
        .where('alerts.created_at', '>=', since)
        .orderBy('alerts.created_at', 'desc')
        .orderBy('alerts.dedup_key')
        .limit(most)
        .execute();
      return rows.map(({ alert_id }) => alert_id as AlertId);
    },

    async saw(alerts, now) {
      // A look that finds nothing new takes no lock.
      if ((await newsOf(db, alerts, now)).length > 0)
        await db.transaction().execute((tx) => storeUnlinked(tx, alerts, now));
    },
  };
}

/** Alerts that have no issue, or whose issue is deleted. */
function unlinked(db: Kysely<LedgerTables>) {
  return db
    .selectFrom('alerts')
    .leftJoin('links', 'links.dedup_key', 'alerts.dedup_key')
    .where((where) => where.or([where('links.dedup_key', 'is', null), where('links.agreed_issue', '=', 'gone')]));
}

/**
 * Stores which of these alerts were closed in Defender, got another verdict or were opened again, where they have no
 * issue. A held one that was closed needs nobody any more; opened again, it is decided anew. Its caller may have written
 * in this transaction, and need not.
 */
export async function storeUnlinked(
  tx: Transaction<LedgerTables>,
  alerts: readonly Alert[],
  now: EpochMs,
): Promise<void> {
  const news = await newsOf(tx, alerts, now);
  if (news.length === 0) return;
  const closed = news.filter(({ fact }) => fact.fact === 'closed').map(({ key }) => key);
  const opened = news.filter(({ fact }) => fact.fact === 'alert-reopened').map(({ key }) => key);
  // Writes come first, so that two processes wait for each other here; then what the first one stored is seen.
  for (const keys of chunks(closed)) await endHolds(tx, keys, now);
  await storeCounted(tx, await newsOf(tx, alerts, now));
  for (const keys of chunks(opened)) await decideAnew(tx, keys);
}

async function newsOf(db: Kysely<LedgerTables>, alerts: readonly Alert[], now: EpochMs): Promise<CountedFact[]> {
  const seen = new Map(alerts.map((alert) => [dedupKeyOf(alert.tenant, alert.id), alert]));
  const found: CountedFact[] = [];
  for (const keys of chunks([...seen.keys()])) {
    const rows = await unlinked(db).select('alerts.dedup_key').where('alerts.dedup_key', 'in', keys).execute();
    const own = rows.map(({ dedup_key }) => dedup_key as DedupKey);
    const stored = byKey(await readClosings(db, own));
    for (const key of own) {
      const state = seen.get(key)?.state;
      if (!state) continue;
      const side = state.open ? { alert: 'open' as const } : { alert: 'closed' as const, verdict: state.verdict };
      const times = !state.open && state.closedAt !== undefined ? { closedAt: state.closedAt } : {};
      const facts = factsOfAlert(toFacts(stored.get(key) ?? []), { ...side, at: now }, times);
      found.push(...facts.map((entry) => ({ key, ...entry })));
    }
  }
  return found;
}

/** The rows that say whether these alerts are closed. */
async function readClosings(db: Kysely<LedgerTables>, keys: readonly DedupKey[]): Promise<FactRow[]> {
  if (keys.length === 0) return [];
  return db
    .selectFrom('facts')
    .select(['dedup_key', 'fact', 'turn', 'at', 'recorded_at', 'detail', 'snapshot'])
    .where('dedup_key', 'in', [...keys])
    .where('fact', 'in', ['closed', 'alert-reopened'])
    .execute();
}

async function endHolds(tx: Kysely<LedgerTables>, keys: readonly DedupKey[], now: EpochMs): Promise<void> {
  await tx
    .updateTable('alerts')
    .set({
      reason: 'dropped',
      why: 'it was closed in Defender while it was held',
      not_before: null,
      policy: null,
      settled_at: now,
    })
    .where('dedup_key', 'in', [...keys])
    .where('state', '=', 'held')
    .where('reason', 'not in', ['dropped', 'unreadable'])
    .execute();
}

/** What a person dropped stays dropped. */
async function decideAnew(tx: Transaction<LedgerTables>, keys: readonly DedupKey[]): Promise<void> {
  const rows = byKey(await readRows(tx, keys));
  const ended = keys.filter((key) => !rows.get(key)?.some(({ fact }) => fact === 'dropped'));
  if (ended.length === 0) return;
  await tx
    .updateTable('alerts')
    .set({ state: 'pending', reason: null, why: null, settled_at: null })
    .where('dedup_key', 'in', ended)
    .where('state', '=', 'held')
    .where('reason', '=', 'dropped')
    .execute();
}

function chunks(keys: readonly DedupKey[]): DedupKey[][] {
  const some: DedupKey[][] = [];
  for (let i = 0; i < keys.length; i += AT_ONCE) some.push(keys.slice(i, i + AT_ONCE));
  return some;
}
