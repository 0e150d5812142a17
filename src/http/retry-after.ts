import type { EpochMs } from '../domain/time.ts';

/**
 * How long an answer asks us to wait, in milliseconds, clamped to `[1 s, most]`; `undefined` when it does not say.
 * Reads `Retry-After` as seconds or as an HTTP date (RFC 9110 §10.2.3). A negative number counts as one second.
 */
export function retryAfterMs(header: string | undefined, now: EpochMs, mostMs: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  const ms = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now;
  if (Number.isNaN(ms)) return undefined;
  return Math.min(Math.max(ms, 1_000), mostMs);
}
