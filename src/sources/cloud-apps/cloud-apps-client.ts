import { type Clock, type EpochMs, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../domain/time.ts';
import type { HttpAnswer, HttpClient } from '../../http/http-client.ts';
import { retryAfterMs } from '../../http/retry-after.ts';
import type { Authoriser } from '../authoriser.ts';
import { parseJson } from '../record/wire-values.ts';
import { sentAtOf, WORDS, wordsOf } from '../window/answer-words.ts';
import { sendAuthorised } from '../window/authorised-call.ts';
import type { CallBook } from '../window/call-book.ts';
import { refusalOf } from '../window/refusal-of.ts';

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
}

export interface PageRequest {
  /** Alerts created at or after this instant. */
  from: EpochMs;
  skip: number;
  limit: number;
  /** Takes the turn of a second call, which is sent when the first was refused for its token. */
  again?(): Promise<void>;
  signal?: AbortSignal;
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

/** The alerts list of Defender for Cloud Apps, REST v1 ("Alerts – list"). */
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
  async list(request: PageRequest): Promise<PageWire> {
    const { authoriser } = this.#parts;
    const { again, signal } = request;
    const answer = await sendAuthorised({
      authoriser,
      send: (authorization) => this.#send(request, authorization),
      again,
      signal,
    });
    return answer.status === 200 ? this.#toPage(answer, request.skip) : this.#refuse(answer);
  }

  #send({ from, skip, limit, signal }: PageRequest, authorization: string): Promise<HttpAnswer> {
    return this.#parts.http.send({
      method: 'POST',
      path: this.#path,
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ filters: { date: { gte: from } }, sortField: 'date', sortDirection: 'asc', skip, limit }),
      deadlineMs: DEADLINE_MS,
      effect: 'read',
      ...(signal ? { signal } : {}),
    });
  }

  #toPage(answer: HttpAnswer, skip: number): PageWire {
    const body = this.#parse(answer);
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

  #parse(answer: HttpAnswer): Record<string, unknown> {
    try {
      const body = parseJson(answer.text);
      if (typeof body === 'object' && body !== null) return body as Record<string, unknown>;
    } catch {
      // What came instead is told by `#refuse`.
    }
    return this.#refuse(answer);
  }

  /** Turns an answer that is no page of alerts into the failure that it means. */
  #refuse(answer: HttpAnswer): never {
    const { status, text } = answer;
    const isThrottled = status === 429 || THROTTLED.test(text.slice(0, WORDS));
    throw refusalOf(answer, {
      name: this.#name,
      words: wordsOf(text),
      mends: { signIn: this.#parts.authoriser.mend, url: CHECK_THE_URL },
      ...(isThrottled ? { wait: { retryAfterMs: this.#waitOf(answer) } } : {}),
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
