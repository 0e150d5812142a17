import { isEdgeFailure } from '../../domain/failure.ts';
import { type Clock, DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../domain/time.ts';
import type { HttpAnswer, HttpClient } from '../../http/http-client.ts';
import { retryAfterMs } from '../../http/retry-after.ts';
import type { Enricher, LookUpResult, QuotaSignal } from '../enricher.ts';
import { publicAddressCheck } from './public-address.ts';
import { parseCheck } from './wire.ts';

export interface AbuseIpDbParts {
  key: string;
  /** No trailing slash. */
  url: string;
  /** 1–365. */
  maxAgeInDays: number;
  neverSend: readonly string[];
  http: HttpClient;
  clock: Clock;
}

const DEADLINE_MS = 5 * SECOND_MS;

/** How long a failure is remembered before the same address is asked after again. */
const FAILURE_MS = 15 * MINUTE_MS;

/** A block is never believed to last longer: a day and some slack. */
const LONGEST_BLOCK_MS = 26 * HOUR_MS;

/** A wait up to this long is a burst limit; a longer one is the daily quota. */
const BURST_MS = 5 * MINUTE_MS;

/** AbuseIPDB's CHECK endpoint, API v2. */
export function abuseIpDbEnricher(parts: AbuseIpDbParts): Enricher {
  const refusal = publicAddressCheck(parts.neverSend);
  const client = new AbuseIpDbClient(parts);
  return {
    name: 'AbuseIPDB',
    refusal,
    lookUp: (address, signal) => client.lookUp(address, signal),
    async check() {
      const result = await client.lookUp('1.1.1.1');
      const subject = 'abuseipdb';
      if (result.outcome === 'failed')
        return [
          { subject, level: 'error', says: result.why, mend: 'check abuseipdb.key (an API v2 key) and abuseipdb.url' },
        ];
      const { remaining } = result.quota;
      const left = remaining === undefined ? '' : `; ${remaining} look-ups left today`;
      return [{ subject, level: 'ok', says: `key accepted (asked after 1.1.1.1, which costs one look-up)${left}` }];
    },
  };
}

class AbuseIpDbClient {
  readonly #parts: AbuseIpDbParts;
  readonly #base: string;

  constructor(parts: AbuseIpDbParts) {
    this.#parts = parts;
    this.#base = new URL(parts.url).pathname.replace(/\/$/, '');
  }

  async lookUp(address: string, signal?: AbortSignal): Promise<LookUpResult> {
    const { http, key, maxAgeInDays, clock } = this.#parts;
    try {
      const answer = await http.send({
        method: 'GET',
        path: `${this.#base}/api/v2/check?ipAddress=${encodeURIComponent(address)}&maxAgeInDays=${maxAgeInDays}`,
        headers: { key },
        deadlineMs: DEADLINE_MS,
        effect: 'read',
        ...(signal ? { signal } : {}),
      });
      return this.#toResult(answer);
    } catch (error) {
      if (!isEdgeFailure(error)) throw error;
      const why = /no whole answer/.test(error.message)
        ? 'AbuseIPDB gave no answer within 5 s'
        : 'AbuseIPDB could not be reached';
      return { outcome: 'failed', why, retryAt: clock.now() + FAILURE_MS, stopsAll: false, quota: {} };
    }
  }

  /** By status and content type, never by the words of a body: those are translated and change. */
  #toResult(answer: HttpAnswer): LookUpResult {
    const { status } = answer;
    const now = this.#parts.clock.now();
    const quota = quotaOf(answer);
    const isJson = /json/i.test(answer.headers['content-type'] ?? '');
    const failed = (
      why: string,
      retryAt: EpochMs,
      more: Partial<{ stopsAll: boolean; quota: QuotaSignal }> = {},
    ): LookUpResult => ({
      outcome: 'failed',
      why,
      retryAt,
      stopsAll: false,
      quota,
      ...more,
    });
    if (status === 200 && isJson) {
      const report = parseCheck(answer.text, this.#parts.maxAgeInDays);
      return report
        ? { outcome: 'answered', report, quota }
        : failed('AbuseIPDB gave an answer that cannot be read', now + FAILURE_MS);
    }
    if (status === 429) return this.#limited(answer, failed);
    if (status === 401 && isJson) return failed('AbuseIPDB refused the key', now + FAILURE_MS, { stopsAll: true });
    if (status === 402) return failed('AbuseIPDB asks for a larger plan', now + DAY_MS, { stopsAll: true });
    if (status === 422) return failed('AbuseIPDB does not accept this address', now + DAY_MS);
    if (status >= 300 && status < 400)
      return failed('AbuseIPDB answered with a redirect, which is not followed', now + FAILURE_MS);
    if (status === 200) return failed('AbuseIPDB answered with a page instead of data', now + FAILURE_MS);
    return failed(`AbuseIPDB answered ${status}`, now + FAILURE_MS);
  }

  #limited(
    answer: HttpAnswer,
    failed: (why: string, at: EpochMs, more: { stopsAll: boolean; quota: QuotaSignal }) => LookUpResult,
  ) {
    const now = this.#parts.clock.now();
    const after = retryAfterMs(answer.headers['retry-after'], now, LONGEST_BLOCK_MS);
    const reset = Number(answer.headers['x-ratelimit-reset'] ?? Number.NaN) * 1000;
    const until = Math.min(
      Math.max(after === undefined ? 0 : now + after, Number.isNaN(reset) ? 0 : reset),
      now + LONGEST_BLOCK_MS,
    );
    // Without a word of when to come back, an hour, and one look-up then shows.
    const blockedUntil = until > now ? until : now + HOUR_MS;
    const quota = { ...quotaOf(answer), blockedUntil };
    if (blockedUntil - now <= BURST_MS)
      return failed('AbuseIPDB is answering too many look-ups', blockedUntil, { stopsAll: true, quota });
    return failed('the daily quota of AbuseIPDB is spent', blockedUntil, {
      stopsAll: true,
      quota: { ...quota, remaining: 0 },
    });
  }
}

/** What an answer's headers say of the day's quota (docs.abuseipdb.com, "API Daily Rate Limits"). */
function quotaOf({ headers }: HttpAnswer): QuotaSignal {
  const number = (name: string) => {
    const value = Number(headers[name]);
    return headers[name] === undefined || Number.isNaN(value) ? undefined : value;
  };
  const remaining = number('x-ratelimit-remaining');
  const limit = number('x-ratelimit-limit');
  return { ...(remaining === undefined ? {} : { remaining }), ...(limit === undefined ? {} : { limit }) };
}
