import { HOUR_MS, SECOND_MS } from '../../domain/time.ts';
import type { AdmissionSignal } from '../../http/admission.ts';
import type { HttpAnswer } from '../../http/http-client.ts';
import { retryAfterMs } from '../../http/retry-after.ts';
import { cut, oneLine } from './create/issue-text.ts';

/** Longest of a vendor's words that is quoted. */
const MOST_WORDS = 600;

export interface ErrorBody {
  errorMessages?: readonly string[];
  errors?: Readonly<Record<string, string>>;
}

/** Jira's error body, where there is one; its members are all optional (REST API, error collection). */
export function errorBody(answer: HttpAnswer): ErrorBody | undefined {
  try {
    const body: unknown = JSON.parse(answer.text);
    return typeof body === 'object' && body !== null ? (body as ErrorBody) : undefined;
  } catch {
    return undefined;
  }
}

/** What is wrong with how we are known, and what a person can do. */
export interface Trouble {
  why: string;
  mend: string;
}

/**
 * Says so when an answer was not made for the account whose credentials were sent (Seraph, Jira's log-in filter). A
 * denied log-in stays denied, and every try prolongs it, until a person logs in with a browser.
 */
export function loginTrouble(headers: HttpAnswer['headers']): Trouble | undefined {
  const reason = headers['x-seraph-loginreason'] ?? '';
  const denied = headers['x-authentication-denied-reason'] ?? '';
  if (/AUTHENTICATION_DENIED/.test(reason) || /CAPTCHA/.test(denied))
    return {
      why: 'it demands a log-in by a person (too many failed ones)',
      mend: 'log in once in a browser with this account, then check its credentials',
    };
  if (/AUTHENTICATED_FAILED/.test(reason))
    return {
      why: 'it did not accept the credentials and answered as for an anonymous visitor',
      mend: 'check the credentials of this Jira site: expired, revoked, or of another account',
    };
  return undefined;
}

/** A quota stops all calls to a site; a burst limit those of one kind (Atlassian, "Rate limiting": RateLimit-Reason). */
export function isQuota(headers: HttpAnswer['headers']): boolean {
  return (headers['ratelimit-reason'] ?? '').startsWith('jira-quota');
}

/** Jira's own words, on one line; of a page, its text. */
export function vendorWords(answer: HttpAnswer, nameOfField: (id: string) => string = (id) => id): string {
  const body = errorBody(answer);
  if (!body) return oneLine(answer.text.replace(/<[^>]{0,500}>/g, ' '), 200);
  const fields = Object.entries(body.errors ?? {}).map(([id, says]) => `${nameOfField(id)}: ${says}`);
  return cut(oneLine([...(body.errorMessages ?? []), ...fields].join('; '), MOST_WORDS), MOST_WORDS);
}

/** What an answer says about the site's limits (Atlassian, "Rate limiting": headers). */
export function signalsOf(
  { status, headers }: HttpAnswer,
  { clock, random }: { clock: { now(): number }; random: () => number },
): AdmissionSignal {
  const number = (name: string) => {
    const value = Number(headers[name]);
    return headers[name] === undefined || Number.isNaN(value) ? undefined : value;
  };
  const remaining = number('x-ratelimit-remaining');
  const limit = number('x-ratelimit-limit');
  const perSecond = rateOf(number('x-ratelimit-fillrate'), number('x-ratelimit-interval-seconds'));
  // Limits of writes to one issue say nothing about the site.
  const ofOneIssue = headers['ratelimit-reason'] === 'jira-per-issue-on-write';
  return {
    ...(remaining === undefined ? {} : { remaining }),
    ...(limit === undefined ? {} : { limit }),
    ...(perSecond === undefined ? {} : { perSecond }),
    ...(headers['x-ratelimit-nearlimit'] === 'true' ? { nearLimit: true } : {}),
    ...(status === 429 && !ofOneIssue ? { retryAfterMs: waitOf(headers, clock.now(), random) } : {}),
  };
}

/** Data Center fills its bucket by so many calls an interval ("Adjusting your code for rate limiting"). */
function rateOf(fill: number | undefined, seconds: number | undefined): number | undefined {
  const rate = (fill ?? 0) / (seconds ?? 0);
  return Number.isFinite(rate) && rate > 0 ? rate : undefined;
}

/** How long a 429 asks to wait; without a word of it five seconds, more or less. */
export function waitOf(headers: HttpAnswer['headers'], now: number, random: () => number): number {
  const reset = Date.parse(headers['x-ratelimit-reset'] ?? '') - now;
  return (
    retryAfterMs(headers['retry-after'], now, HOUR_MS) ??
    (reset > 0 ? Math.min(reset, HOUR_MS) : 5 * SECOND_MS * (0.7 + 0.6 * random()))
  );
}
