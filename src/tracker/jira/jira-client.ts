import { createHash } from 'node:crypto';
import { EdgeFailure } from '../../domain/failure.ts';
import type { SiteId } from '../../domain/ticket.ts';
import { type Clock, DAY_MS, HOUR_MS, SECOND_MS } from '../../domain/time.ts';
import type { Admission } from '../../http/admission.ts';
import type { HttpAnswer, HttpClient } from '../../http/http-client.ts';
import { retryAfterMs } from '../../http/retry-after.ts';
import type { MetadataCache } from '../tracker.ts';
import { signalsOf, vendorWords } from './jira-answer.ts';

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
}

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
  method: 'GET' | 'POST';
  /** Below the API's base, with query. */
  path: string;
  body?: unknown;
  effect: 'read' | 'write';
}

/**
 * What an answer must show to be believed: `no stranger` that it does not name another account, `own account` that it
 * names ours. The latter is for answers whose emptiness would be acted on.
 */
export type Proof = 'no stranger' | 'own account';

export interface ReadOptions {
  /** Sent by POST. */
  body?: unknown;
  proof?: Proof;
}

/** Whom the credentials belong to; `header` is false where answers do not name the account at all (a gateway). */
export interface Account {
  name: string;
  /** What a person calls it. */
  says: string;
  header: boolean;
}

const DEADLINE_MS = 30 * SECOND_MS;
const ACCOUNT_FRESH_MS = DAY_MS;

/** Jira over HTTP for one site and account: addresses, credentials, and whether an answer was made for us. */
export class JiraClient {
  readonly parts: JiraParts;
  readonly #wire: JiraWire;
  readonly #base: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #admission: Admission;
  #account: Promise<Account> | undefined;
  #browseBase: Promise<string> | undefined;

  constructor(parts: JiraParts, wire: JiraWire, admission: Admission) {
    this.parts = parts;
    this.#wire = wire;
    this.#admission = admission;
    const { pathname } = new URL(parts.site.url);
    this.#base = `${pathname.replace(/\/$/, '')}${wire.api}`;
    this.#headers = {
      authorization: authorization(parts.site.auth),
      'accept-language': 'en',
      'x-force-accept-language': 'true',
    };
  }

  /** One exchange, whatever its status. */
  async exchange({ method, path, body, effect }: JiraRequest): Promise<HttpAnswer> {
    const answer = await this.parts.http.send({
      method,
      path: this.#base + path,
      headers: {
        ...this.#headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json', 'x-atlassian-token': 'no-check' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      deadlineMs: DEADLINE_MS,
      effect,
    });
    if (effect === 'write') this.#admission.note(signalsOf(answer, this.parts));
    return answer;
  }

  /**
   * Reads JSON; `undefined` for 404.
   * @throws EdgeFailure for every other answer that is not 200 with JSON for our own account.
   */
  async read<T>(path: string, { body, proof = 'no stranger' }: ReadOptions = {}): Promise<T | undefined> {
    const answer = await this.exchange({
      method: body === undefined ? 'GET' : 'POST',
      path,
      effect: 'read',
      ...(body === undefined ? {} : { body }),
    });
    if (answer.status === 404) return undefined;
    const what = `Jira at ${this.parts.site.url} answered ${path.split('?', 1)[0]} with ${answer.status}`;
    if (answer.status !== 200) throw toFailure(answer, what, this.parts.clock.now());
    const trouble = await this.strangerIn(answer, proof);
    if (trouble) throw new EdgeFailure('unauthorised', trouble.why, { mend: trouble.mend });
    return parseJson<T>(answer, what);
  }

  /** Says so when an answer was made for another account than ours; with proof `own account`, also when it names none. */
  async strangerIn(answer: HttpAnswer, proof: Proof): Promise<{ why: string; mend: string } | undefined> {
    const reason = answer.headers['x-seraph-loginreason'] ?? '';
    const mend = 'check the credentials of this Jira site: expired, revoked, or of another account';
    if (/AUTHENTICATION_DENIED/.test(reason))
      return {
        why: `Jira at ${this.parts.site.url} demands a log-in by a person (too many failed ones)`,
        mend: 'log in once in a browser with this account, then check its credentials',
      };
    if (/AUTHENTICATED_FAILED/.test(reason))
      return {
        why: `Jira at ${this.parts.site.url} did not accept the credentials and answered as for an anonymous visitor`,
        mend,
      };
    const account = await this.account();
    const named = answer.headers[this.#wire.accountHeader];
    if (named === account.name) return undefined;
    if (named === undefined && (proof === 'no stranger' || !account.header)) return undefined;
    return {
      why: `Jira at ${this.parts.site.url} answered for ${named ? 'another account' : 'no account'}, not for our own`,
      mend,
    };
  }

  /** Our own account, asked once and kept for a day. @throws EdgeFailure when Jira does not know us. */
  account(): Promise<Account> {
    this.#account ??= this.#askAccount().catch((error: unknown) => {
      this.#account = undefined;
      throw error;
    });
    return this.#account;
  }

  async #askAccount(): Promise<Account> {
    const { clock, metadata, site } = this.parts;
    const key = `account:${createHash('sha256').update(JSON.stringify(site.auth)).digest('hex').slice(0, 16)}`;
    const kept = await metadata.load(site.site, key);
    if (kept && clock.now() - kept.storedAt < ACCOUNT_FRESH_MS) return JSON.parse(kept.json);
    const answer = await this.exchange({ method: 'GET', path: '/myself', effect: 'read' });
    const what = `Jira at ${site.url} answered /myself with ${answer.status}`;
    if (answer.status !== 200) throw toFailure(answer, what, clock.now());
    const myself = parseJson<Record<string, unknown>>(answer, what);
    const name = this.#wire.accountOf(myself);
    const named = answer.headers[this.#wire.accountHeader];
    const says = String(myself.emailAddress || myself.displayName || name);
    const account: Account = { name, says, header: named !== undefined };
    if (named !== undefined && named !== name)
      throw new EdgeFailure('unauthorised', `Jira at ${site.url} answered /myself for another account`, {
        mend: 'check the credentials of this Jira site',
      });
    await metadata.store(site.site, key, JSON.stringify(account), clock.now());
    return account;
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
    const kept = await metadata.load(site.site, 'browse-base');
    if (kept && clock.now() - kept.storedAt < DAY_MS) return kept.json;
    const info = await this.read<{ baseUrl?: string; displayUrl?: string }>('/serverInfo');
    const base = (info?.displayUrl ?? info?.baseUrl ?? site.url).replace(/\/$/, '');
    await metadata.store(site.site, 'browse-base', base, clock.now());
    return base;
  }
}

/** Sorts an answer to a read that is not 200. */
export function toFailure(answer: HttpAnswer, what: string, now: number): EdgeFailure {
  const { status, headers } = answer;
  const words = vendorWords(answer);
  const said = words ? `${what}: ${words}` : what;
  if (status === 429) {
    const wait = retryAfterMs(headers['retry-after'], now, HOUR_MS);
    return new EdgeFailure('rate-limited', said, { status, ...(wait === undefined ? {} : { retryAfterMs: wait }) });
  }
  if (status === 401 || status === 403)
    return new EdgeFailure('unauthorised', said, {
      status,
      vendorSays: words,
      mend:
        status === 401
          ? 'check the credentials of this Jira site: e-mail and API token, or the personal access token; tokens expire'
          : 'the account lacks a permission: it needs Browse Projects and Create Issues in the project',
    });
  if (status >= 500) return new EdgeFailure('unavailable', said, { status });
  if (status >= 300 && status < 400)
    return new EdgeFailure('refused', said, {
      status,
      mend: 'check the url of this Jira site: it answers with a redirect',
    });
  return new EdgeFailure('refused', said, { status, vendorSays: words });
}

function parseJson<T>(answer: HttpAnswer, what: string): T {
  try {
    return JSON.parse(answer.text) as T;
  } catch {
    const type = answer.headers['content-type'] ?? 'no content type';
    throw new EdgeFailure('malformed', `${what}, but not with JSON (${type}, ${answer.text.length} characters)`, {
      mend: 'check the url of this Jira site, and whether a proxy or a sign-in page stands before it',
    });
  }
}

function authorization(auth: JiraCredentials): string {
  const basic = (name: string, secret: string) => `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`;
  switch (auth.kind) {
    case 'email-token':
      return basic(auth.email, auth.token);
    case 'personal-access-token':
      return `Bearer ${auth.token}`;
    case 'password':
      return basic(auth.username, auth.password);
  }
}
