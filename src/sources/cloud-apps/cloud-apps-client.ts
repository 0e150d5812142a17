import { EdgeFailure } from '../../domain/failure.ts';
import { type Clock, type EpochMs, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../domain/time.ts';
import type { HttpAnswer, HttpClient } from '../../http/http-client.ts';
import { retryAfterMs } from '../../http/retry-after.ts';

export interface CloudAppsParts {
  /** Base URL of the tenant with its path, without a trailing slash. */
  url: string;
  token: string;
  http: HttpClient;
  clock: Clock;
  /** A number in [0, 1), for jitter. */
  random: () => number;
}

export interface PageRequest {
  /** Alerts created at or after this instant. */
  from: EpochMs;
  skip: number;
  limit: number;
  signal?: AbortSignal;
}

export interface PageWire {
  records: readonly unknown[];
  hasNext: boolean;
  /** How many records match in all; absent where the answer does not say, or says so unreliably. */
  total?: number;
}

const DEADLINE_MS = 30 * SECOND_MS;
const WORDS = 300;

/** How the service words a throttle, also where it does so with another status. */
const THROTTLED = /throttled/i;

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

  /** Reads one page, oldest first. @throws EdgeFailure with what came instead, and the mend. */
  async list({ from, skip, limit, signal }: PageRequest): Promise<PageWire> {
    const answer = await this.#parts.http.send({
      method: 'POST',
      path: this.#path,
      headers: { authorization: `Token ${this.#parts.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ filters: { date: { gte: from } }, sortField: 'date', sortDirection: 'asc', skip, limit }),
      deadlineMs: DEADLINE_MS,
      effect: 'read',
      ...(signal ? { signal } : {}),
    });
    return answer.status === 200 ? this.#toPage(answer, { skip }) : this.#refuse(answer);
  }

  #toPage(answer: HttpAnswer, { skip }: { skip: number }): PageWire {
    const body = this.#parse(answer);
    if (!Array.isArray(body.data)) {
      if (THROTTLED.test(answer.text.slice(0, WORDS))) this.#refuse(answer);
      throw this.#malformed('an answer without a list of alerts');
    }
    const records: unknown[] = body.data;
    const hasNext = body.hasNext === true;
    const { total } = body;
    const end = skip + records.length;
    const consistent =
      typeof total === 'number' && body.moreThanTotal !== true && (hasNext ? total > end : total === end);
    return { records, hasNext, ...(consistent ? { total } : {}) };
  }

  #parse(answer: HttpAnswer): Record<string, unknown> {
    if (answer.text.trim() === '') throw this.#malformed('an empty answer');
    try {
      const body: unknown = JSON.parse(answer.text);
      if (typeof body === 'object' && body !== null) return body as Record<string, unknown>;
    } catch {
      const type = answer.headers['content-type'] ?? 'no content type';
      const page = /html/i.test(type) || answer.text.trimStart().startsWith('<');
      throw this.#malformed(
        page ? 'a page (HTML) instead of data' : `text that is not JSON (${type}, ${answer.text.length} characters)`,
      );
    }
    throw this.#malformed('JSON that is no object');
  }

  #malformed(what: string): EdgeFailure {
    return new EdgeFailure('malformed', `${this.#name} answered with ${what}`, {
      mend: 'check the tenant url; a sign-in page or a proxy may stand before it',
    });
  }

  #refuse(answer: HttpAnswer): never {
    const { status } = answer;
    const vendorSays = answer.text
      .replace(/<[^>]{0,300}>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, WORDS);
    const what = `${this.#name} answered ${status}${vendorSays ? `: ${vendorSays}` : ''}`;
    if (status === 429 || THROTTLED.test(answer.text.slice(0, WORDS)))
      throw new EdgeFailure('rate-limited', what, { status, retryAfterMs: this.#waitOf(answer) });
    if (status === 401 || status === 403)
      throw new EdgeFailure('unauthorised', what, {
        status,
        mend: 'make a new API token in the Defender portal (Settings, Cloud Apps, System, API tokens) and put it where auth.token points',
      });
    if (status >= 500) throw new EdgeFailure('unavailable', what, { status });
    if (status >= 300 && status < 400)
      throw new EdgeFailure('refused', `${what} (a redirect, which is not followed)`, {
        status,
        mend: 'check the tenant url',
      });
    if (status === 404)
      throw new EdgeFailure('refused', what, {
        status,
        mend: 'check the tenant url: Settings, Cloud Apps, System, About shows the API URL',
      });
    if (status < 300) throw this.#malformed(`status ${status} and no list of alerts`);
    throw new EdgeFailure('refused', what, { status, vendorSays });
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
