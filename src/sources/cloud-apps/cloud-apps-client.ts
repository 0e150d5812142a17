import type { AlertId } from '../../domain/alert.ts';
import { EdgeFailure } from '../../domain/failure.ts';
import { type Clock, type EpochMs, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../domain/time.ts';
import type { HttpAnswer, HttpClient, HttpRequest } from '../../http/http-client.ts';
import { retryAfterMs } from '../../http/retry-after.ts';
import type { Authoriser } from '../authoriser.ts';
import { afterWrite } from '../keep/write-outcome.ts';
import { isObject, parseJson } from '../record/wire-values.ts';
import { sentAtOf, WORDS, wordsOf } from '../window/answer-words.ts';
import { sendAuthorised } from '../window/authorised-call.ts';
import type { CallBook } from '../window/call-book.ts';
import { refusalOf } from '../window/refusal-of.ts';
import { type CloseAnswer, type CloseRequest, parseCloseAnswer, toCloseCall } from './close-wire.ts';

export interface CloudAppsParts {
  /** Base URL of the tenant with its path, without a trailing slash. */
  url: string;
  authoriser: Authoriser;
  http: HttpClient;
  clock: Clock;
  /** A number in [0, 1), for jitter. */
  random: () => number;
  /** The tenant's calls, shared by all who send them. */
  book?: CallBook;
  /** Whether reading leaves a share of each minute to closing. */
  keepsForWrites?: boolean;
  /** Hears of each call of the keeper that has to wait for its turn, in milliseconds. */
  onWait?: (ms: number) => void;
}

/** What every call takes besides. */
export interface CallOptions {
  /** Takes the turn of a second call, which is sent when the first was refused for its token. */
  again?(): Promise<void>;
  signal?: AbortSignal | undefined;
}

export interface PageRequest extends CallOptions {
  /** Alerts created at or after this instant. */
  from: EpochMs;
  skip: number;
  limit: number;
}

export interface PageWire {
  records: readonly unknown[];
  hasNext: boolean;
  /** How many records match in all; absent where the answer does not say, or says so unreliably. */
  total?: number;
  /** A count that contradicts what was listed. */
  contradictoryTotal?: number;
  /** When the service sent it, by its own clock; to the second. */
  sentAt?: EpochMs;
}

const DEADLINE_MS = 30 * SECOND_MS;

/** How the service words a throttle (Django REST framework's text), also where it does so with another status. */
const THROTTLED = /\bthrottled\b|expected available in \d/i;

/** What a person can do about a legacy API token that is refused. */
export const MAKE_A_TOKEN =
  'make a new API token in the Defender portal (Settings, Cloud Apps, System, API tokens; it lives as long as its ' +
  'maker has the rights) and put it where auth.token points';
const CHECK_THE_URL = 'check the tenant url: the Defender portal shows it as API URL under Settings, Cloud Apps, About';

/** Most ids of one list by id: as many as a page holds. */
export const MOST_LISTED = 100;

/** Reasons for which the service does not show an alert by its id: it knows none, or cannot use the id. */
const NOT_SHOWN = new Set([400, 404]);

/** The alerts of Defender for Cloud Apps, REST v1 ("Alerts API": list, fetch, close). */
export class CloudAppsClient {
  readonly #parts: CloudAppsParts;
  readonly #path: string;
  readonly #name: string;

  constructor(parts: CloudAppsParts) {
    this.#parts = parts;
    const { pathname, host } = new URL(parts.url);
    this.#path = `${pathname.replace(/\/$/, '')}/api/v1/alerts/`;
    this.#name = `Defender for Cloud Apps at ${host}`;
  }

  /**
   * Reads one page, oldest first; a token that ended meanwhile is replaced, once.
   * @throws EdgeFailure with what came instead, and the mend.
   */
  async list({ from, skip, limit, ...options }: PageRequest): Promise<PageWire> {
    const filters = { date: { gte: from } };
    const answer = await this.#post({ filters, sortField: 'date', sortDirection: 'asc', skip, limit }, options);
    return answer.status === 200 ? this.#toPage(answer, skip) : this.#refuse(answer);
  }

  /** Reads those of at most `MOST_LISTED` alerts that the service lists. @throws EdgeFailure as `list` does. */
  async listByIds(ids: readonly AlertId[], options: CallOptions): Promise<readonly unknown[]> {
    const filters = { id: { eq: ids } };
    const page = { sortField: 'date', sortDirection: 'asc', skip: 0, limit: MOST_LISTED };
    const answer = await this.#post({ filters, ...page }, options);
    return answer.status === 200 ? this.#toPage(answer, 0).records : this.#refuse(answer);
  }

  /**
   * Reads one alert. `gone` only where the service itself says, as JSON and in so many words or by its status, that it
   * has none such: a page of a proxy says nothing. @throws EdgeFailure as `list` does.
   */
  async fetch(id: AlertId, options: CallOptions): Promise<{ record: unknown } | 'gone'> {
    const answer = await this.#send({ method: 'GET', path: `${encodeURIComponent(id)}/`, effect: 'read' }, options);
    const body = parseBody(answer.text);
    if (NOT_SHOWN.has(answer.status) && body !== undefined && !isThrottled(answer)) return 'gone';
    if (answer.status !== 200) return this.#refuse(answer);
    if (body?._id !== id) return this.#refuse(answer);
    return { record: body };
  }

  /**
   * Closes exactly the alerts that the filter names. Sent once.
   * @throws EdgeFailure `unknown-outcome` when it cannot be said whether they were closed.
   */
  async close(request: CloseRequest, options: CallOptions): Promise<CloseAnswer> {
    const call = { method: 'POST' as const, ...toCloseCall(request), effect: 'write' as const };
    const answer = await this.#send(call, options);
    const said = answer.status === 200 ? parseCloseAnswer(parseBody(answer.text), request.verdict) : undefined;
    if (said) return said;
    try {
      return this.#refuse(answer);
    } catch (error) {
      if (error instanceof EdgeFailure) throw afterWrite(error);
      throw error;
    }
  }

  #post(body: object, options: CallOptions): Promise<HttpAnswer> {
    return this.#send({ method: 'POST', path: '', body: JSON.stringify(body), effect: 'read' }, options);
  }

  #send(
    { path, body, ...call }: Pick<HttpRequest, 'method' | 'path' | 'body' | 'effect'>,
    { again, signal }: CallOptions,
  ): Promise<HttpAnswer> {
    const { authoriser, http } = this.#parts;
    const typed = body === undefined ? {} : { 'content-type': 'application/json' };
    const send = (authorization: string) =>
      http.send({
        ...call,
        path: this.#path + path,
        headers: { authorization, ...typed },
        ...(body === undefined ? {} : { body }),
        deadlineMs: DEADLINE_MS,
        // A write that has left is not given up.
        ...(signal && call.effect === 'read' ? { signal } : {}),
      });
    return sendAuthorised({ authoriser, send, again, signal });
  }

  #toPage(answer: HttpAnswer, skip: number): PageWire {
    const body = parseBody(answer.text) ?? this.#refuse(answer);
    const { data: records, moreThanTotal } = body;
    if (!Array.isArray(records)) return this.#refuse(answer);
    const total = typeof body.total === 'number' && moreThanTotal !== true ? body.total : undefined;
    const end = skip + records.length;
    // The flag may be absent; a count that promises more is then worth one more call.
    const hasNext = typeof body.hasNext === 'boolean' ? body.hasNext : total !== undefined && total > end;
    const agrees = hasNext ? total !== undefined && total > end : total === end;
    const sentAt = sentAtOf(answer);
    return {
      records,
      hasNext,
      ...(total === undefined ? {} : agrees ? { total } : { contradictoryTotal: total }),
      ...(sentAt === undefined ? {} : { sentAt }),
    };
  }

  /** Turns an answer that is no page of alerts into the failure that it means. */
  #refuse(answer: HttpAnswer): never {
    throw refusalOf(answer, {
      name: this.#name,
      words: wordsOf(answer.text),
      mends: { signIn: this.#parts.authoriser.mend, url: CHECK_THE_URL },
      ...(isThrottled(answer) ? { wait: { retryAfterMs: this.#waitOf(answer) } } : {}),
    });
  }

  /** By header, else by "Expected available in N seconds", else a minute (what Microsoft's own module waits) and some. */
  #waitOf(answer: HttpAnswer): number {
    const said = retryAfterMs(answer.headers['retry-after'], this.#parts.clock.now(), HOUR_MS);
    if (said !== undefined) return said;
    const text = /available in (\d{1,6}) seconds?/i.exec(answer.text);
    if (text) return Math.min(Math.max(Number(text[1]) * SECOND_MS, SECOND_MS), HOUR_MS);
    return MINUTE_MS + 10 * SECOND_MS * this.#parts.random();
  }
}

function isThrottled({ status, text }: HttpAnswer): boolean {
  return status === 429 || THROTTLED.test(text.slice(0, WORDS));
}

/** A JSON object; what came instead is told by `#refuse`. */
function parseBody(text: string): Record<string, unknown> | undefined {
  try {
    const body = parseJson(text);
    return isObject(body) && !Array.isArray(body) ? body : undefined;
  } catch {
    return undefined;
  }
}
