import type { Selectable } from 'kysely';
import { DAY_MS, type EpochMs, HOUR_MS, sayInstant } from '../../domain/time.ts';
import type { LedgerTables } from '../store/schema.ts';
import type { LookUpEnding } from './findings-port.ts';

/*
 * The day of a look-up service, counted from both sides. Our own count begins with the day's first look-up and ends a
 * day later. The service's headers overrule it: a new day begins when its count of what is left jumps up, and when the
 * instant has come that it named for the end of a spent day. When its day begins by the clock is not documented.
 */

export type QuotaRow = Selectable<LedgerTables['quotas']>;

/** How long a header's count is believed after it was said: by then a day may have ended unseen. */
const BELIEVED_MS = HOUR_MS;

/** Share of the service's limit by which its count may rise without a new day: servers that count apart disagree. */
const NOISE_SHARE = 0.02;
const NOISE_WITHOUT_LIMIT = 20;

/** Share of the daily budget that only alerts of high severity may spend. A small budget is spent as it is asked for. */
const KEPT_SHARE = 0.2;
const SMALL_BUDGET = 50;

/** Nothing counted yet. */
export function firstDay(name: string, now: EpochMs): QuotaRow {
  const unknown = { remaining: null, remaining_at: null, day_ends_at: null, blocked_until: null, blocked_why: null };
  return { name, day_started_at: now, used: 0, ...unknown };
}

/** The running day as it stands now. A clock that was set back by a day or more begins a new one too. */
export function dayAt(row: QuotaRow, now: EpochMs): QuotaRow {
  const over = row.day_ends_at === null ? Math.abs(now - row.day_started_at) >= DAY_MS : row.day_ends_at <= now;
  if (!over) return row;
  const { blocked_until, blocked_why } = row;
  return { ...firstDay(row.name, now), ...(isBlocked(row, now) ? { blocked_until, blocked_why } : {}) };
}

export function isBlocked({ blocked_until }: QuotaRow, now: EpochMs): boolean {
  return blocked_until !== null && blocked_until > now;
}

export interface LeftAsk {
  dailyBudget: number;
  now: EpochMs;
  /** Look-ups under way, which no header has counted yet. */
  asking: number;
}

/** Look-ups that may still be sent today. */
export function leftOf(row: QuotaRow, ask: LeftAsk): number {
  if (isBlocked(row, ask.now)) return 0;
  return Math.max(0, Math.min(ask.dailyBudget - row.used, remainingOf(row, ask)));
}

function remainingOf({ remaining, remaining_at }: QuotaRow, { now, asking }: LeftAsk): number {
  const believed = remaining !== null && remaining_at !== null && now - remaining_at < BELIEVED_MS;
  return believed ? remaining - asking : Number.POSITIVE_INFINITY;
}

/** In words that complete "not checked: …". */
export function sayBudgetSpent(dailyBudget: number): string {
  return `the daily budget of ${dailyBudget} look-ups is spent`;
}

/** Why no look-up is sent now for an alert of high or of lower severity; `undefined` when one may be. */
export function refusalOf(row: QuotaRow, ask: LeftAsk & { high: boolean }): string | undefined {
  const { high, dailyBudget, now } = ask;
  if (isBlocked(row, now)) return `${row.blocked_why} (until ${sayInstant(row.blocked_until ?? now)})`;
  if (row.used >= dailyBudget) return sayBudgetSpent(dailyBudget);
  const left = leftOf(row, ask);
  if (left <= 0) return 'the daily quota of AbuseIPDB is spent';
  const kept = dailyBudget < SMALL_BUDGET ? 0 : Math.floor(dailyBudget * KEPT_SHARE);
  return high || left > kept ? undefined : "the rest of today's look-ups is kept for high severity";
}

/** The day after `count` look-ups more. */
export function withSpent(row: QuotaRow, count: number, now: EpochMs): QuotaRow {
  if (count === 0) return row;
  return { ...row, used: row.used + count, ...(row.used === 0 ? { day_started_at: now } : {}) };
}

/** The day after an answer; `others`: how many look-ups besides are under way, and may belong to a day that it begins. */
export function withSignal(row: QuotaRow, ending: LookUpEnding, others: number): QuotaRow {
  const { block, now } = ending;
  const counted = withRemaining(withoutLifted(row, ending), ending, others);
  if (!block) return counted;
  const until = { blocked_until: block.until, blocked_why: block.why };
  return { ...counted, ...until, ...(block.endsDay ? { day_ends_at: block.until, remaining_at: now } : {}) };
}

/** The service accepts a key again: what was said to the one before it holds no more. */
function withoutLifted(row: QuotaRow, { turn, result }: LookUpEnding): QuotaRow {
  const isGood = result !== undefined && 'report' in result;
  if (!isGood || turn.lifts === undefined || turn.lifts !== row.blocked_until) return row;
  return { ...row, blocked_until: null, blocked_why: null, day_ends_at: null, remaining: null, remaining_at: null };
}

/**
 * Every look-up in a header seen before this one was reserved was counted before this one, so within one day this one's
 * count is lower. A higher one proves a new day. An answer that belongs to an earlier day of ours says nothing.
 */
function withRemaining(row: QuotaRow, { turn, remaining, limit, now }: LookUpEnding, others: number): QuotaRow {
  if (remaining === undefined || turn.day !== row.day_started_at) return row;
  const noise = limit === undefined ? NOISE_WITHOUT_LIMIT : Math.floor(limit * NOISE_SHARE);
  if (turn.remaining !== undefined && remaining > turn.remaining + noise) {
    return { ...firstDay(row.name, now), used: 1 + others, remaining, remaining_at: now };
  }
  const old = row.remaining_at === null || now - row.remaining_at >= BELIEVED_MS;
  return { ...row, remaining: old ? remaining : Math.min(row.remaining ?? remaining, remaining), remaining_at: now };
}
