import { createHash } from 'node:crypto';
import { EdgeFailure, isEdgeFailure } from '../../domain/failure.ts';
import { type EpochMs, MINUTE_MS, SECOND_MS } from '../../domain/time.ts';
import type { HttpClient } from '../../http/http-client.ts';
import { CredentialRefused, type EndpointParts, type EntraSignIn, requestToken } from './token-endpoint.ts';

export type { EntraSignIn } from './token-endpoint.ts';

/** Access tokens of one application in one tenant. */
export interface AccessTokens {
  readonly signIn: EntraSignIn;
  /** A token for `scope` that is valid for a while yet. @throws EdgeFailure with the mend when Entra gives none. */
  token(scope: string): Promise<string>;
  /** The service answered 401 to this token: it is forgotten, and the next ask fetches another. */
  refused(scope: string, token: string): void;
}

export interface EntraParts extends Omit<EndpointParts, 'http'> {
  /** The client for one origin; asked once for each. */
  httpOf(origin: string): HttpClient;
  /** The present value of a secret that may have been changed where it is kept; `undefined` when there is no other. */
  newer?(secret: string): Promise<string | undefined>;
}

/** A token is renewed so long before its end, or at half of its life if that is shorter. */
const AHEAD_MS = 5 * MINUTE_MS;

/** A token that ends sooner is not handed out: it could end on its way. */
const LEAST_MS = 30 * SECOND_MS;

/** How long a refusal stands before Entra is asked again: many alerts may want the same token. */
const REFUSED_FOR_MS = MINUTE_MS;

/** Hands out the tokens of a sign-in; all who name the same application in the same tenant share them. */
export function entraTokens(parts: EntraParts): (signIn: EntraSignIn) => AccessTokens {
  const clients = new Map<string, HttpClient>();
  const apps = new Map<string, AccessTokens>();
  return (signIn) => {
    const { origin } = new URL(signIn.authority);
    const http = clients.get(origin) ?? parts.httpOf(origin);
    clients.set(origin, http);
    const key = keyOf(signIn);
    const known = apps.get(key);
    if (known) return known;
    const app = new AppTokens(signIn, { ...parts, http });
    apps.set(key, app);
    return app;
  };
}

/** Two entries that name one application with different credentials do not share: one of them may be wrong. */
function keyOf({ authority, tenantId, clientId, credential }: EntraSignIn): string {
  const secret = credential.kind === 'secret' ? credential.secret : credential.pem;
  const proof = createHash('sha256').update(secret).digest('hex');
  return [authority, tenantId.toLowerCase(), clientId.toLowerCase(), proof].join('\n');
}

interface Held {
  token: string;
  renewAt: EpochMs;
  endsAt: EpochMs;
}

class AppTokens implements AccessTokens {
  #signIn: EntraSignIn;
  readonly #parts: EndpointParts & Pick<EntraParts, 'newer'>;
  readonly #held = new Map<string, Held>();
  /** The token before the present one: calls that carry it may still be under way. */
  readonly #retired = new Map<string, string>();
  readonly #asking = new Map<string, Promise<string>>();
  readonly #failed = new Map<string, { failure: EdgeFailure; until: EpochMs }>();

  constructor(signIn: EntraSignIn, parts: EndpointParts & Pick<EntraParts, 'newer'>) {
    this.#signIn = signIn;
    this.#parts = parts;
  }

  get signIn(): EntraSignIn {
    return this.#signIn;
  }

  async token(scope: string): Promise<string> {
    const now = this.#parts.clock.now();
    const held = this.#held.get(scope);
    if (held && now < held.renewAt) return held.token;
    const failed = this.#failed.get(scope);
    const usable = held && now < held.endsAt - LEAST_MS ? held : undefined;
    if (failed && now < failed.until) {
      if (usable) return usable.token;
      throw repeated(failed.failure, failed.until - now);
    }
    try {
      return await this.#ask(scope);
    } catch (error) {
      if (isEdgeFailure(error) && usable && this.#held.get(scope) === usable) {
        usable.renewAt = Math.min(now + MINUTE_MS, usable.endsAt - LEAST_MS);
        return usable.token;
      }
      throw error;
    }
  }

  refused(scope: string, token: string): void {
    if (this.#held.get(scope)?.token === token) this.#drop(scope);
  }

  /** Everybody who asks meanwhile gets the same answer. */
  #ask(scope: string): Promise<string> {
    const asking = this.#asking.get(scope);
    if (asking) return asking;
    const asked = this.#fetch(scope).finally(() => this.#asking.delete(scope));
    this.#asking.set(scope, asked);
    return asked;
  }

  async #fetch(scope: string): Promise<string> {
    const { clock, redactor } = this.#parts;
    try {
      const { token, lifetimeMs } = await this.#request(scope);
      const now = clock.now();
      this.#drop(scope);
      redactor.add(token);
      const renewAt = now + Math.max(lifetimeMs - AHEAD_MS, lifetimeMs / 2);
      this.#held.set(scope, { token, renewAt, endsAt: now + lifetimeMs });
      this.#failed.delete(scope);
      return token;
    } catch (error) {
      if (isEdgeFailure(error)) this.#remember(scope, error);
      throw error;
    }
  }

  /** A refused credential is read again where it is kept, and tried once more if it has changed. */
  async #request(scope: string) {
    try {
      return await requestToken(this.#signIn, scope, this.#parts);
    } catch (error) {
      const { credential } = this.#signIn;
      if (!(error instanceof CredentialRefused)) throw error;
      const before = credential.kind === 'secret' ? credential.secret : credential.pem;
      const newer = await this.#parts.newer?.(before);
      if (newer === undefined) throw error;
      this.#parts.redactor.add(newer);
      this.#signIn = {
        ...this.#signIn,
        credential:
          credential.kind === 'secret' ? { kind: 'secret', secret: newer } : { kind: 'certificate', pem: newer },
      };
      return requestToken(this.#signIn, scope, this.#parts);
    }
  }

  /** What may pass by itself is asked again at once; what a person has to mend, or Entra wants to rest, is not. */
  #remember(scope: string, failure: EdgeFailure): void {
    if (failure.kind === 'unavailable') return;
    const until = this.#parts.clock.now() + (failure.details.retryAfterMs ?? REFUSED_FOR_MS);
    this.#failed.set(scope, { failure, until });
  }

  #drop(scope: string): void {
    const held = this.#held.get(scope);
    if (!held) return;
    this.#parts.redactor.forget(this.#retired.get(scope) ?? '');
    this.#retired.set(scope, held.token);
    this.#held.delete(scope);
  }
}

function repeated(failure: EdgeFailure, leftMs: number): EdgeFailure {
  const { retryAfterMs, ...details } = failure.details;
  return new EdgeFailure(
    failure.kind,
    failure.message,
    retryAfterMs === undefined ? details : { ...details, retryAfterMs: leftMs },
  );
}
