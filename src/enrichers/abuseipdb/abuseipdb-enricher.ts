import type { CheckLine } from '../../domain/check.ts';
import { isEdgeFailure } from '../../domain/failure.ts';
import type { Clock } from '../../domain/time.ts';
import type { HttpClient } from '../../http/http-client.ts';
import type { Enricher, LookUpResult } from '../enricher.ts';
import { AbuseIpDbClient, DEADLINE_MS } from './abuseipdb-client.ts';
import { addressJudge } from './public-address.ts';
import { noAnswer, toResult } from './to-result.ts';

export interface AbuseIpDbParts {
  /** API v2 key. */
  key: string;
  url: string;
  /** Reports older than this do not count, 1–365. */
  maxAgeInDays: number;
  /** Own addresses and ranges, which are never sent. */
  neverSend: readonly string[];
  http: HttpClient;
  clock: Clock;
  /** The present value of a key that may have been changed where it is kept; `undefined` when there is no other. */
  newer?: (key: string) => Promise<string | undefined>;
}

/** What `check` asks after: public, well known, and nobody's own. */
const CHECKED_ADDRESS = '1.1.1.1';

/** Looks addresses up at AbuseIPDB; what is not public unicast, or is one's own, is never sent. */
export function abuseIpDbEnricher(parts: AbuseIpDbParts): Enricher {
  const judge = addressJudge(parts.neverSend);
  const client = new AbuseIpDbClient(parts);
  return {
    name: 'AbuseIPDB',

    refusal(address) {
      const verdict = judge(address);
      return 'refused' in verdict ? verdict.refused : undefined;
    },

    askedAs(address) {
      const verdict = judge(address);
      return 'send' in verdict ? verdict.send : address;
    },

    async lookUp(address, signal) {
      const verdict = judge(address);
      if ('refused' in verdict) throw new Error(`${address} must not be sent to AbuseIPDB: ${verdict.refused}`);
      return lookUp(verdict.send, signal);
    },

    async check() {
      const result = await lookUp(CHECKED_ADDRESS);
      return { line: toCheckLine(result), address: CHECKED_ADDRESS, result };
    },
  };

  async function lookUp(address: string, signal?: AbortSignal): Promise<LookUpResult> {
    const { clock, maxAgeInDays } = parts;
    const startedAt = clock.now();
    try {
      const answer = await client.check({ address, maxAgeInDays, signal });
      return toResult(answer, { now: clock.now(), windowDays: maxAgeInDays });
    } catch (error) {
      if (!isEdgeFailure(error)) throw error;
      const now = clock.now();
      return noAnswer(now, { late: now - startedAt >= DEADLINE_MS, mend: error.details.mend });
    }
  }
}

function toCheckLine(result: LookUpResult): CheckLine {
  const subject = 'abuseipdb';
  const { remaining, limit } = result.quota;
  if (result.outcome === 'answered') {
    const left = remaining === undefined ? '' : `; ${remaining}${limit === undefined ? '' : ` of ${limit}`} left today`;
    return { subject, level: 'ok', says: `the key is accepted (one look-up of ${CHECKED_ADDRESS} was spent)${left}` };
  }
  const { why, mend, quota } = result;
  if (quota.daySpent) {
    return { subject, level: 'warning', says: `the key is accepted, but ${why}`, mend: 'wait for the next day' };
  }
  return { subject, level: 'error', says: why, ...(mend ? { mend } : {}) };
}
