import type { Kysely, Selectable, Transaction } from 'kysely';
import { DAY_MS, sayInstant } from '../domain/time.ts';
import { Batcher } from './batcher.ts';
import type { Findings, LookUpEnding, QuotaView, Remembered, Reservation, ReserveAsk } from './findings-port.ts';
import type { LedgerTables } from './schema.ts';

const NAME = 'abuseipdb';

/** Share of a budget, from this size on, that only alerts of high severity may spend. */
const KEPT_SHARE = 0.1;
const KEPT_FROM = 100;

/** A header's count that rises by more than answers can overtake each other means that a new day has begun. */
const OVERTAKING = 25;

type QuotaRow = Selectable<LedgerTables['quotas']>;

export function sqlFindings(db: Kysely<LedgerTables>): Findings {
  const endings = new Batcher<LookUpEnding, undefined>((batch) =>
    db.transaction().execute((tx) => recordAll(tx, batch)),
  );
  return {
    async recall({ addresses, windowDays }) {
      if (addresses.length === 0) return new Map();
      const rows = await db
        .selectFrom('findings')
        .selectAll()
        .where('address', 'in', [...addresses])
        .where('window_days', '=', windowDays)
        .execute();
      return new Map(rows.map((row) => [row.address, toRemembered(row)]));
    },

    reserve: (ask) => db.transaction().execute((tx) => reserveAll(tx, ask)),

    record: (ending) => endings.add(ending),

    async quotaView({ dailyBudget, now }) {
      const row = await db.selectFrom('quotas').selectAll().where('name', '=', NAME).executeTakeFirst();
      return viewOf(row && dayOf(row, now), { dailyBudget, now });
    },
  };
}

function toRemembered(row: Selectable<LedgerTables['findings']>): Remembered {
  return {
    ...(row.report === null ? {} : { report: JSON.parse(row.report) }),
    ...(row.looked_up_at === null ? {} : { lookedUpAt: row.looked_up_at }),
    ...(row.failure === null ? {} : { failure: row.failure }),
    ...(row.retry_at === null ? {} : { retryAt: row.retry_at }),
  };
}

function viewOf(row: QuotaRow | undefined, { dailyBudget, now }: { dailyBudget: number; now: number }): QuotaView {
  const used = row?.used ?? 0;
  const left = Math.max(0, Math.min(dailyBudget - used, row?.remaining ?? Number.POSITIVE_INFINITY));
  const blocked = row?.blocked_until != null && row.blocked_until > now;
  return {
    dailyBudget,
    used,
    left: blocked ? 0 : left,
    ...(blocked ? { blockedUntil: row.blocked_until ?? now, blockedWhy: row.blocked_why ?? '' } : {}),
  };
}

/** The running day as it stands now: it ends with a block that has passed, or a day after its first look-up. */
function dayOf(row: QuotaRow, now: number): QuotaRow {
  const blockPassed = row.blocked_until !== null && row.blocked_until <= now;
  if (!blockPassed && now - row.day_started_at < DAY_MS) return row;
  return { ...row, day_started_at: now, used: 0, remaining: null, blocked_until: null, blocked_why: null };
}

/** Begins with a write, so that a second process waits here and not half-way. */
async function lockQuota(tx: Transaction<LedgerTables>, now: number): Promise<QuotaRow> {
  const row = await tx
    .insertInto('quotas')
    .values({ name: NAME, day_started_at: now, used: 0 })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ name: NAME }))
    .returningAll()
    .executeTakeFirstOrThrow();
  return dayOf(row, now);
}

async function saveQuota(tx: Transaction<LedgerTables>, { name: _name, ...row }: QuotaRow): Promise<void> {
  await tx.updateTable('quotas').set(row).where('name', '=', NAME).execute();
}

async function reserveAll(tx: Transaction<LedgerTables>, ask: ReserveAsk): Promise<ReadonlyMap<string, Reservation>> {
  const { wanted, dailyBudget, now } = ask;
  const quota = await lockQuota(tx, now);
  const { left, blockedUntil, blockedWhy } = viewOf(quota, { dailyBudget, now });
  const kept = dailyBudget >= KEPT_FROM ? Math.floor(dailyBudget * KEPT_SHARE) : 0;
  const reserved = new Map<string, Reservation>();
  const mine: string[] = [];
  let room = left;
  for (const { address, severity } of wanted) {
    if (blockedUntil !== undefined) {
      reserved.set(address, { refused: `${blockedWhy}, until ${sayInstant(blockedUntil)}` });
    } else if (room <= 0) {
      reserved.set(address, { refused: `the daily budget of ${dailyBudget} look-ups is spent` });
    } else if (severity !== 'high' && room <= kept) {
      reserved.set(address, { refused: "the rest of today's look-ups is kept for alerts of high severity" });
    } else {
      room -= 1;
      mine.push(address);
    }
  }
  const taken = await markAsking(tx, mine, ask);
  for (const address of mine) reserved.set(address, taken.has(address) ? 'yours' : 'asked-elsewhere');
  await saveQuota(tx, {
    ...quota,
    used: quota.used + taken.size,
    remaining: quota.remaining === null ? null : Math.max(0, quota.remaining - taken.size),
  });
  return reserved;
}

async function markAsking(
  tx: Transaction<LedgerTables>,
  addresses: readonly string[],
  { windowDays, owner, now, until }: ReserveAsk,
): Promise<ReadonlySet<string>> {
  if (addresses.length === 0) return new Set();
  const rows = await tx
    .insertInto('findings')
    .values(
      addresses.map((address) => ({ address, window_days: windowDays, asking_owner: owner, asking_until: until })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['address', 'window_days'])
        .doUpdateSet({ asking_owner: owner, asking_until: until })
        .where((where) =>
          where.or([where('findings.asking_until', 'is', null), where('findings.asking_until', '<=', now)]),
        ),
    )
    .returning('address')
    .execute();
  return new Set(rows.map((row) => row.address));
}

async function recordAll(tx: Transaction<LedgerTables>, batch: readonly LookUpEnding[]): Promise<undefined[]> {
  const now = Math.max(...batch.map((ending) => ending.now));
  let quota = await lockQuota(tx, now);
  for (const ending of batch) {
    await recordOne(tx, ending);
    quota = withSignal(quota, ending);
  }
  await saveQuota(tx, quota);
  return batch.map(() => undefined);
}

async function recordOne(tx: Transaction<LedgerTables>, ending: LookUpEnding): Promise<void> {
  const { address, windowDays, now, result } = ending;
  const columns =
    'report' in result
      ? { report: JSON.stringify(result.report), looked_up_at: now, failure: null, retry_at: null }
      : { failure: result.failure, retry_at: result.retryAt };
  await tx
    .insertInto('findings')
    .values({ address, window_days: windowDays, ...columns })
    .onConflict((conflict) =>
      conflict.columns(['address', 'window_days']).doUpdateSet({ ...columns, asking_owner: null, asking_until: null }),
    )
    .execute();
}

function withSignal(quota: QuotaRow, { remaining, block, now }: LookUpEnding): QuotaRow {
  let next = quota;
  if (remaining !== undefined) {
    const newDay = quota.remaining !== null && remaining > quota.remaining + OVERTAKING;
    next = newDay
      ? { ...quota, day_started_at: now, used: 1, remaining }
      : { ...quota, remaining: Math.min(quota.remaining ?? remaining, remaining) };
  }
  return block ? { ...next, blocked_until: block.until, blocked_why: block.why } : next;
}
