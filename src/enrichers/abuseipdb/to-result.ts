import { NOT_ACCEPTED } from '../../domain/finding.ts';
import { DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS } from '../../domain/time.ts';
import type { HttpAnswer } from '../../http/http-client.ts';
import { retryAfterMs } from '../../http/retry-after.ts';
import type { LookUpResult, QuotaSignal } from '../enricher.ts';
import { parseCheck } from './wire.ts';

type Failed = Extract<LookUpResult, { outcome: 'failed' }>;

/** How long a failure is remembered before the same address is asked after again. */
const FAILURE_MS = 15 * MINUTE_MS;

/** No wait is believed to be longer: a day and some slack. */
const LONGEST_WAIT_MS = 26 * HOUR_MS;

/** A wait up to this long, with no word of the day's quota, is a limit on bursts. */
const BURST_MS = 5 * MINUTE_MS;

const KEY_MEND = 'put a valid API v2 key into abuseipdb.key (AbuseIPDB: Account, API); a v1 key does not do';
const PROXY_MEND = 'check abuseipdb.url, and whether a proxy or a firewall stands between this machine and AbuseIPDB';

/**
 * Says what an answer means, by its status and content type and never by the words of an error, which change
 * (docs.abuseipdb.com, "Error Handling" and "API Daily Rate Limits").
 */
export function toResult(answer: HttpAnswer, { now, windowDays }: { now: EpochMs; windowDays: number }): LookUpResult {
  const { status } = answer;
  const isJson = /\bjson\b/i.test(answer.headers['content-type'] ?? '');
  const quota = quotaOf(answer);
  if (status === 429) return limited(answer, { now, isJson, quota });
  if (status === 200 && isJson) {
    const report = parseCheck(answer.text, windowDays);
    if (report) return { outcome: 'answered', report, quota };
  }
  return { ...failureOf(status, isJson, now), quota };
}

/** A look-up that brought no answer at all. */
export function noAnswer(now: EpochMs, { late, mend }: { late: boolean; mend?: string | undefined }): LookUpResult {
  const why = late ? 'no answer from AbuseIPDB within 5 s' : 'the connection to AbuseIPDB failed';
  return outage(why, now, mend ?? PROXY_MEND);
}

function failureOf(status: number, isJson: boolean, now: EpochMs): Failed {
  if (isJson && status === 401) return stop('AbuseIPDB refused the key', now + FAILURE_MS, KEY_MEND);
  if (isJson && status === 402)
    return stop('AbuseIPDB asks for a larger plan', now + DAY_MS, 'lower abuseipdb.maxAgeInDays, or change the plan');
  if (isJson && status === 422) return { ...outage(NOT_ACCEPTED, now), retryAt: now + DAY_MS, outage: false };
  if (status >= 300 && status < 400)
    return outage('AbuseIPDB answered with a redirect, which is not followed', now, PROXY_MEND);
  if (status === 200 && !isJson) return outage('AbuseIPDB answered with a page instead of data', now, PROXY_MEND);
  if (status === 200) return outage('AbuseIPDB gave an answer that cannot be read', now, PROXY_MEND);
  return outage(`AbuseIPDB answered with an error (HTTP ${status})`, now, status < 500 ? PROXY_MEND : undefined);
}

/**
 * A 429 is the end of the day's quota unless it asks for a short wait only. The later of `Retry-After` and
 * `X-RateLimit-Reset` holds; without either, an hour, after which one look-up shows.
 */
function limited(
  { headers }: HttpAnswer,
  { now, isJson, quota }: { now: EpochMs; isJson: boolean; quota: QuotaSignal },
): LookUpResult {
  const after = retryAfterMs(headers['retry-after'], now, LONGEST_WAIT_MS) ?? 0;
  const resetMs = (numberIn(headers, 'x-ratelimit-reset') ?? 0) * 1_000 - now;
  const waitMs = Math.min(Math.max(after, resetMs), LONGEST_WAIT_MS);
  const ofTheDay = quota.remaining === 0 || resetMs > 0 || waitMs > BURST_MS || (waitMs <= 0 && isJson);
  const blockedUntil = now + (waitMs > 0 ? waitMs : isJson ? HOUR_MS : FAILURE_MS);
  if (!ofTheDay)
    return { ...stop('AbuseIPDB asks for fewer look-ups at once', blockedUntil), quota: { ...quota, blockedUntil } };
  return {
    ...stop('the daily quota of AbuseIPDB is spent', blockedUntil),
    quota: { ...quota, remaining: 0, blockedUntil, daySpent: true },
  };
}

function outage(why: string, now: EpochMs, mend?: string): Failed {
  const retryAt = now + FAILURE_MS;
  return { outcome: 'failed', why, ...(mend ? { mend } : {}), retryAt, stopsAll: false, outage: true, quota: {} };
}

function stop(why: string, retryAt: EpochMs, mend?: string): Failed {
  return { outcome: 'failed', why, ...(mend ? { mend } : {}), retryAt, stopsAll: true, outage: false, quota: {} };
}

/** What an answer's headers say of the day's quota. */
function quotaOf({ headers }: HttpAnswer): QuotaSignal {
  const remaining = numberIn(headers, 'x-ratelimit-remaining');
  const limit = numberIn(headers, 'x-ratelimit-limit');
  return { ...(remaining === undefined ? {} : { remaining }), ...(limit === undefined ? {} : { limit }) };
}

function numberIn(headers: HttpAnswer['headers'], name: string): number | undefined {
  const text = headers[name]?.trim() ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
