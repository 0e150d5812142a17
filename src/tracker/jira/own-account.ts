import { createHash } from 'node:crypto';
import { EdgeFailure } from '../../domain/failure.ts';
import { DAY_MS } from '../../domain/time.ts';
import type { HttpAnswer } from '../../http/http-client.ts';
import { loginTrouble, type Trouble } from './jira-answer.ts';
import type { JiraCredentials, JiraParts, JiraWire } from './jira-client.ts';
import { parseJson, toFailure } from './read-failure.ts';

/** Whom the credentials belong to; `header` is false where answers do not name the account at all (a gateway). */
export interface Account {
  name: string;
  /** What a person calls it. */
  says: string;
  header: boolean;
}

/**
 * What an answer must show to be believed: `no stranger` that it does not name another account, `own account` that it
 * names ours. The latter is for answers whose emptiness would be acted on.
 */
export type Proof = 'no stranger' | 'own account';

const FRESH_MS = DAY_MS;
const MEND = 'check the credentials of this Jira site: expired, revoked, or of another account';

/**
 * Our own account at a site, and whether an answer was made for it. Jira may answer with status 200 as for an anonymous
 * visitor when credentials have expired; the answer's headers tell (Jira Cloud platform REST API v3, "Special headers").
 */
export class OwnAccount {
  readonly #parts: JiraParts;
  readonly #wire: JiraWire;
  readonly #askMyself: () => Promise<HttpAnswer>;
  #known: Promise<Account> | undefined;

  constructor(parts: JiraParts, wire: JiraWire, askMyself: () => Promise<HttpAnswer>) {
    this.#parts = parts;
    this.#wire = wire;
    this.#askMyself = askMyself;
  }

  /** Asked once and kept for a day. @throws EdgeFailure when Jira does not know us. */
  known(): Promise<Account> {
    this.#known ??= this.#loadKept().catch((error: unknown) => {
      this.#known = undefined;
      throw error;
    });
    return this.#known;
  }

  /** Asked now, whatever is kept. @throws EdgeFailure when Jira does not know us. */
  async ask(): Promise<Account> {
    const { clock, metadata, random, site } = this.#parts;
    const answer = await this.#askMyself();
    const what = `Jira at ${site.url} answered /myself with ${answer.status}`;
    if (answer.status !== 200) throw toFailure(answer, { what, now: clock.now(), random });
    const myself = parseJson<Record<string, unknown>>(answer, what);
    const name = this.#wire.accountOf(myself);
    const named = answer.headers[this.#wire.accountHeader];
    const says = String(myself.emailAddress || myself.displayName || name);
    const account: Account = { name, says, header: named !== undefined };
    if (name === '' || loginTrouble(answer.headers) || (named !== undefined && !isSame(named, name)))
      throw new EdgeFailure('unauthorised', `Jira at ${site.url} answered /myself for another account`, { mend: MEND });
    await metadata.store(site.site, this.#key(), JSON.stringify(account), clock.now());
    this.#known = Promise.resolve(account);
    return account;
  }

  /** Says so when an answer was made for another account than ours; with proof `own account`, also when it names none. */
  async strangerIn({ headers }: HttpAnswer, proof: Proof): Promise<Trouble | undefined> {
    const { url } = this.#parts.site;
    const trouble = loginTrouble(headers);
    if (trouble) return { ...trouble, why: `Jira at ${url}: ${trouble.why}` };
    const account = await this.known();
    const named = headers[this.#wire.accountHeader];
    if (named === undefined && (proof === 'no stranger' || !account.header)) return undefined;
    if (named !== undefined && isSame(named, account.name)) return undefined;
    return {
      why: `Jira at ${url} answered for ${named ? 'another account' : 'no account'}, not for our own`,
      mend: MEND,
    };
  }

  /**
   * Where answers do not name the account, makes sure that we are still known; to be called right after an answer whose
   * emptiness would be acted on.
   * @throws EdgeFailure when we are not.
   */
  async confirm(): Promise<void> {
    const before = await this.known();
    if (before.header) return;
    const { name } = await this.ask();
    if (name !== before.name)
      throw new EdgeFailure('unauthorised', `Jira at ${this.#parts.site.url} now knows us as another account`, {
        mend: MEND,
      });
  }

  async #loadKept(): Promise<Account> {
    const { clock, metadata, site } = this.#parts;
    const kept = await metadata.load(site.site, this.#key());
    return kept && clock.now() - kept.storedAt < FRESH_MS ? JSON.parse(kept.json) : this.ask();
  }

  #key(): string {
    const { auth, url } = this.#parts.site;
    return `account:${url}\n${loginOf(auth)}`;
  }
}

/** Names the credentials without giving away anything of a secret that could be guessed. */
function loginOf(auth: JiraCredentials): string {
  switch (auth.kind) {
    case 'email-token':
      return auth.email;
    case 'password':
      return auth.username;
    case 'personal-access-token':
      return createHash('sha256').update(auth.token).digest('hex').slice(0, 16);
  }
}

/** Headers carry names percent-encoded or as they are, and logins in any case. */
function isSame(header: string, name: string): boolean {
  const plain = (text: string) => {
    try {
      return decodeURIComponent(text).toLowerCase();
    } catch {
      return text.toLowerCase();
    }
  };
  return header === name || plain(header) === plain(name);
}
