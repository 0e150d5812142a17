import type { CheckLine } from '../domain/check.ts';
import type { AbuseReport } from '../domain/finding.ts';
import type { EpochMs } from '../domain/time.ts';

/** What an answer said about the daily quota. */
export interface QuotaSignal {
  /** Look-ups left, by the answer's own header. */
  remaining?: number;
  limit?: number;
  /** No look-up may be sent before this instant. */
  blockedUntil?: EpochMs;
  /** The day's look-ups are spent; `blockedUntil` is when the next day begins. */
  daySpent?: boolean;
}

export type LookUpResult =
  | { outcome: 'answered'; report: AbuseReport; quota: QuotaSignal }
  | {
      outcome: 'failed';
      /** In words that complete "not checked: …". */
      why: string;
      /** What a person can do about it; absent where waiting is all. */
      mend?: string;
      /** When the same address may be asked after again. */
      retryAt: EpochMs;
      /** The service refuses every look-up until then, not only this one. */
      stopsAll: boolean;
      /** The service itself did not work: no answer, none that can be read, or an error of its own. */
      outage: boolean;
      quota: QuotaSignal;
    };

/** How the service answered, for people and for the day's count. */
export interface EnricherCheck {
  line: CheckLine;
  /** The address asked after. */
  address: string;
  result: LookUpResult;
}

/** Answers one question on one address. */
export interface Enricher {
  readonly name: string;
  /** `undefined` when the address may be sent; else why it never is, in words that complete "not checked: …". */
  refusal(address: string): string | undefined;
  /** How an address that may be sent is asked after: the IPv4 address that an IPv6 address stands for, else itself. */
  askedAs(address: string): string;
  /** One look-up, once; never throws an EdgeFailure. The caller sees to cache, budget and single flight. */
  lookUp(address: string, signal?: AbortSignal): Promise<LookUpResult>;
  /** One look-up that shows whether the service accepts us; the caller sees to the budget. */
  check(): Promise<EnricherCheck>;
}
