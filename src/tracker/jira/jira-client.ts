import { EdgeFailure } from '../../domain/failure.ts';
import type { SiteId } from '../../domain/ticket.ts';
import { type Clock, DAY_MS, SECOND_MS, sayDuration } from '../../domain/time.ts';
import type { Admission } from '../../http/admission.ts';
import type { HttpAnswer, HttpClient } from '../../http/http-client.ts';
import { RenewableSecret } from '../../http/renewable-secret.ts';
import type { MetadataCache } from '../tracker.ts';
import { isQuota, signalsOf, waitOf } from './jira-answer.ts';
import { OwnAccount, type Proof } from './own-account.ts';
import { parseJson, toFailure } from './read-failure.ts';

export type JiraCredentials =
  | { kind: 'email-token'; email: string; token: string }
  | { kind: 'personal-access-token'; token: string }
  | { kind: 'password'; username: string; password: string };

/** A site as the tracker needs it. */
export interface JiraSite {
  site: SiteId;
  /** Base of the REST API, context path or gateway path kept, no trailing slash. */
  url: string;
  /** Base of the links people open, when it is not `url`. */
  siteUrl?: string;
  auth: JiraCredentials;
}

export interface JiraParts {
  site: JiraSite;
  http: HttpClient;
  clock: Clock;
  metadata: MetadataCache;
  /** A number in [0, 1), for jitter. */
  random: () => number;
  /** The present value of a secret that may have been changed where it is kept; `undefined` when there is no other. */
  newer?: (secret: string) => Promise<string | undefined>;
}

/** A user as an answer names one. */
export type JiraUser = Record<string, unknown>;

/** What the two editions do differently. */
export interface JiraWire {
  /** `/rest/api/3` or `/rest/api/2`. */
  api: string;
  /** The header in which an answer names the account it was made for. */
  accountHeader: string;
  /** What that header says for the user that `myself` describes. */
  accountOf(myself: Record<string, unknown>): string;
}

export interface JiraRequest {
  method: 'GET' | 'POST' | 'PUT';
  /** Below the API's base, with query. */
  path: string;
  body?: unknown;
  effect: 'read' | 'write';
}

export interface ReadOptions {
  /** Sent by POST. */
  body?: unknown;
  proof?: Proof;
}

const DEADLINE_MS = 30 * SECOND_MS;
const BROWSE_FRESH_MS = DAY_MS;

/** Jira over HTTP for one site and account: addresses, credentials, and whether an answer was made for us. */
export class JiraClient {
  readonly parts: JiraParts;
  readonly account: OwnAccount;
  readonly #wire: JiraWire;
  readonly #base: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #admission: Admission;
  readonly #secret: RenewableSecret;
  #quietUntil = 0;
  #browseBase: Promise<string> | undefined;

  constructor(parts: JiraParts, wire: JiraWire, admission: Admission) {
    this.parts = parts;
    this.#wire = wire;
    this.#admission = admission;
    this.account = new OwnAccount(parts, wire, () => this.exchange({ method: 'GET', path: '/myself', effect: 'read' }));
    const { pathname } = new URL(parts.site.url);
    this.#base = `${pathname.replace(/\/$/, '')}${wire.api}`;
    this.#secret = new RenewableSecret({ ...parts, secret: secretOf(parts.site.auth) });
    this.#headers = {
      'accept-language': 'en',
      'x-force-accept-language': 'true',
    };
  }

  /**
   * One exchange, whatever its status.
   * @throws EdgeFailure as the HTTP client, and `rate-limited` while the site has asked for no calls at all.
   */
  async exchange({ method, path, body, effect }: JiraRequest): Promise<HttpAnswer> {
    const { clock, http, random, site } = this.parts;
    const wait = this.#quietUntil - clock.now();
    if (wait > 0)
      throw new EdgeFailure('rate-limited', `Jira at ${site.url} asked for no calls for another ${sayDuration(wait)}`, {
        retryAfterMs: wait,
      });
    const send = (secret: string) =>
      http.send({
        method,
        path: this.#base + path,
        headers: {
          ...this.#headers,
          authorization: authorization(site.auth, secret),
          ...(body === undefined ? {} : { 'content-type': 'application/json', 'x-atlassian-token': 'no-check' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        deadlineMs: DEADLINE_MS,
        effect,
      });
    const secret = this.#secret.value;
    let answer = await send(secret);
    // What is refused for its sign-in was not carried out.
    if (answer.status === 401 && (await this.#secret.refused(secret))) answer = await send(this.#secret.value);
    const quota = answer.status === 429 && isQuota(answer.headers);
    if (quota) this.#quietUntil = clock.now() + waitOf(answer.headers, clock.now(), random);
    if (effect === 'write' || quota) this.#admission.note(signalsOf(answer, this.parts));
    return answer;
  }

  /**
   * Reads JSON; `undefined` for 404.
   * @throws EdgeFailure for every other answer that is not 200 with JSON for our own account.
   */
  async read<T>(path: string, { body, proof = 'no stranger' }: ReadOptions = {}): Promise<T | undefined> {
    const { clock, random, site } = this.parts;
    const answer = await this.exchange({
      method: body === undefined ? 'GET' : 'POST',
      path,
      effect: 'read',
      ...(body === undefined ? {} : { body }),
    });
    const what = `Jira at ${site.url} answered ${path.split('?', 1)[0]} with ${answer.status}`;
    if (answer.status !== 200 && answer.status !== 404) throw toFailure(answer, { what, now: clock.now(), random });
    // What a stranger does not see is not absent.
    const trouble = await this.account.strangerIn(answer, answer.status === 200 ? proof : 'no stranger');
    if (trouble) throw new EdgeFailure('unauthorised', trouble.why, { mend: trouble.mend });
    return answer.status === 404 ? undefined : parseJson<T>(answer, what);
  }

  /** Tells of a user that an answer names whether it is our own account. @throws EdgeFailure when Jira does not know us. */
  async ownership(): Promise<(user: JiraUser | null | undefined) => boolean> {
    const own = (await this.account.known()).name.toLowerCase();
    return (user) => this.#wire.accountOf(user ?? {}).toLowerCase() === own;
  }

  /** Where a person opens an issue. Behind a gateway the site says its own address; it is asked once and kept. */
  async browseUrl(key: string): Promise<string> {
    const { site } = this.parts;
    if (site.siteUrl) return `${site.siteUrl}/browse/${key}`;
    if (!/\/ex\/jira\//.test(site.url)) return `${site.url}/browse/${key}`;
    this.#browseBase ??= this.#askBrowseBase().catch(() => {
      // A link is not worth a ticket: the gateway's own address stands in until the site can be asked.
      this.#browseBase = undefined;
      return site.url;
    });
    return `${await this.#browseBase}/browse/${key}`;
  }

  async #askBrowseBase(): Promise<string> {
    const { clock, metadata, site } = this.parts;
    const key = `browse-base:${site.url}`;
    const kept = await metadata.load(site.site, key);
    if (kept && clock.now() - kept.storedAt < BROWSE_FRESH_MS) return kept.json;
    const info = await this.read<{ baseUrl?: string; displayUrl?: string }>('/serverInfo');
    const base = (info?.displayUrl ?? info?.baseUrl ?? site.url).replace(/\/$/, '');
    await metadata.store(site.site, key, base, clock.now());
    return base;
  }
}

function secretOf(auth: JiraCredentials): string {
  return auth.kind === 'password' ? auth.password : auth.token;
}

function authorization(auth: JiraCredentials, secret: string): string {
  const basic = (name: string) => `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`;
  switch (auth.kind) {
    case 'email-token':
      return basic(auth.email);
    case 'personal-access-token':
      return `Bearer ${secret}`;
    case 'password':
      return basic(auth.username);
  }
}
