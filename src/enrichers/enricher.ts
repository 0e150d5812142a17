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
}

export type LookUpResult =
  | { outcome: 'answered'; report: AbuseReport; quota: QuotaSignal }
  /** `retryAt`: when the same address may be asked again; `stopsAll`: the service refuses every look-up until then. */
  | { outcome: 'failed'; why: string; retryAt: EpochMs; stopsAll: boolean; quota: QuotaSignal };

/** Answers one question on one address. */
export interface Enricher {
  readonly name: string;
  /** `undefined` when the address may be sent; else why it never is, in words that complete "not checked: …". */
  refusal(address: string): string | undefined;
  /** One look-up, once; never throws an EdgeFailure. The caller sees to cache, budget and single flight. */
  lookUp(address: string, signal?: AbortSignal): Promise<LookUpResult>;
  check(): Promise<readonly CheckLine[]>;
}
