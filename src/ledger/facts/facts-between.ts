import type { Kysely } from 'kysely';
import type { AlertFacts } from '../../domain/facts.ts';
import type { LedgerTables } from '../store/schema.ts';
import { type SightingRow, toAlertFacts, toCountedFacts } from './alert-facts.ts';
import type { Facts } from './facts-port.ts';
import { concerns, olderAlerts } from './older-alerts.ts';
import { packedFacts, unpacked } from './packed-facts.ts';

/** Alerts of one page: few enough that they are gone before they are old. */
const PAGE = 100;

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
  'sightings.users',
  'sightings.addresses',
] as const;

type Ask = Parameters<Facts['between']>[0];

/** As `Facts.between` promises. */
export async function* factsBetween(
  db: Kysely<LedgerTables>,
  ask: Ask,
): AsyncGenerator<readonly AlertFacts[], void, void> {
  yield* olderOnes(db, ask);
  yield* createdIn(db, ask);
}

/** Alerts created before the span that concern it. */
async function* olderOnes(db: Kysely<LedgerTables>, ask: Ask) {
  const keys = await olderAlerts(db, ask);
  for (let i = 0; i < keys.length; i += PAGE) {
    const page = keys.slice(i, i + PAGE).map(({ dedup_key }) => dedup_key);
    const rows = await db
      .selectFrom('sightings')
      .select(SIGHTING)
      .select(packedFacts(ask.asOf))
      .where('dedup_key', 'in', page)
      .execute();
    const of = new Map(rows.map((row) => [row.dedup_key, row]));
    const inOrder = page.flatMap((key) => of.get(key) ?? []);
    const found = inOrder.map(toOne(ask)).filter((alert) => concerns(alert, ask));
    if (found.length > 0) yield found;
  }
}

async function* createdIn(db: Kysely<LedgerTables>, ask: Ask) {
  const { tenant, from, to, asOf } = ask;
  let after = { created_at: from, dedup_key: '' };
  for (;;) {
    const { created_at, dedup_key } = after;
    const rows = await db
      .selectFrom('sightings')
      .select(SIGHTING)
      .select(packedFacts(asOf))
      .where('sightings.tenant', '=', tenant)
      .where('created_at', '<', to)
      .where('sightings.recorded_at', '<=', asOf)
      .where(({ eb, refTuple, tuple }) =>
        eb(refTuple('created_at', 'sightings.dedup_key'), '>', tuple(created_at, dedup_key)),
      )
      .orderBy('created_at')
      .orderBy('sightings.dedup_key')
      .limit(PAGE)
      .execute();
    const last = rows.at(-1);
    if (!last) return;
    yield rows.map(toOne(ask));
    if (rows.length < PAGE) return;
    after = last;
  }
}

function toOne({ only }: Ask): (row: SightingRow & { packed: string | null }) => AlertFacts {
  const from = only === 'figures' ? toCountedFacts : toAlertFacts;
  return (row) => from(row, unpacked(row.dedup_key, row.packed));
}
