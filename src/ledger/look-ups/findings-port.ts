import type { Severity } from '../../domain/alert.ts';
import type { AbuseReport } from '../../domain/finding.ts';
import type { EpochMs } from '../../domain/time.ts';

/** What the ledger remembers of an address: the last answer, why a later look-up failed, and who is asking now. */
export interface Remembered {
  report?: AbuseReport;
  lookedUpAt?: EpochMs;
  failure?: string;
  /** The address is not to be asked after again before this instant. */
  retryAt?: EpochMs;
  /** Until when somebody's look-up of it may be under way. */
  askedUntil?: EpochMs;
}

/** Where the day's count stood when a look-up was reserved; its ending brings it back, so that a new day is noticed. */
export interface Turn {
  day: EpochMs;
  /** Look-ups left, by the lowest header seen so far. */
  remaining?: number;
  /** The end of a block that a good answer lifts; only a look-up that tries the key is sent in spite of one. */
  lifts?: EpochMs;
}

/**
 * Whether a look-up may be sent: it is this owner's to send; or another process asks, or has just asked, and its answer
 * comes through the ledger; or none is sent, for a reason that completes "not checked: …".
 */
export type Reservation = { turn: Turn } | 'asked-elsewhere' | { refused: string };

export interface ReserveAsk {
  /** Most urgent first; who comes first is served first. */
  wanted: readonly { address: string; severity: Severity }[];
  windowDays: number;
  owner: string;
  now: EpochMs;
  /** Until when no other process asks after the addresses reserved. */
  until: EpochMs;
  /** An answer newer than this needs no look-up. */
  freshSince: EpochMs;
  dailyBudget: number;
}

/** How a look-up ended, with what the answer said of the quota. */
export interface LookUpEnding {
  address: string;
  windowDays: number;
  now: EpochMs;
  turn: Turn;
  /** The answer, or why this address got none and when it may be asked after again; absent when it was not about it. */
  result?: { report: AbuseReport } | { failure: string; retryAt: EpochMs };
  /** What the answer's headers said of the service's own daily quota. */
  remaining?: number;
  limit?: number;
  /** No look-up at all before this instant, and why; `endsDay`: a new day begins with it. */
  block?: { until: EpochMs; why: string; endsDay: boolean };
}

export interface QuotaView {
  dailyBudget: number;
  used: number;
  left: number;
  blockedUntil?: EpochMs;
  blockedWhy?: string;
}

/** What is known of addresses, and the day's budget of look-ups, shared by all tenants and processes. */
export interface Findings {
  recall(ask: { addresses: readonly string[]; windowDays: number }): Promise<ReadonlyMap<string, Remembered>>;
  /** Counts look-ups against the budget and marks their addresses as being asked after, in one transaction. */
  reserve(ask: ReserveAsk): Promise<ReadonlyMap<string, Reservation>>;
  /**
   * Counts one look-up that shows whether the service accepts the key. No block holds it back, for it may show that the
   * block is over; a spent budget does.
   */
  reserveTrial(ask: { dailyBudget: number; now: EpochMs }): Promise<{ turn: Turn } | { refused: string }>;
  /** Endings that arrive together share one transaction. */
  record(ending: LookUpEnding): Promise<void>;
  quotaView(ask: { dailyBudget: number; now: EpochMs }): Promise<QuotaView>;
}
