import type { Severity } from '../domain/alert.ts';
import type { AbuseReport } from '../domain/finding.ts';
import type { EpochMs } from '../domain/time.ts';

/** What the ledger remembers of an address: the last answer, and why a later look-up failed. */
export interface Remembered {
  report?: AbuseReport;
  lookedUpAt?: EpochMs;
  failure?: string;
  /** The address is not to be asked after again before this instant. */
  retryAt?: EpochMs;
}

/** Whether a look-up may be sent: it is this owner's to send; another process is asking; or none is sent. */
export type Reservation = 'yours' | 'asked-elsewhere' | { refused: string };

export interface ReserveAsk {
  /** Most urgent first; who comes first is served first. */
  wanted: readonly { address: string; severity: Severity }[];
  windowDays: number;
  owner: string;
  now: EpochMs;
  /** Until when no other process asks after the addresses reserved. */
  until: EpochMs;
  dailyBudget: number;
}

/** How a look-up ended, with what the answer said of the quota. */
export interface LookUpEnding {
  address: string;
  windowDays: number;
  now: EpochMs;
  /** The answer, or why there is none and when the address may be asked after again. */
  result: { report: AbuseReport } | { failure: string; retryAt: EpochMs };
  /** Look-ups left today, by the answer's header. */
  remaining?: number;
  /** No look-up at all before this instant, and why. */
  block?: { until: EpochMs; why: string };
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
  record(ending: LookUpEnding): Promise<void>;
  quotaView(ask: { dailyBudget: number; now: EpochMs }): Promise<QuotaView>;
}
