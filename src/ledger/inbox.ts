import type { Kysely, Transaction } from 'kysely';
import type { Alert, DedupKey } from '../domain/alert.ts';
import { HOUR_MS, MINUTE_MS } from '../domain/time.ts';
import { type NewHold, storeHeld } from './facts/writes/held-facts.ts';
import { snapshotOf } from './facts/writes/snapshot.ts';
import { type NewFact, storeFacts } from './facts/writes/store-facts.ts';
import type { Inbox, LookFirst, Owner, Settlement } from './ledger.ts';
import { type Lines, storeProposals } from './proposals.ts';
import { fromStoredAlert } from './reading.ts';
import { Batcher } from './store/batcher.ts';
import { LostCommits, type StoreDoubt } from './store/lost-commits.ts';
import type { AlertRowState, LedgerTables } from './store/schema.ts';

/** Keys in one statement, far below what either database allows. */
const KEYS_AT_ONCE = 1_000;

const IN_NO_HAND = { lease_owner: null, lease_until: null };

/** Back in the queue, as if it had just come. */
export const RELEASED = {
  ...IN_NO_HAND,
  state: 'pending',
  reason: null,
  why: null,
  not_before: null,
  settled_at: null,
  policy: null,
} as const;

/** The source's clock and ours may differ by so much: an alert this much younger than a doubt may be older than it. */
const CLOCKS_APART_MS = 10 * MINUTE_MS;

interface SettleEntry {
  owner: Owner;
  settlement: Settlement;
  now: number;
}

export function sqlInbox(db: Kysely<LedgerTables>): Inbox {
  const lostCommits = new LostCommits(db);
  const settlements = new Batcher<SettleEntry, undefined>((batch) =>
    db.transaction().execute((tx) => settleAll(tx, batch)),
  );
  return {
    async lease({ tenant, owner, now, until, most, pastLimit }) {
      if (!(await hasAny(db, tenant, 'pending', pastLimit))) {
        await lostCommits.doubt(now);
        return [];
      }
      const rows = await db
        .updateTable('alerts')
        .set({ lease_owner: owner, lease_until: until, reason: null, why: null, not_before: null })
        .where('dedup_key', 'in', (select) =>
          select
            .selectFrom('alerts')
            .select('dedup_key')
            .where('tenant', '=', tenant)
            .where('state', '=', 'pending')
            .$if(pastLimit === true, (of) => of.where('past_limit', '=', 1))
            .where((where) => where.or([where('not_before', 'is', null), where('not_before', '<=', now)]))
            .where((where) => where.or([where('lease_until', 'is', null), where('lease_until', '<=', now)]))
            .orderBy('created_at')
            .orderBy('dedup_key')
            .limit(most),
        )
        .returning(['dedup_key', 'attempt', 'look_first', 'looked_at', 'created_at'])
        .execute();
      const alerts = await readAlerts(db, rows);
      const doubt = await lostCommits.doubt(now);
      return rows
        .sort((a, b) => a.created_at - b.created_at || (a.dedup_key < b.dedup_key ? -1 : 1))
        .map((row) => ({
          key: row.dedup_key as DedupKey,
          alert: alerts.get(row.dedup_key) as Alert,
          attempt: row.attempt,
          ...lookFirstOf(row, doubt),
        }));
    },

    settle: (owner, settlement, now) => settlements.add({ owner, settlement, now }),

    async release({ tenant, now, policy }) {
      if (!(await hasAny(db, tenant, 'held'))) return 0;
      const result = await db
        .updateTable('alerts')
        .set({ ...RELEASED, past_limit: 0 })
        .where('tenant', '=', tenant)
        .where('state', '=', 'held')
        .where((where) =>
          where.or([
            where('not_before', '<=', now),
            where.and([where('policy', 'is not', null), where('policy', '!=', policy)]),
          ]),
        )
        .executeTakeFirst();
      return Number(result.numUpdatedRows);
    },

    async ticketsWithinHour(tenant, now) {
      const sent = await db
        .selectFrom('alerts')
        .select((select) => [select.fn.countAll<number>().as('n'), select.fn.min('sent_at').as('oldest')])
        .where('tenant', '=', tenant)
        .where('sent_at', '>', now - HOUR_MS)
        // What was sent later than that was sent before the clock was set back.
        .where('sent_at', '<=', now + HOUR_MS)
        .where('state', 'in', ['sending', 'unknown', 'raised'])
        .where('past_limit', '=', 0)
        .executeTakeFirstOrThrow();
      const inHand = await db
        .selectFrom('alerts')
        .select((select) => [select.fn.countAll<number>().as('n'), select.fn.min('lease_until').as('until')])
        .where('tenant', '=', tenant)
        .where('state', '=', 'pending')
        .where('lease_until', '>', now)
        .where('past_limit', '=', 0)
        .executeTakeFirstOrThrow();
      const count = Number(sent.n) + Number(inHand.n);
      const frees = [
        ...(sent.oldest === null ? [] : [Number(sent.oldest) + HOUR_MS]),
        ...(inHand.until === null ? [] : [Number(inHand.until)]),
      ];
      return frees.length === 0 ? { count } : { count, nextFreeAt: Math.min(...frees) };
    },

    async holdStorm({ tenant, now, retryAt, why }) {
      const rows = await db.transaction().execute(async (tx) => {
        const held = await tx
          .updateTable('alerts')
          .set({ state: 'held', reason: 'storm', why, not_before: retryAt, settled_at: now, ...IN_NO_HAND })
          .where('tenant', '=', tenant)
          .where('state', '=', 'pending')
          .where('past_limit', '=', 0)
          .where((where) => where.or([where('lease_until', 'is', null), where('lease_until', '<=', now)]))
          .returning(['dedup_key', 'created_at'])
          .execute();
        await storeHeld(
          tx,
          held.map((row) => ({ key: row.dedup_key as DedupKey, at: now, reason: 'storm', why })),
          now,
        );
        return held;
      });
      const alerts = await readAlerts(db, rows);
      return rows.sort((a, b) => a.created_at - b.created_at).map(({ dedup_key }) => alerts.get(dedup_key) as Alert);
    },
  };
}

/** Whether an alert's issue may be there although this ledger does not know it, and nobody has looked since. */
function lookFirstOf(
  { look_first, looked_at, created_at }: Pick<LedgerTables['alerts'], 'look_first' | 'looked_at' | 'created_at'>,
  { since, replaced }: StoreDoubt,
): { lookFirst?: LookFirst } {
  const isFirst = look_first === 1;
  if (!isFirst && created_at >= since + CLOCKS_APART_MS) return {};
  if (looked_at !== null && looked_at >= since) return {};
  return { lookFirst: { since, thorough: isFirst || replaced } };
}

/**
 * Whether a tenant has alerts in this state. A write that changes nothing takes the store's one lock all the same, so
 * that a pass over many quiet tenants would be a queue at it; a read does not. `pastLimit`: only those that a person put
 * back by hand.
 */
export async function hasAny(
  db: Kysely<LedgerTables>,
  tenant: string,
  state: AlertRowState,
  pastLimit?: true,
): Promise<boolean> {
  const row = await db
    .selectFrom('alerts')
    .select('dedup_key')
    .where('tenant', '=', tenant)
    .where('state', '=', state)
    .$if(pastLimit === true, (of) => of.where('past_limit', '=', 1))
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** The alerts of these rows, by key; in chunks, since a storm may have many. */
export async function readAlerts(
  db: Kysely<LedgerTables>,
  rows: readonly { dedup_key: string }[],
): Promise<ReadonlyMap<string, Alert>> {
  const alerts = new Map<string, Alert>();
  for (let i = 0; i < rows.length; i += KEYS_AT_ONCE) {
    const records = await db
      .selectFrom('records')
      .selectAll()
      .where(
        'dedup_key',
        'in',
        rows.slice(i, i + KEYS_AT_ONCE).map(({ dedup_key }) => dedup_key),
      )
      .execute();
    for (const { dedup_key, alert, raw } of records) alerts.set(dedup_key, fromStoredAlert(alert ?? '{}', raw));
  }
  return alerts;
}

async function settleAll(tx: Transaction<LedgerTables>, batch: readonly SettleEntry[]): Promise<undefined[]> {
  const settled = new Set<SettleEntry>();
  for (const group of alike(batch)) {
    const [first] = group;
    if (!first) continue;
    const rows = await tx
      .updateTable('alerts')
      .set({ ...toColumns(first.settlement, first.now), ...IN_NO_HAND })
      .where(
        'dedup_key',
        'in',
        group.map(({ settlement }) => settlement.key),
      )
      .where('lease_owner', '=', first.owner)
      .where('state', '=', 'pending')
      .returning('dedup_key')
      .execute();
    const mine = new Set<string>(rows.map(({ dedup_key }) => dedup_key));
    for (const entry of group) if (mine.has(entry.settlement.key)) settled.add(entry);
  }
  // Whoever lost the lease decided on what was known before: its word counts no more.
  const entries = batch.filter((entry) => settled.has(entry));
  const lines = await storeProposals(
    tx,
    entries.map(({ settlement }) => ({ dedup_key: settlement.key, json: settlement.proposal })),
  );
  await storeSettled(tx, entries, lines);
  return batch.map(() => undefined);
}

/** What a settlement tells reports; one that waits tells nothing. */
async function storeSettled(tx: Transaction<LedgerTables>, entries: readonly SettleEntry[], lines: Lines) {
  const suppressed: NewFact[] = [];
  const held: NewHold[] = [];
  for (const { settlement, now: at } of entries) {
    const { key, why } = settlement;
    const line = lines.get(key) ?? {};
    if (settlement.state === 'held') held.push({ key, at, reason: settlement.reason, why, snapshot: snapshotOf(line) });
    if (settlement.state !== 'suppressed') continue;
    const rule = line.rules?.suppressedBy;
    const happening = { fact: 'suppressed', why, ...(rule === undefined ? {} : { rule }) } as const;
    suppressed.push({ key, at, happening, snapshot: snapshotOf(line) });
  }
  const now = Math.max(...entries.map((entry) => entry.now));
  await storeFacts(tx, suppressed, now);
  await storeHeld(tx, held, now);
}

/** Settlements that write the same columns share one statement. */
function alike(batch: readonly SettleEntry[]): Iterable<SettleEntry[]> {
  const groups = new Map<string, SettleEntry[]>();
  for (const entry of batch) {
    const { key: _key, proposal: _proposal, ...rest } = entry.settlement;
    const name = JSON.stringify([entry.owner, entry.now, rest]);
    const group = groups.get(name);
    if (group) group.push(entry);
    else groups.set(name, [entry]);
  }
  return groups.values();
}

function toColumns(settlement: Settlement, now: number) {
  switch (settlement.state) {
    case 'suppressed':
      return { state: 'suppressed' as const, reason: null, why: settlement.why, not_before: null, settled_at: now };
    case 'held':
      return {
        state: 'held' as const,
        reason: settlement.reason,
        why: settlement.why,
        not_before: settlement.retryAt ?? null,
        settled_at: now,
        policy: settlement.policy ?? null,
      };
    case 'pending':
      return {
        state: 'pending' as const,
        reason: settlement.reason,
        why: settlement.why,
        not_before: settlement.notBefore,
        settled_at: null,
      };
  }
}
