import { Pool } from 'undici';
import { EdgeFailure } from '../domain/failure.ts';
import { type Clock, sayDuration } from '../domain/time.ts';
import type { Meter } from '../observe/meter.ts';
import type { Redactor } from '../observe/redact.ts';
import { Exchange, type RawAnswer, TooLarge } from './exchange.ts';

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query, from the origin's root. */
  path: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
  /** The whole exchange, from the first byte sent to the last byte read, must fit into this time. */
  deadlineMs: number;
  /** `write`: a failure after sending is an unknown outcome. `read`: it is merely unavailable. */
  effect: 'read' | 'write';
  /** The answer carries a secret that the call is there to fetch: a success is handed over as it came. */
  answersSecret?: boolean;
  /** Gives the exchange up early, with the same meaning as the deadline. */
  signal?: AbortSignal;
}

export interface HttpAnswer {
  status: number;
  /** Lower-case names; repeated headers are joined by `, `. */
  headers: Readonly<Record<string, string>>;
  text: string;
}

type RawText = Omit<HttpAnswer, 'headers'> & { headers: Record<string, string> };

export interface HttpClientParts {
  /** The service's name in messages and counts: `Jira`, `Defender for Cloud Apps`, `AbuseIPDB`. */
  service: string;
  /** Scheme, host and port. */
  origin: string;
  clock: Clock;
  meter: Meter;
  redactor: Redactor;
  /** Most connections at once. */
  connections: number;
}

/** Given as the reason of an abort, it spares the making of an exception that nobody reads, for each call. */
const SETTLED = 'settled';

/** An answer larger than this is not read to its end (enrichment reference §4.5 row 31). */
const MAX_BODY_BYTES = 32 * 1024 * 1024;

/** The exchange did not end within its deadline. */
class Late extends Error {}

/**
 * One service's HTTP: a pool of connections with a deadline for the whole exchange, a size limit, no redirects and
 * no retries. What an answered status means is the vendor client's affair.
 */
export class HttpClient {
  readonly #pool: Pool;
  readonly #parts: HttpClientParts;

  constructor(parts: HttpClientParts) {
    this.#parts = parts;
    this.#pool = new Pool(parts.origin, {
      connections: parts.connections,
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /**
   * Sends one request, once.
   * @throws EdgeFailure `unavailable` when nothing can have been changed, `unknown-outcome` when a write left and no
   * whole answer came back, `malformed` when a read's answer is too large.
   */
  async send(request: HttpRequest): Promise<HttpAnswer> {
    const { service, clock, meter } = this.#parts;
    meter.count(service);
    const startedAt = clock.now();
    const endedWith = (status?: number) =>
      meter.ended({ service, ms: clock.now() - startedAt, ...(status === undefined ? {} : { status }) });
    const exchange = new Exchange(
      this.#pool,
      {
        method: request.method,
        path: request.path,
        headers: { accept: 'application/json', 'user-agent': 'casewire', ...request.headers },
        body: request.body ?? null,
      },
      MAX_BODY_BYTES,
    );
    const settled = new AbortController();
    void clock.sleep(request.deadlineMs, settled.signal).then(() => {
      if (!settled.signal.aborted) exchange.giveUp(new Late());
    });
    const giveUp = () => exchange.giveUp(new Error('given up'));
    request.signal?.addEventListener('abort', giveUp, { once: true });
    if (request.signal?.aborted) giveUp();
    try {
      const { status, headers, body } = await exchange.answer;
      endedWith(status);
      return this.#withoutSecrets(request, { status, headers: flatten(headers), text: body.toString('utf8') });
    } catch (error) {
      endedWith();
      throw this.#toFailure(error, request, exchange.mayHaveLeft);
    } finally {
      settled.abort(SETTLED);
      request.signal?.removeEventListener('abort', giveUp);
    }
  }

  /**
   * Whatever stands between us and the service may echo the credentials that it was sent, with any status: a proxy's
   * page, a redirect, a trace. Words of an answer go into messages, tickets and the ledger.
   */
  #withoutSecrets(request: HttpRequest, { status, headers, text }: RawText): HttpAnswer {
    const { redactor } = this.#parts;
    for (const name in headers) headers[name] = redactor.cleanData(headers[name] ?? '');
    const isData = status >= 200 && status < 300;
    if (isData && request.answersSecret) return { status, headers, text };
    return { status, headers, text: isData ? redactor.cleanData(text) : redactor.clean(text) };
  }

  /** Ends all connections; a request in flight fails. */
  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  #toFailure(error: unknown, request: HttpRequest, mayHaveLeft: boolean): EdgeFailure {
    const { service, origin, redactor } = this.#parts;
    const call = `${request.method} ${pathOf(request)}`;
    const written = request.effect === 'write' && mayHaveLeft;
    if (error instanceof TooLarge)
      return new EdgeFailure(
        written ? 'unknown-outcome' : 'malformed',
        `${service} answered ${call} with more than 32 MiB`,
      );
    const code = (error as { code?: string }).code ?? '';
    const words = redactor.clean(error instanceof Error ? error.message : String(error));
    const why =
      error instanceof Late
        ? `no whole answer within ${sayDuration(request.deadlineMs)}`
        : [code, words].filter(Boolean).join(': ');
    const mend = mayHaveLeft || error instanceof Late ? {} : { mend: mendOf(code, origin) };
    const what = `${service} at ${origin} did not answer ${call}: ${why}`;
    return new EdgeFailure(written ? 'unknown-outcome' : 'unavailable', what, mend, error);
  }
}

/** The path without its query: a query may carry what does not belong into a log. */
function pathOf(request: HttpRequest): string {
  return request.path.split('?', 1)[0] ?? request.path;
}

function mendOf(code: string, origin: string): string {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `check the host name in ${origin} and this machine's DNS`;
  if (code.includes('CERT') || code.includes('TLS') || code.includes('VERIFY'))
    return `its certificate is not trusted here: add your own authority with NODE_EXTRA_CA_CERTS`;
  return `check that ${origin} can be reached from this machine (proxy, firewall)`;
}

function flatten(headers: RawAnswer['headers']): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}
