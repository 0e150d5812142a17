import type { Kysely, Selectable, Transaction } from 'kysely';
import { Batcher } from '../store/batcher.ts';
import type { LedgerTables } from '../store/schema.ts';
import type { Findings, LookUpEnding, Remembered, Reservation, ReserveAsk, Turn } from './findings-port.ts';
import {
  dayAt,
  firstDay,
  isBlocked,
  leftOf,
  type QuotaRow,
  refusalOf,
  sayBudgetSpent,
  withSignal,
  withSpent,
} from './quota-day.ts';

const NAME = 'abuseipdb';

/** Most addresses in one statement, well below any database's limit of parameters. */
const CHUNK = 500;

type FindingRow = Selectable<LedgerTables['findings']>;

/** The findings on an SQL database. Any number of processes may use it at once. */
export function sqlFindings(db: Kysely<LedgerTables>): Findings {
  // Each transaction has a turn of the event loop to itself: a synchronous driver that waits in one for a lock held by
  // another connection of the same process would wait in vain.
  const asks = new Batcher<ReserveAsk, ReadonlyMap<string, Reservation>>((batch) =>
    db.transaction().execute((tx) => reserveInTurn(tx, batch)),
  );
  const endings = new Batcher<LookUpEnding, undefined>((batch) =>
    db.transaction().execute((tx) => recordAll(tx, batch)),
  );
  return {
    async recall({ addresses, windowDays }) {
      const rows = await findingsOf(db, addresses, windowDays);
      return new Map(rows.map((row) => [row.address, toRemembered(row)]));
    },

    reserve: (ask) => asks.add(ask),

    reserveTrial: ({ dailyBudget, now }) =>
      db.transaction().execute(async (tx) => {
        const quota = await lockQuota(tx, now);
        if (quota.used >= dailyBudget) return { refused: sayBudgetSpent(dailyBudget) };
        const spent = withSpent(quota, 1, now);
        await saveQuota(tx, spent);
        const lifts = isBlocked(quota, now) && quota.blocked_until !== null ? { lifts: quota.blocked_until } : {};
        return { turn: { ...turnOf(spent), ...lifts } };
      }),

    record: (ending) => endings.add(ending),

    async quotaView({ dailyBudget, now }) {
      const stored = await db.selectFrom('quotas').selectAll().where('name', '=', NAME).executeTakeFirst();
      const row = stored ? dayAt(stored, now) : firstDay(NAME, now);
      return {
        dailyBudget,
        used: row.used,
        left: leftOf(row, { dailyBudget, now, asking: await countAsking(db, now) }),
        ...(isBlocked(row, now) ? { blockedUntil: row.blocked_until ?? now, blockedWhy: row.blocked_why ?? '' } : {}),
      };
    },
  };
}

async function findingsOf(
  db: Kysely<LedgerTables>,
  addresses: readonly string[],
  windowDays: number,
): Promise<FindingRow[]> {
  const rows: FindingRow[] = [];
  for (let from = 0; from < addresses.length; from += CHUNK) {
    const chunk = await db
      .selectFrom('findings')
      .selectAll()
      .where('address', 'in', addresses.slice(from, from + CHUNK))
      .where('window_days', '=', windowDays)
      .execute();
    rows.push(...chunk);
  }
  return rows;
}

function toRemembered(row: FindingRow): Remembered {
  return {
    ...(row.report === null ? {} : { report: JSON.parse(row.report) }),
    ...(row.looked_up_at === null ? {} : { lookedUpAt: row.looked_up_at }),
    ...(row.failure === null ? {} : { failure: row.failure }),
    ...(row.retry_at === null ? {} : { retryAt: row.retry_at }),
    ...(row.asking_until === null ? {} : { askedUntil: row.asking_until }),
  };
}

async function countAsking(db: Kysely<LedgerTables>, now: number): Promise<number> {
  const row = await db
    .selectFrom('findings')
    .select((select) => select.fn.countAll<number>().as('n'))
    .where('asking_until', '>', now)
    .executeTakeFirstOrThrow();
  return Number(row.n);
}

/**
 * Must be the transaction's first statement: it writes, so that two processes wait for each other here, and what is
 * read afterwards stays true until the commit. A transaction that read first could not begin to write later
 * (sqlite.org/isolation.html, SQLITE_BUSY_SNAPSHOT).
 */
async function lockQuota(tx: Transaction<LedgerTables>, now: number): Promise<QuotaRow> {
  const row = await tx
    .insertInto('quotas')
    .values(firstDay(NAME, now))
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ name: NAME }))
    .returningAll()
    .executeTakeFirstOrThrow();
  return dayAt(row, now);
}

async function saveQuota(tx: Transaction<LedgerTables>, { name, ...row }: QuotaRow): Promise<void> {
  await tx.updateTable('quotas').set(row).where('name', '=', name).execute();
}

async function reserveInTurn(
  tx: Transaction<LedgerTables>,
  batch: readonly ReserveAsk[],
): Promise<ReadonlyMap<string, Reservation>[]> {
  const reserved: ReadonlyMap<string, Reservation>[] = [];
  for (const ask of batch) reserved.push(await reserveAll(tx, ask));
  return reserved;
}

async function reserveAll(tx: Transaction<LedgerTables>, ask: ReserveAsk): Promise<ReadonlyMap<string, Reservation>> {
  const { wanted, windowDays, dailyBudget, now } = ask;
  const quota = await lockQuota(tx, now);
  const addresses = wanted.map(({ address }) => address);
  const rows = new Map((await findingsOf(tx, addresses, windowDays)).map((row) => [row.address, row]));
  const asking = await countAsking(tx, now);
  const turn = turnOf(withSpent(quota, 1, now));
  const mine: string[] = [];
  const reserved = new Map<string, Reservation>();
  for (const { address, severity } of wanted) {
    const soFar = withSpent(quota, mine.length, now);
    const high = severity === 'high';
    const refused = refusalOf(soFar, { high, dailyBudget, now, asking: asking + mine.length });
    if (needsNone(rows.get(address), ask)) reserved.set(address, 'asked-elsewhere');
    else if (refused !== undefined) reserved.set(address, { refused });
    else {
      mine.push(address);
      reserved.set(address, { turn });
    }
  }
  await markAsking(tx, mine, ask);
  await saveQuota(tx, withSpent(quota, mine.length, now));
  return reserved;
}

function turnOf({ day_started_at, remaining }: QuotaRow): Turn {
  return { day: day_started_at, ...(remaining === null ? {} : { remaining }) };
}

/** Another process is asking after it, or has done so since this one looked. */
function needsNone(row: FindingRow | undefined, { now, freshSince }: ReserveAsk): boolean {
  const after = (at: number | null | undefined, instant: number) => at != null && at > instant;
  return after(row?.asking_until, now) || after(row?.looked_up_at, freshSince) || after(row?.retry_at, now);
}

async function markAsking(
  tx: Transaction<LedgerTables>,
  addresses: readonly string[],
  { windowDays, owner, until }: ReserveAsk,
): Promise<void> {
  const asking = { asking_owner: owner, asking_until: until };
  for (let from = 0; from < addresses.length; from += CHUNK) {
    const chunk = addresses.slice(from, from + CHUNK);
    await tx
      .insertInto('findings')
      .values(chunk.map((address) => ({ address, window_days: windowDays, ...asking })))
      .onConflict((conflict) => conflict.columns(['address', 'window_days']).doUpdateSet(asking))
      .execute();
  }
}

async function recordAll(tx: Transaction<LedgerTables>, batch: readonly LookUpEnding[]): Promise<undefined[]> {
  const now = Math.max(...batch.map((ending) => ending.now));
  let quota = await lockQuota(tx, now);
  for (const ending of batch) await recordOne(tx, ending);
  const others = (await countAsking(tx, now)) + batch.length - 1;
  for (const ending of batch) quota = withSignal(quota, ending, others);
  await saveQuota(tx, quota);
  return batch.map(() => undefined);
}

/** A failure leaves an older answer in place: it may still stand in. */
async function recordOne(
  tx: Transaction<LedgerTables>,
  { address, windowDays, now, result }: LookUpEnding,
): Promise<void> {
  const columns =
    result === undefined
      ? {}
      : 'report' in result
        ? { report: JSON.stringify(result.report), looked_up_at: now, failure: null, retry_at: null }
        : { failure: result.failure, retry_at: result.retryAt };
  await tx
    .updateTable('findings')
    .set({ ...columns, asking_owner: null, asking_until: null })
    .where('address', '=', address)
    .where('window_days', '=', windowDays)
    .execute();
}
