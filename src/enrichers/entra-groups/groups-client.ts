import type { CheckLine } from '../../domain/check.ts';
import { EdgeFailure } from '../../domain/failure.ts';
import { type Clock, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../domain/time.ts';
import type { HttpAnswer, HttpClient } from '../../http/http-client.ts';
import { retryAfterMs } from '../../http/retry-after.ts';
import { type GroupsPage, parseGraphError, parseGroupsPage } from './wire.ts';

/** Where the client gets its `Authorization` header from. */
export interface GraphSignIn {
  authorise(): Promise<string>;
  /** The service answered 401 to this value; whether a fresh one is there to be had. */
  refused(header: string): Promise<boolean>;
  readonly mend: string;
  /** Which identity signs in, and which permission it lacks. */
  check(subject: string): Promise<readonly CheckLine[]>;
}

export interface GroupsClientParts {
  /** Base URL of the cloud's Graph, without a trailing slash. */
  url: string;
  signIn: GraphSignIn;
  http: HttpClient;
  clock: Clock;
}

const DEADLINE_MS = 10 * SECOND_MS;

/** Most that Graph puts on a page ("List a user's memberships": the maximum page size is 999). */
const PAGE = 999;

/** More pages than this are a fault of the answers: Entra lets a user be in 2,048 groups at most, nested ones many times that. */
const MOST_PAGES = 50;

/** Asks Graph which groups a user is in. */
export class GroupsClient {
  readonly #parts: GroupsClientParts;
  readonly #base: URL;

  constructor(parts: GroupsClientParts) {
    this.#parts = parts;
    this.#base = new URL(parts.url);
  }

  /**
   * All groups of a user, direct and through other groups; `undefined` when the tenant does not know the user.
   * @throws EdgeFailure: `unauthorised` with the permission that is missing, `rate-limited` with the time to wait, and others.
   */
  async groupsOf(user: string): Promise<GroupsPage['groups'] | undefined> {
    const base = this.#base.pathname.replace(/\/$/, '');
    // A cast to groups would need eventual consistency; the few roles among the answers are left out instead.
    let path: string | undefined =
      `${base}/v1.0/users/${encodeURIComponent(user)}/transitiveMemberOf?$select=id,displayName&$top=${PAGE}`;
    const groups: { id: string; name: string }[] = [];
    for (let pages = 0; path !== undefined; pages++) {
      const answer = await this.#get(path);
      if (answer.status === 404) return undefined;
      const page = this.#toPage(answer);
      groups.push(...page.groups);
      if (pages >= MOST_PAGES) throw new EdgeFailure('malformed', 'Graph comes to no end with the groups of a user');
      path = page.next === undefined ? undefined : this.#pathOf(page.next);
    }
    return groups;
  }

  async #get(path: string): Promise<HttpAnswer> {
    const { signIn } = this.#parts;
    const authorization = await signIn.authorise();
    const answer = await this.#send(path, authorization);
    if (answer.status !== 401 || !(await signIn.refused(authorization))) return answer;
    return this.#send(path, await signIn.authorise());
  }

  #send(path: string, authorization: string): Promise<HttpAnswer> {
    return this.#parts.http.send({
      method: 'GET',
      path,
      headers: { authorization },
      deadlineMs: DEADLINE_MS,
      effect: 'read',
    });
  }

  #toPage(answer: HttpAnswer): GroupsPage {
    const { status } = answer;
    if (status !== 200) return this.#refuse(answer);
    const page = parseGroupsPage(answer.text);
    if (!page) throw new EdgeFailure('malformed', 'Graph answered 200 without a list of groups', { status });
    if (page.nameless)
      throw new EdgeFailure('unauthorised', 'Graph shows the groups without their names', {
        status,
        mend: this.#parts.signIn.mend,
      });
    return page;
  }

  #refuse(answer: HttpAnswer): never {
    const { status } = answer;
    const { code, message } = parseGraphError(answer.text);
    const says = [code, message].filter(Boolean).join(': ');
    const what = `Graph answered ${status}${says ? ` (${says})` : ''}`;
    const details = { status, ...(says ? { vendorSays: says } : {}) };
    if (status === 401 || status === 403)
      throw new EdgeFailure('unauthorised', what, { ...details, mend: this.#parts.signIn.mend });
    if (status === 429) {
      const waitMs = retryAfterMs(answer.headers['retry-after'], this.#parts.clock.now(), HOUR_MS) ?? MINUTE_MS;
      throw new EdgeFailure('rate-limited', what, { ...details, retryAfterMs: waitMs });
    }
    throw new EdgeFailure(status >= 500 ? 'unavailable' : 'refused', what, details);
  }

  /** A next page is followed on the same server alone: the token goes with it. */
  #pathOf(next: string): string {
    const url = URL.parse(next);
    if (url?.origin === this.#base.origin) return `${url.pathname}${url.search}`;
    throw new EdgeFailure('malformed', `Graph names a next page elsewhere (${url?.host ?? 'no address'})`);
  }
}
