import type { Clock } from '../../domain/time.ts';

/** Calls a second by method; a number stands for all. */
export type BurstRate = number | Readonly<Record<string, number>>;

/**
 * Atlassian's published limits per site, endpoint and method (Jira Cloud platform, "Rate limiting", 12 August 2026):
 * `GET /issue/{key}` alone allows more.
 */
export const PUBLISHED_BURST: BurstRate = { GET: 100, POST: 100, PUT: 50, DELETE: 50, 'GET issue': 150 };

export interface BurstState {
  allowed: boolean;
  limit: number;
  remaining: number;
  /** Until the next call fits, when this one did not. */
  waitMs: number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** Token buckets by name, filled by the clock; a full one holds a second's calls. */
export class BurstLimiter {
  /** Off while `undefined`. */
  rate: BurstRate | undefined;
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock, rate?: BurstRate) {
    this.#clock = clock;
    this.rate = rate;
  }

  /** Counts one call of a bucket that may be shared; `undefined` while the limiter is off. */
  take(method: string, name: string): BurstState | undefined {
    if (this.rate === undefined) return undefined;
    const limit = typeof this.rate === 'number' ? this.rate : (this.rate[name] ?? this.rate[method] ?? 100);
    const now = this.#clock.now();
    const bucket = this.#buckets.get(name) ?? { tokens: limit, at: now };
    this.#buckets.set(name, bucket);
    bucket.tokens = Math.min(limit, bucket.tokens + ((now - bucket.at) * limit) / 1000);
    bucket.at = now;
    const allowed = bucket.tokens >= 1;
    if (allowed) bucket.tokens--;
    const waitMs = allowed ? 0 : ((1 - bucket.tokens) / limit) * 1000;
    return { allowed, limit, remaining: Math.floor(bucket.tokens), waitMs };
  }
}
