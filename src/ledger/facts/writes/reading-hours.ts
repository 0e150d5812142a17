import type { Kysely, Transaction } from 'kysely';
import type { EpochMs } from '../../../domain/time.ts';
import { HOUR_MS } from '../../../domain/time.ts';
import type { LedgerTables } from '../../store/schema.ts';
import { recordingTime } from './store-facts.ts';

/** Beats without a reading to the end that make a gap. */
export const BEATS_MISSED = 3;

/** The beat of those who do not say theirs. */
const BEAT_UNKNOWN_MS = HOUR_MS;

/** Rows in one statement, far below what either database allows. */
const AT_ONCE = 500;

export interface EndedReading {
  tenant: string;
  now: EpochMs;
  failure?: string;
  everyMs?: number;
}

/** When a tenant was last read to the end before, and why not since. */
export type ReadBefore = Pick<LedgerTables['tenants'], 'tenant' | 'polled_at' | 'poll_failure'>;

export async function readBefore(db: Kysely<LedgerTables>, tenants: readonly string[]): Promise<readonly ReadBefore[]> {
  return db
    .selectFrom('tenants')
    .select(['tenant', 'polled_at', 'poll_failure'])
    .where('tenant', 'in', [...tenants])
    .execute();
}

/** Counts readings that ended, and stores the gaps that they end. Its caller has written in this transaction. */
export async function storeReadings(
  tx: Transaction<LedgerTables>,
  readings: readonly EndedReading[],
  before: readonly ReadBefore[],
): Promise<void> {
  const earliest = await recordingTime(tx, 0);
  const stamped = readings.map((reading) => ({ ...reading, at: Math.max(reading.now, earliest) }));
  await storeGaps(tx, stamped, before);
  const hours = new Map<string, LedgerTables['reading_hours']>();
  for (const reading of stamped) {
    const row = toHour(reading);
    const name = `${row.tenant}\n${row.hour}`;
    const other = hours.get(name);
    hours.set(name, other ? added(other, row) : row);
  }
  const rows = [...hours.values()];
  for (let i = 0; i < rows.length; i += AT_ONCE) await addHours(tx, rows.slice(i, i + AT_ONCE));
}

async function addHours(tx: Kysely<LedgerTables>, rows: LedgerTables['reading_hours'][]): Promise<void> {
  await tx
    .insertInto('reading_hours')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['tenant', 'hour']).doUpdateSet((update) => ({
        done: update('reading_hours.done', '+', update.ref('excluded.done')),
        failed: update('reading_hours.failed', '+', update.ref('excluded.failed')),
        why: update.fn.coalesce('excluded.why', 'reading_hours.why'),
        first_done_at: update.fn.coalesce('reading_hours.first_done_at', 'excluded.first_done_at'),
        last_done_at: update.fn.coalesce('excluded.last_done_at', 'reading_hours.last_done_at'),
        last_at: update.ref('excluded.last_at'),
        every_ms: update.ref('excluded.every_ms'),
      })),
    )
    .execute();
}

type Stamped = EndedReading & { at: EpochMs };

function toHour({ tenant, at, failure, everyMs = BEAT_UNKNOWN_MS }: Stamped): LedgerTables['reading_hours'] {
  const well = failure === undefined;
  return {
    tenant,
    hour: at - (at % HOUR_MS),
    done: well ? 1 : 0,
    failed: well ? 0 : 1,
    why: failure ?? null,
    first_at: at,
    first_done_at: well ? at : null,
    last_done_at: well ? at : null,
    last_at: at,
    every_ms: everyMs,
  };
}

function added(a: LedgerTables['reading_hours'], b: LedgerTables['reading_hours']): LedgerTables['reading_hours'] {
  return {
    ...b,
    done: a.done + b.done,
    failed: a.failed + b.failed,
    why: b.why ?? a.why,
    first_at: a.first_at,
    first_done_at: a.first_done_at ?? b.first_done_at,
    last_done_at: b.last_done_at ?? a.last_done_at,
  };
}

async function storeGaps(
  tx: Transaction<LedgerTables>,
  readings: readonly Stamped[],
  before: readonly ReadBefore[],
): Promise<void> {
  const lastOf = new Map(before.map((row) => [row.tenant, row]));
  const gaps = new Map<string, LedgerTables['reading_gaps']>();
  for (const { tenant, at, failure, everyMs = BEAT_UNKNOWN_MS } of readings) {
    if (failure !== undefined) continue;
    const last = lastOf.get(tenant);
    const since = last?.polled_at ?? (await firstTried(tx, tenant));
    if (since !== undefined && at - since > BEATS_MISSED * everyMs)
      gaps.set(tenant, { tenant, from_at: since, to_at: at, why: last?.poll_failure ?? null });
    lastOf.set(tenant, { tenant, polled_at: at, poll_failure: null });
  }
  if (gaps.size === 0) return;
  await tx
    .insertInto('reading_gaps')
    .values([...gaps.values()])
    .onConflict((conflict) => conflict.columns(['tenant', 'to_at']).doNothing())
    .execute();
}

/** When it was first tried to read a tenant that was never read to the end. */
async function firstTried(tx: Kysely<LedgerTables>, tenant: string): Promise<EpochMs | undefined> {
  const row = await tx
    .selectFrom('reading_hours')
    .select('first_at')
    .where('tenant', '=', tenant)
    .orderBy('hour')
    .limit(1)
    .executeTakeFirst();
  return row?.first_at;
}
