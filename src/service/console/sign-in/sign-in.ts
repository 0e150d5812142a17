import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import type { ConsoleAuth } from '../../../config/config.ts';
import { type Clock, type EpochMs, MINUTE_MS, SECOND_MS } from '../../../domain/time.ts';
import type { EndedSessions } from '../../../ledger/sessions/ended-sessions-port.ts';
import type { Entrance } from '../call.ts';
import type { Cookies } from '../cookies.ts';
import { Attempts } from './attempts.ts';
import { toPerson } from './person.ts';
import { NotSignedIn, Provider } from './provider.ts';
import { keyFrom, seal, unseal } from './sealed.ts';
import { decisive, LONGEST_MS, mayOf, readSession, type Session, writeSession } from './session.ts';

/** The paths of the sign-in. */
export const BEGIN = '/sign-in/begin';
export const BACK = '/sign-in/back';

/** Whoever signs in comes back within this time. */
const AWAY_MS = 10 * MINUTE_MS;

const away = v.object({
  state: v.string(),
  nonce: v.string(),
  verifier: v.string(),
  to: v.string(),
  at: v.number(),
});

/** One request of the sign-in. */
export interface SignInAsk {
  auth: ConsoleAuth;
  cookies: Cookies;
  /** Where the browser reaches this console, such as `https://casewire.acme.example`. */
  base: string;
}

/** How the last step of a sign-in ended. */
export type CameBack =
  | { outcome: 'in'; session: Session; may: 'look' | 'act'; to: string }
  /** Known, and in none of the groups. */
  | { outcome: 'stranger'; name: string; account: string; groupsLeftOut: boolean };

/** Signing people in and out; what has to be kept is in cookies, of which only this program can read what they say. */
export class SignIn {
  readonly #clock: Clock;
  readonly #attempts = new Attempts();
  readonly #ended: () => EndedSessions;
  #provider: { auth: string; provider: Provider } | undefined;

  /** `ended`: those of the ledger at work. */
  constructor(clock: Clock, ended: () => EndedSessions) {
    this.#clock = clock;
    this.#ended = ended;
  }

  /** Counts a step from an address; answers for how long no more is taken, or 0. */
  take(address: string): number {
    return this.#attempts.take(address, this.#clock.now());
  }

  /** Where to send a person who wants to get to `to`; `another`: with an account that they choose. @throws NotSignedIn */
  async begin(ask: SignInAsk, { to, another }: { to: string; another: boolean }): Promise<URL> {
    const { auth, cookies, base } = ask;
    const { url, errand } = await this.#of(auth).begin(`${base}${BACK}`);
    if (another) url.searchParams.set('prompt', 'select_account');
    const kept: v.InferOutput<typeof away> = { ...errand, to, at: this.#clock.now() };
    cookies.write('sign-in', await seal(kept, awayKey(auth)), { seconds: AWAY_MS / SECOND_MS, lax: true });
    return url;
  }

  /** Whom the provider sent back with this query. @throws NotSignedIn */
  async comeBack({ auth, cookies, base }: SignInAsk, query: string): Promise<CameBack> {
    const kept = v.safeParse(away, await unseal(cookies.read('sign-in'), awayKey(auth)));
    cookies.drop('sign-in');
    const now = this.#clock.now();
    if (!kept.success || now - kept.output.at >= AWAY_MS)
      throw new NotSignedIn(
        `this sign-in was not begun in this browser at ${base}, or longer ago than ten minutes; begin again there`,
      );
    const claims = await this.#of(auth).end(new URL(`${base}${BACK}${query}`), kept.output);
    const { name, account, groups, groupsLeftOut } = toPerson(claims, auth);
    const may = mayOf(groups, auth);
    if (may === undefined) return { outcome: 'stranger', name, account, groupsLeftOut };
    const id = randomBytes(18).toString('base64url');
    const session = { id, name, account, groups: decisive(groups, auth), signedInAt: now, seenAt: now };
    await keep(session, auth, cookies);
    return { outcome: 'in', session, may, to: kept.output.to };
  }

  /** Who is signed in; the session goes on from now. */
  async viewer({ auth, cookies }: Omit<SignInAsk, 'base'>): Promise<Entrance | undefined> {
    const now: EpochMs = this.#clock.now();
    const read = await readSession(cookies.read('session'), auth, now);
    if (!read || (await this.#ended().has(read.session.id))) return undefined;
    const { session, may, isStale } = read;
    if (isStale) await keep({ ...session, seenAt: now }, auth, cookies);
    return {
      viewer: { name: session.name, account: session.account, may },
      binding: session.id,
      isOver: async () => this.#clock.now() - session.signedInAt >= LONGEST_MS || (await this.#ended().has(session.id)),
    };
  }

  /** Ends the session of a request in every process; a copy of its cookie is of no use either. */
  async leave({ auth, cookies }: Omit<SignInAsk, 'base'>): Promise<void> {
    const now = this.#clock.now();
    const read = await readSession(cookies.read('session'), auth, now);
    if (read) await this.#ended().end({ id: read.session.id, until: read.session.signedInAt + LONGEST_MS }, now);
    cookies.drop('session');
  }

  #of(auth: ConsoleAuth): Provider {
    const said = JSON.stringify([auth.issuer, auth.clientId, auth.clientSecret]);
    if (this.#provider?.auth !== said) this.#provider = { auth: said, provider: new Provider(auth, this.#clock) };
    return this.#provider.provider;
  }
}

/** Lax: links from issues and mails lead to pages, and the provider leads back. Forms need the session's token besides. */
async function keep(session: Session, auth: ConsoleAuth, cookies: Cookies): Promise<void> {
  cookies.write('session', await writeSession(session, auth), { lax: true });
}

function awayKey({ clientSecret }: ConsoleAuth): Buffer {
  return keyFrom(clientSecret, 'sign-in');
}
