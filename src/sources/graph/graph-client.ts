import { EdgeFailure } from '../../domain/failure.ts';
import type { GraphService } from '../../domain/service.ts';
import { type Clock, type EpochMs, HOUR_MS, SECOND_MS } from '../../domain/time.ts';
import type { HttpAnswer, HttpClient, HttpRequest } from '../../http/http-client.ts';
import { retryAfterMs } from '../../http/retry-after.ts';
import type { Authoriser } from '../authoriser.ts';
import { toOneLine } from '../extract/plain-text.ts';
import { afterWrite } from '../keep/write-outcome.ts';
import { isObject, parseJson, textOf } from '../record/wire-values.ts';
import { sentAtOf, WORDS, wordsOf } from '../window/answer-words.ts';
import { sendAuthorised } from '../window/authorised-call.ts';
import type { CallBook } from '../window/call-book.ts';
import type { CallLimit } from '../window/pace.ts';
import { refusalOf } from '../window/refusal-of.ts';
import type { AlertChange } from './graph-close.ts';

export interface GraphParts {
  /** Base URL of the cloud's Graph with its path, without a trailing slash. */
  url: string;
  authoriser: Authoriser;
  /** Whose alerts are wanted; at least one. */
  services: readonly GraphService[];
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

/** Which alerts are wanted. */
export interface AlertQuery {
  /** Updated at or after this instant; whenever it was when absent. */
  updatedFrom?: EpochMs;
  /** Created at or after this instant; whenever it was when absent. */
  createdFrom?: EpochMs;
  top: number;
}

/** What every call takes besides. */
export interface CallOptions {
  /** Takes the turn of a second call, which is sent when the first was refused for its token. */
  again?: () => Promise<void>;
  signal?: AbortSignal | undefined;
}

export interface PageCall extends CallOptions {
  /** Path and query of the page, from `firstPage` or a page before. */
  link: string;
}

export interface PageWire {
  records: readonly unknown[];
  /** Path and query of the page that follows; absent on the last. */
  next?: string;
  /** How many alerts match in all; absent where the answer does not say. */
  count?: number;
  /** When the service sent it, by its own clock; to the second. */
  sentAt?: EpochMs;
}

/** The services as Graph names them (v1.0, "alert resource type", serviceSource values, read 2026-11-25). */
export const SERVICE_SOURCES: Readonly<Record<GraphService, string>> = {
  'defender-cloud-apps': 'microsoftDefenderForCloudApps',
  'app-governance': 'microsoftAppGovernance',
  'entra-id-protection': 'azureAdIdentityProtection',
  'defender-xdr': 'microsoft365Defender',
};

/** How the service is called in messages. */
export const GRAPH = 'Microsoft Graph';

/** Graph v1.0, "throttling limits": security alerts, per app and tenant. */
export const LIMIT: CallLimit = { service: GRAPH, callsAMinute: 150, forWrites: 50 };

const DEADLINE_MS = 30 * SECOND_MS;

const CHECK_THE_URL =
  'check the tenant url: https://graph.microsoft.com, or the Graph of a national cloud (in China it has no alerts)';

/** The security alerts of Microsoft Graph, v1.0 ("List alerts_v2", "Get alert", "Update alert", "Create comment for alert"). */
export class GraphClient {
  readonly #parts: GraphParts;
  readonly #path: string;
  readonly #base: URL;
  readonly #name: string;
  /** This Graph refuses `or` in a filter, which is not documented for alerts: alerts are chosen from all that it lists. */
  #refusesOr = false;

  constructor(parts: GraphParts) {
    this.#parts = parts;
    this.#base = new URL(parts.url);
    this.#path = `${this.#base.pathname.replace(/\/$/, '')}/v1.0/security/alerts_v2`;
    this.#name = `${GRAPH} at ${this.#base.host}`;
  }

  /** Whether Graph itself leaves out the alerts of other services. */
  get choosesServices(): boolean {
    return !this.#refusesOr;
  }

  /** Where the first page of the wanted alerts is; the newest stand first. */
  firstPage({ updatedFrom, createdFrom, top }: AlertQuery): string {
    const services = this.#parts.services.map((service) => `serviceSource eq '${SERVICE_SOURCES[service]}'`);
    const filter = [
      services.length === 1 ? `${services[0]}` : `(${services.join(OR)})`,
      ...(updatedFrom === undefined ? [] : [`lastUpdateDateTime ge ${new Date(updatedFrom).toISOString()}`]),
      ...(createdFrom === undefined ? [] : [`createdDateTime ge ${new Date(createdFrom).toISOString()}`]),
    ].join(' and ');
    return `${this.#path}?$count=true&$top=${top}&$filter=${encodeURIComponent(filter)}`;
  }

  /** Reads one page. @throws EdgeFailure with what came instead, and the mend. */
  async list({ link, ...options }: PageCall): Promise<PageWire> {
    const ask = (path: string) => this.#send({ method: 'GET', path, effect: 'read' }, options);
    let answer = await ask(this.#refusesOr ? withoutServices(link) : link);
    if (answer.status === 400 && !this.#refusesOr && withoutServices(link) !== link) {
      await options.again?.();
      answer = await ask(withoutServices(link));
      this.#refusesOr = answer.status === 200;
    }
    return answer.status === 200 ? this.#toPage(answer) : this.#refuse(answer);
  }

  /** Reads one alert by Graph's own id; `gone` only where Graph itself says that it has none such. @throws EdgeFailure */
  async get(id: string, options: CallOptions): Promise<{ record: unknown } | 'gone'> {
    const answer = await this.#send({ method: 'GET', path: this.#pathOf(id), effect: 'read' }, options);
    const body = parseBody(answer.text);
    if (answer.status === 404 && isObject(body?.error) && textOf(body.error.code) !== undefined) return 'gone';
    return answer.status === 200 && body?.id === id ? { record: body } : this.#refuse(answer);
  }

  /** Changes one alert. Sent once. @throws EdgeFailure `unknown-outcome` when in doubt */
  async update(id: string, change: AlertChange, options: CallOptions): Promise<void> {
    const call = { method: 'PATCH' as const, path: this.#pathOf(id), body: JSON.stringify(change) };
    await this.#write(call, options, (said) => said.id === id);
  }

  /** Adds one comment. Sent once. @throws EdgeFailure `unknown-outcome` when in doubt */
  async comment(id: string, comment: string, options: CallOptions): Promise<void> {
    const body = JSON.stringify({ '@odata.type': 'microsoft.graph.security.alertComment', comment });
    const call = { method: 'POST' as const, path: `${this.#pathOf(id)}/comments`, body };
    await this.#write(call, options, ({ value }) => Array.isArray(value));
  }

  #pathOf(id: string): string {
    return `${this.#path}/${encodeURIComponent(id)}`;
  }

  async #write(
    call: Pick<HttpRequest, 'method' | 'path' | 'body'>,
    options: CallOptions,
    isWhole: (body: Record<string, unknown>) => boolean,
  ): Promise<void> {
    const answer = await this.#send({ ...call, effect: 'write' }, options);
    const body = parseBody(answer.text);
    if (answer.status === 200 && body && isWhole(body)) return;
    try {
      this.#refuse(answer);
    } catch (error) {
      if (error instanceof EdgeFailure) throw afterWrite(error);
      throw error;
    }
  }

  #send(
    call: Pick<HttpRequest, 'method' | 'path' | 'body' | 'effect'>,
    { again, signal }: CallOptions,
  ): Promise<HttpAnswer> {
    const { authoriser, http } = this.#parts;
    const typed = call.body === undefined ? {} : { 'content-type': 'application/json' };
    const send = (authorization: string) =>
      http.send({
        ...call,
        // Without it, values that are younger than this API come as `unknownFutureValue` (Graph, evolvable enumerations).
        headers: { authorization, prefer: 'include-unknown-enum-members', ...typed },
        deadlineMs: DEADLINE_MS,
        // A write that has left is not given up.
        ...(signal && call.effect === 'read' ? { signal } : {}),
      });
    return sendAuthorised({ authoriser, send, again, signal });
  }

  #toPage(answer: HttpAnswer): PageWire {
    const body = parseBody(answer.text);
    if (!Array.isArray(body?.value)) return this.#refuse(answer);
    const next = this.#follow(body['@odata.nextLink']);
    const count = body['@odata.count'];
    const sentAt = sentAtOf(answer);
    return {
      records: body.value,
      ...(next === undefined ? {} : { next }),
      ...(typeof count === 'number' ? { count } : {}),
      ...(sentAt === undefined ? {} : { sentAt }),
    };
  }

  /** A link to another host would carry the sign-in there. */
  #follow(nextLink: unknown): string | undefined {
    if (nextLink === undefined || nextLink === null || nextLink === '') return undefined;
    const url = typeof nextLink === 'string' ? URL.parse(nextLink) : null;
    if (url?.origin === this.#base.origin) return url.pathname + url.search;
    const where = url ? `to ${toOneLine(url.origin)}` : 'nowhere';
    throw new EdgeFailure('malformed', `${this.#name} names a next page that leads ${where}, which is never followed`, {
      mend: 'what was read is kept; give as tenant url the host that Graph itself names',
    });
  }

  /** Turns an answer that is no page of alerts into the failure that it means. */
  #refuse(answer: HttpAnswer): never {
    // Graph asks to wait with 503 too ("Microsoft Graph error responses").
    const mayWait = answer.status === 429 || (answer.status === 503 && answer.headers['retry-after'] !== undefined);
    throw refusalOf(answer, {
      name: this.#name,
      words: errorWords(answer.text),
      mends: { signIn: this.#parts.authoriser.mend, url: CHECK_THE_URL },
      ...(mayWait ? { wait: this.#waitOf(answer) } : {}),
    });
  }

  /** Only where the answer says so: security is not among the services of which Graph promises it ("throttling limits"). */
  #waitOf(answer: HttpAnswer): { retryAfterMs?: number } {
    const said = retryAfterMs(answer.headers['retry-after'], this.#parts.clock.now(), HOUR_MS);
    return said === undefined ? {} : { retryAfterMs: said };
  }
}

const OR = ' or ';

/** The same first page without the choice between services; the link itself where it makes none, or leads on. */
function withoutServices(link: string): string {
  const url = new URL(link, 'https://graph.invalid');
  const clauses = (url.searchParams.get('$filter') ?? '').split(' and ');
  const others = clauses.filter((clause) => !clause.includes(OR));
  if (others.length === clauses.length || url.searchParams.has('$skiptoken')) return link;
  if (others.length === 0) url.searchParams.delete('$filter');
  else url.searchParams.set('$filter', others.join(' and '));
  return url.pathname + url.search;
}

function parseBody(text: string): Record<string, unknown> | undefined {
  try {
    const body = parseJson(text);
    return isObject(body) ? body : undefined;
  } catch {
    // What came instead is told by the caller.
    return undefined;
  }
}

/** Graph's own code, message and request id, which Microsoft's support asks for; else the first words of what came. */
function errorWords(text: string): string {
  const error = parseBody(text)?.error;
  if (!isObject(error)) return wordsOf(text);
  const inner = isObject(error.innerError) ? error.innerError : {};
  const id = textOf(inner['request-id']);
  const said = [textOf(error.code), textOf(error.message)].filter((part) => part !== undefined).join(': ');
  return toOneLine(`${said.slice(0, WORDS)}${id ? ` (request ${id.slice(0, 64)})` : ''}`);
}
