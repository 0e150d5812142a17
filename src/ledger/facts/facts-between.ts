import type { Kysely } from 'kysely';
import type { DedupKey } from '../../domain/alert.ts';
import type { AlertFacts } from '../../domain/facts.ts';
import type { LedgerTables } from '../store/schema.ts';
import { type SightingRow, toAlertFacts } from './alert-facts.ts';
import { byKey, type FactRow } from './fact-rows.ts';
import type { FactsAsk } from './facts-port.ts';
import { concerns, olderAlerts } from './older-alerts.ts';

/** Alerts of one page. */
const PAGE = 1_000;

const SIGHTING = [
  'sightings.dedup_key',
  'sightings.tenant',
  'sightings.alert_id',
  'sightings.created_at',
  'sightings.seen_at',
  'sightings.severity',
  'sightings.title',
  'sightings.type',
  'sightings.activity_at',
  'sightings.url',
] as const;

const FACT = [
  'facts.dedup_key',
  'facts.fact',
  'facts.turn',
  'facts.at',
  'facts.recorded_at',
  'facts.detail',
  'facts.snapshot',
] as const;

/** As `Facts.between` promises. */
export async function* factsBetween(
  db: Kysely<LedgerTables>,
  ask: FactsAsk,
): AsyncGenerator<readonly AlertFacts[], void, void> {
  yield* olderOnes(db, ask);
  yield* createdIn(db, ask);
}

/** Alerts created before the span that concern it. */
async function* olderOnes(db: Kysely<LedgerTables>, ask: FactsAsk) {
  const keys = await olderAlerts(db, ask);
  for (let i = 0; i < keys.length; i += PAGE) {
    const page = keys.slice(i, i + PAGE).map(({ dedup_key }) => dedup_key);
    const sightings = await db.selectFrom('sightings').select(SIGHTING).where('dedup_key', 'in', page).execute();
    const facts = await db
      .selectFrom('facts')
      .select(FACT)
      .where('dedup_key', 'in', page)
      .where('recorded_at', '<=', ask.asOf)
      .execute();
    const rows = new Map(sightings.map((row) => [row.dedup_key, row]));
    const found = joined(
      page.flatMap((key) => rows.get(key) ?? []),
      facts,
    ).filter((alert) => concerns(alert, ask));
    if (found.length > 0) yield found;
  }
}

async function* createdIn(db: Kysely<LedgerTables>, { tenant, from, to, asOf }: FactsAsk) {
  const created = db
    .selectFrom('sightings')
    .where('sightings.tenant', '=', tenant)
    .where('created_at', '<', to)
    .where('sightings.recorded_at', '<=', asOf);
  let after = { created_at: from, dedup_key: '' };
  for (;;) {
    const { created_at, dedup_key } = after;
    const rest = created.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('created_at', 'sightings.dedup_key'), '>', tuple(created_at, dedup_key)),
    );
    const sightings = await rest
      .select(SIGHTING)
      .orderBy('created_at')
      .orderBy('sightings.dedup_key')
      .limit(PAGE)
      .execute();
    const last = sightings.at(-1);
    if (!last) return;
    const facts = await rest
      .where(({ eb, refTuple, tuple }) =>
        eb(refTuple('created_at', 'sightings.dedup_key'), '<=', tuple(last.created_at, last.dedup_key)),
      )
      .innerJoin('facts', 'facts.dedup_key', 'sightings.dedup_key')
      .select(FACT)
      .where('facts.recorded_at', '<=', asOf)
      .execute();
    yield joined(sightings, facts);
    if (sightings.length < PAGE) return;
    after = last;
  }
}

function joined(sightings: readonly SightingRow[], facts: readonly FactRow[]): AlertFacts[] {
  const of = byKey(facts);
  return sightings.map((row) => toAlertFacts(row, of.get(row.dedup_key as DedupKey) ?? []));
}
