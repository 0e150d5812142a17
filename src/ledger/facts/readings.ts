import type { Kysely } from 'kysely';
import type { TenantId } from '../../domain/alert.ts';
import type { ReadingGap, ReadingHour } from '../../domain/facts.ts';
import { type EpochMs, HOUR_MS } from '../../domain/time.ts';
import type { LedgerTables } from '../store/schema.ts';
import type { FactsAsk } from './facts-port.ts';
import { BEATS_MISSED } from './writes/reading-hours.ts';

/** As `Facts.readings` promises. */
export async function readings(db: Kysely<LedgerTables>, ask: FactsAsk) {
  return { hours: await hoursOf(db, ask), gaps: await gapsOf(db, ask) };
}

/** An hour that ends after the span has, in zones that are not whole hours from UTC, is the next span's. */
async function hoursOf(db: Kysely<LedgerTables>, { tenant, from, to, asOf }: FactsAsk): Promise<ReadingHour[]> {
  const rows = await db
    .selectFrom('reading_hours')
    .select(['hour', 'done', 'failed', 'why'])
    .where('tenant', '=', tenant)
    .where('hour', '>', from - HOUR_MS)
    .where('hour', '<=', asOf < to ? asOf : to - HOUR_MS)
    .orderBy('hour')
    .execute();
  return rows.map(({ hour, done, failed, why }) => ({ tenant, hour, done, failed, ...(why === null ? {} : { why }) }));
}

async function gapsOf(db: Kysely<LedgerTables>, ask: FactsAsk): Promise<ReadingGap[]> {
  const { tenant, from, to, asOf } = ask;
  const rows = await db
    .selectFrom('reading_gaps')
    .select(['from_at', 'to_at', 'why'])
    .where('tenant', '=', tenant)
    .where('to_at', '>', from)
    .where('from_at', '<', Math.min(to, asOf))
    .orderBy('to_at')
    .execute();
  const gapOf = ({ from_at, to_at, why }: (typeof rows)[number]): ReadingGap => ({
    tenant,
    from: from_at,
    to: to_at,
    ...(why === null ? {} : { why }),
  });
  const ended = rows.filter(({ to_at }) => to_at <= asOf).map(gapOf);
  // One that had not ended by then is told as it was known then, if it was one.
  const later = rows.find(({ to_at }) => to_at > asOf);
  const running = await runningGap(db, ask, later?.from_at);
  return running ? [...ended, running] : ended;
}

/** A gap that no reading had ended by then; `began`: when it did, where a later reading has ended it since. */
async function runningGap(
  db: Kysely<LedgerTables>,
  { tenant, to, asOf }: FactsAsk,
  began: EpochMs | undefined,
): Promise<ReadingGap | undefined> {
  const hours = db.selectFrom('reading_hours').selectAll().where('tenant', '=', tenant);
  const done = await hours.where('first_done_at', '<=', asOf).orderBy('hour', 'desc').limit(1).executeTakeFirst();
  const tried = await hours.where('first_at', '<=', asOf).orderBy('hour', 'desc').limit(1).executeTakeFirst();
  const first = done ? undefined : await hours.orderBy('hour').limit(1).executeTakeFirst();
  const since = began ?? (done ? (done.last_done_at ?? asOf) : first?.first_at);
  const every = (done ?? tried)?.every_ms ?? 0;
  // Read later in the hour in which it was known: what was between them is a gap of its own by now, or none.
  if (since === undefined || since >= Math.min(to, asOf) || asOf - since <= BEATS_MISSED * every) return undefined;
  const why = tried?.why;
  return { tenant: tenant as TenantId, from: since, ...(why == null ? {} : { why }) };
}
