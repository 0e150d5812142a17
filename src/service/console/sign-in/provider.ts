import type { Configuration, CustomFetchOptions } from 'openid-client';
import type { ConsoleAuth } from '../../../config/config.ts';
import { isLoopback } from '../../../config/loopback.ts';
import type { Clock } from '../../../domain/time.ts';
import { systemClock } from '../../../observe/clock.ts';
import { Redactor } from '../../../observe/redact.ts';

/** What has to be kept while a person is away at the provider. */
export interface Errand {
  state: string;
  nonce: string;
  verifier: string;
}

/** The sign-in did not come about; the message says why, for people. */
export class NotSignedIn extends Error {
  /** Whether the provider cannot be asked, which is no fault of the person. */
  readonly isAway: boolean;

  constructor(message: string, { isAway = false, cause }: { isAway?: boolean; cause?: unknown } = {}) {
    super(message, { cause });
    this.isAway = isAway;
  }
}

const ANSWER_WITHIN_S = 10;
const MOST_ANSWER_BYTES = 1024 * 1024;

/** Words of openid-client for answers that do not hold up, for people. */
const WHYS: Readonly<Record<string, string>> = {
  OAUTH_JWT_CLAIM_COMPARISON_FAILED: 'its token is for somebody else, or answers another question than was asked',
  OAUTH_JWT_TIMESTAMP_CHECK_FAILED: 'its token has ended, or is not valid yet; see that the clocks agree',
  OAUTH_KEY_SELECTION_FAILED: 'its token is signed with a key that it does not publish',
  OAUTH_INVALID_RESPONSE: 'its answer does not belong to this sign-in',
  OAUTH_TIMEOUT: 'it did not answer in time',
};

/**
 * An OpenID Connect provider, asked by openid-client: authorization code flow with PKCE, state and nonce (OpenID
 * Connect Core 1.0 §3.1, RFC 7636), the token's signature checked. It is looked up when the first person signs in, so
 * that a provider that is away keeps nothing from starting.
 */
export class Provider {
  readonly #auth: ConsoleAuth;
  readonly #clock: Clock;
  #found: Promise<Configuration> | undefined;

  constructor(auth: ConsoleAuth, clock: Clock) {
    this.#auth = auth;
    this.#clock = clock;
  }

  /** Its name for people. */
  get name(): string {
    return URL.parse(this.#auth.issuer)?.host ?? this.#auth.issuer;
  }

  get #isLocal(): boolean {
    const url = URL.parse(this.#auth.issuer);
    return url?.protocol === 'http:' && isLoopback(url.hostname);
  }

  /** Where a person is sent to, and what has to be known when they come back. @throws NotSignedIn */
  async begin(backTo: string): Promise<{ url: URL; errand: Errand }> {
    const client = await import('openid-client');
    const found = await this.#configuration();
    const errand = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      verifier: client.randomPKCECodeVerifier(),
    };
    const url = client.buildAuthorizationUrl(found, {
      redirect_uri: backTo,
      scope: 'openid profile email',
      state: errand.state,
      nonce: errand.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(errand.verifier),
      code_challenge_method: 'S256',
    });
    return { url, errand };
  }

  /** The claims of whom the provider sent back. @throws NotSignedIn */
  async end(cameBack: URL, { state, nonce, verifier }: Errand): Promise<Readonly<Record<string, unknown>>> {
    const client = await import('openid-client');
    const found = await this.#configuration();
    const { clientId, clientSecret } = this.#auth;
    // openid-client looks at the machine's clock; by this it goes by ours.
    const skew = Math.round((this.#clock.now() - systemClock.now()) / 1000);
    const ours = { client_secret: clientSecret, [client.clockSkew]: skew };
    const asked = new client.Configuration(found.serverMetadata(), clientId, ours);
    asked.timeout = ANSWER_WITHIN_S;
    asked[client.customFetch] = fetchSparingly;
    // It checks the signature of a token that came from the token endpoint only when told to.
    client.enableNonRepudiationChecks(asked);
    if (this.#isLocal) client.allowInsecureRequests(asked);
    try {
      const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true };
      const tokens = await client.authorizationCodeGrant(asked, cameBack, checks);
      return { ...tokens.claims() };
    } catch (error) {
      throw this.#refusal(error);
    }
  }

  #configuration(): Promise<Configuration> {
    this.#found ??= this.#discover().catch((error: unknown) => {
      this.#found = undefined;
      throw this.#refusal(error, true);
    });
    return this.#found;
  }

  async #discover(): Promise<Configuration> {
    const client = await import('openid-client');
    const { issuer, clientId, clientSecret } = this.#auth;
    return client.discovery(new URL(issuer), clientId, clientSecret, undefined, {
      timeout: ANSWER_WITHIN_S,
      [client.customFetch]: fetchSparingly,
      execute: this.#isLocal ? [client.allowInsecureRequests] : [],
    });
  }

  #refusal(error: unknown, isAway = false): NotSignedIn {
    if (error instanceof NotSignedIn) return error;
    const { code = '', error: word, error_description: words, message, cause } = error as Record<string, string>;
    const said = word === undefined ? undefined : `it says ${word}${words === undefined ? '' : `: ${words}`}`;
    const why = said ?? WHYS[code] ?? sayCause(cause) ?? message;
    const redactor = new Redactor();
    redactor.add(this.#auth.clientSecret);
    return new NotSignedIn(redactor.clean(`${this.name}: ${why}`), {
      isAway: isAway || isConnection(error),
      cause: error,
    });
  }
}

/** Follows no redirect, sends nothing in the clear beyond this machine, and reads no more than a provider has to say. */
async function fetchSparingly(url: string, options: CustomFetchOptions): Promise<Response> {
  const { protocol, hostname } = new URL(url);
  if (protocol !== 'https:' && !isLoopback(hostname)) throw new Error(`${url} is not encrypted`);
  const { body, ...others } = options;
  const answer = await fetch(url, { ...others, redirect: 'manual', ...(body == null ? {} : { body: body as string }) });
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.length;
    if (bytes > MOST_ANSWER_BYTES) throw new Error('its answer is larger than any of a provider');
    chunks.push(chunk);
  }
  const hasNone = answer.status === 204 || answer.status === 304;
  const { status, headers } = answer;
  return new Response(hasNone ? null : Buffer.concat(chunks), { status, headers });
}

function isConnection(error: unknown): boolean {
  const { name, code } = error as { name?: string; code?: string };
  return name === 'TypeError' || name === 'TimeoutError' || code === 'OAUTH_TIMEOUT';
}

function sayCause(cause: unknown): string | undefined {
  const { code, message } = (cause ?? {}) as { code?: string; message?: string };
  return code === 'ECONNREFUSED' ? 'nothing listens there' : code === 'ENOTFOUND' ? 'there is no such host' : message;
}
