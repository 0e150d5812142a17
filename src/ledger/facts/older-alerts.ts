import { type Kysely, sql } from 'kysely';
import type { AlertFacts } from '../../domain/facts.ts';
import { DAY_MS } from '../../domain/time.ts';
import type { LedgerTables } from '../store/schema.ts';
import type { FactsAsk } from './facts-port.ts';

export interface OlderAlert {
  dedup_key: string;
  created_at: number;
}

/** An issue's own clock may be ahead of ours by less than this. */
const SKEW_MS = DAY_MS;

/** What happened to an alert without an open issue is recorded within this: for so long its record is looked at. */
const LATE_MS = 31 * DAY_MS;

/**
 * Alerts created before the span that may concern it, by creation: more than do, and all that do. Each of the
 * ways looks at one index, and at no more than was recorded by the `asOf`.
 */
export async function olderAlerts(db: Kysely<LedgerTables>, ask: FactsAsk): Promise<OlderAlert[]> {
  const found = new Map<string, OlderAlert>();
  const ways = [await withIssue(db, ask, 'open'), await withIssue(db, ask, 'done'), await touched(db, ask)];
  for (const rows of [...ways, await everHeld(db, ask)]) for (const row of rows) found.set(row.dedup_key, row);
  return [...found.values()].sort((a, b) => a.created_at - b.created_at || (a.dedup_key < b.dedup_key ? -1 : 1));
}

/** Whether its issue was open or it was held at the span's beginning, or anything happened to it in the span. */
export function concerns({ facts }: AlertFacts, { from, to }: FactsAsk): boolean {
  let open = false;
  let held = false;
  for (const { fact, at } of facts) {
    if (at >= from) {
      if (at < to) return true;
      break;
    }
    const begins = fact === 'raised' || fact === 'adopted' || fact === 'attached';
    if (begins || fact === 'reopened') open = true;
    if (fact === 'resolved' || fact === 'issue-gone') open = false;
    if (fact === 'held') held = true;
    if (begins || fact === 'suppressed' || fact === 'released' || fact === 'dropped') held = false;
  }
  return open || held;
}

/** Open still, or done since the span began: one of them at a time, so that each is a part of the index. */
function withIssue(
  db: Kysely<LedgerTables>,
  { tenant, from, to, asOf }: FactsAsk,
  now: 'open' | 'done',
): Promise<OlderAlert[]> {
  return db
    .selectFrom('links')
    .innerJoin('sightings', 'sightings.dedup_key', 'links.dedup_key')
    .select(['sightings.dedup_key', 'sightings.created_at'])
    .where('links.tenant', '=', tenant)
    .where((where) =>
      now === 'open' ? where('done_recorded_at', 'is', null) : where('done_recorded_at', '>=', from - SKEW_MS),
    )
    .where('linked_at', '<', to)
    .where('sightings.created_at', '<', from)
    .where('sightings.recorded_at', '<=', asOf)
    .execute();
}

/** Such as one whose alert was closed after its issue was done, or that was suppressed late. */
function touched(db: Kysely<LedgerTables>, { tenant, from, to, asOf }: FactsAsk): Promise<OlderAlert[]> {
  return db
    .selectFrom('facts')
    .innerJoin('sightings', 'sightings.dedup_key', 'facts.dedup_key')
    .select(['sightings.dedup_key', 'sightings.created_at'])
    .distinct()
    .where('facts.tenant', '=', tenant)
    .where('facts.recorded_at', '>=', from - SKEW_MS)
    .where('facts.recorded_at', '<=', Math.min(asOf, to + LATE_MS))
    .where('facts.at', '>=', from)
    .where('facts.at', '<', to)
    .where('sightings.created_at', '<', from)
    .where('sightings.recorded_at', '<=', asOf)
    .execute();
}

function everHeld(db: Kysely<LedgerTables>, { tenant, from, asOf }: FactsAsk): Promise<OlderAlert[]> {
  return db
    .selectFrom('facts')
    .innerJoin('sightings', 'sightings.dedup_key', 'facts.dedup_key')
    .select(['sightings.dedup_key', 'sightings.created_at'])
    .distinct()
    .where('facts.fact', '=', sql.lit('held'))
    .where('facts.tenant', '=', tenant)
    .where('facts.at', '<', from)
    .where('facts.recorded_at', '<=', asOf)
    .where('sightings.created_at', '<', from)
    .where('sightings.recorded_at', '<=', asOf)
    .execute();
}
