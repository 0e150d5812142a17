import type { Kysely, Transaction } from 'kysely';
import { type DedupKey, tenantOfKey } from '../../../domain/alert.ts';
import type { Fact, Happening } from '../../../domain/facts.ts';
import type { EpochMs } from '../../../domain/time.ts';
import type { LedgerTables } from '../../store/schema.ts';
import { byKey, byTime, type FactRow, isCounted, newestOf, toDetail } from '../fact-rows.ts';

/** Keys, and rows, in one statement, far below what either database allows. */
const AT_ONCE = 500;

/** A fact to be stored; `at` is its own time. */
export interface NewFact {
  key: DedupKey;
  at: EpochMs;
  happening: Happening;
  /** The alert as it was decided, see `snapshotOf`. */
  snapshot?: string | null;
}

/**
 * The instant under which something is recorded that a flow dates `now`: later than every frozen edition, so that what
 * was under way while one was frozen does not change it.
 */
export async function recordingTime(tx: Kysely<LedgerTables>, now: EpochMs): Promise<EpochMs> {
  const row = await tx
    .selectFrom('editions')
    .select((select) => select.fn.max('as_of').as('as_of'))
    .executeTakeFirst();
  return row?.as_of == null ? now : Math.max(now, Number(row.as_of) + 1);
}

/** Stores facts that happen once, in the transaction of the change that they tell of. */
export async function storeFacts(
  tx: Transaction<LedgerTables>,
  facts: readonly NewFact[],
  now: EpochMs,
): Promise<void> {
  if (facts.length === 0) return;
  const recordedAt = await recordingTime(tx, now);
  await insertRows(
    tx,
    facts.map(({ key, at, happening, snapshot }) =>
      toRow({ key, fact: { ...happening, at, recordedAt }, turn: 0, snapshot: snapshot ?? null }),
    ),
  );
}

/** A fact that may happen again; `turn`: which time around it tells of, absent for the next. */
export interface CountedFact {
  key: DedupKey;
  fact: Fact;
  turn?: number;
}

/**
 * Stores facts as `FactLog.record` promises. Whoever calls it has written in this transaction already, so that two
 * processes wait for each other before what is stored is read.
 */
export async function storeCounted(tx: Transaction<LedgerTables>, entries: readonly CountedFact[]): Promise<void> {
  if (entries.length === 0) return;
  const keys = [...new Set(entries.map(({ key }) => key))];
  const stored = byKey(await readRows(tx, keys));
  const earliest = await recordingTime(tx, 0);
  const fresh: LedgerTables['facts'][] = [];
  for (const { key, fact, turn: told } of entries) {
    const recordedAt = Math.max(fact.recordedAt, earliest);
    const ofKey = stored.get(key) ?? [];
    const turn = told ?? turnOf(ofKey, fact);
    const row = toRow({ key, fact: { ...fact, recordedAt }, turn, snapshot: null });
    const same = newestOf(ofKey).find(
      (other) => other.fact === row.fact && other.turn === turn && (turn > 0 || other.at === row.at),
    );
    if (same && same.at === row.at && same.detail === row.detail) continue;
    // A correction counts however the clock went meanwhile.
    if (same && same.recorded_at > row.recorded_at) row.recorded_at = same.recorded_at + 1;
    fresh.push(row);
    stored.set(key, [...ofKey.filter((other) => !isSameRow(other, row)), row]);
  }
  await insertRows(tx, fresh);
  await noteDone(tx, fresh, stored);
}

function isSameRow(a: FactRow, b: FactRow): boolean {
  return a.fact === b.fact && a.turn === b.turn && a.recorded_at === b.recorded_at;
}

/** The turn of the stored one with the same time, else the next; an issue is acknowledged once. */
function turnOf(rows: readonly FactRow[], { fact, at }: Fact): number {
  if (!isCounted(fact)) return 0;
  if (fact === 'acknowledged') return 1;
  const alike = newestOf(rows).filter((row) => row.fact === fact);
  return alike.find((row) => row.at === at)?.turn ?? Math.max(0, ...alike.map(({ turn }) => turn)) + 1;
}

/** Whether the issue is done, or no more, by the newest word on it. */
export function isDone(rows: readonly FactRow[]): boolean {
  const last = newestOf(rows)
    .filter(({ fact }) => fact === 'resolved' || fact === 'reopened' || fact === 'issue-gone')
    .sort(byTime)
    .at(-1);
  return last !== undefined && last.fact !== 'reopened';
}

/** Keeps `links.done_recorded_at` with what the facts say. */
async function noteDone(
  tx: Transaction<LedgerTables>,
  fresh: readonly FactRow[],
  stored: ReadonlyMap<DedupKey, readonly FactRow[]>,
): Promise<void> {
  const touched = fresh.filter(({ fact }) => fact === 'resolved' || fact === 'reopened' || fact === 'issue-gone');
  const groups = Map.groupBy(new Set(touched.map(({ dedup_key }) => dedup_key as DedupKey)), (key) => {
    const rows = stored.get(key) ?? [];
    return isDone(rows) ? Math.max(...rows.map(({ recorded_at }) => recorded_at)) : null;
  });
  for (const [done_recorded_at, keys] of groups)
    for (let i = 0; i < keys.length; i += AT_ONCE)
      await tx
        .updateTable('links')
        .set({ done_recorded_at })
        .where('dedup_key', 'in', keys.slice(i, i + AT_ONCE))
        .execute();
}

function toRow(entry: { key: DedupKey; fact: Fact; turn: number; snapshot: string | null }): LedgerTables['facts'] {
  const { key, fact, turn, snapshot } = entry;
  return {
    dedup_key: key,
    tenant: tenantOfKey(key),
    fact: fact.fact,
    turn,
    at: fact.at,
    recorded_at: fact.recordedAt,
    detail: toDetail(fact),
    snapshot,
  };
}

/** All rows of these alerts. */
export async function readRows(db: Kysely<LedgerTables>, keys: readonly string[]): Promise<FactRow[]> {
  const rows: FactRow[] = [];
  for (let i = 0; i < keys.length; i += AT_ONCE) {
    const part = await db
      .selectFrom('facts')
      .select(['dedup_key', 'fact', 'turn', 'at', 'recorded_at', 'detail', 'snapshot'])
      .where('dedup_key', 'in', keys.slice(i, i + AT_ONCE))
      .execute();
    rows.push(...part);
  }
  return rows;
}

/** A row of the same alert, kind, turn and recording is the same fact, told again. */
export async function insertRows(tx: Kysely<LedgerTables>, rows: readonly LedgerTables['facts'][]): Promise<void> {
  const last = new Map(rows.map((row) => [`${row.dedup_key}\n${row.fact}\n${row.turn}\n${row.recorded_at}`, row]));
  const once = [...last.values()];
  for (let i = 0; i < once.length; i += AT_ONCE)
    await tx
      .insertInto('facts')
      .values(once.slice(i, i + AT_ONCE))
      .onConflict((conflict) =>
        conflict.columns(['dedup_key', 'fact', 'turn', 'recorded_at']).doUpdateSet((update) => ({
          at: update.ref('excluded.at'),
          detail: update.ref('excluded.detail'),
        })),
      )
      .execute();
}
