import { createHash, createHmac, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { type SimOptions, SimServer } from './sim-server.ts';
import { json, type SimAnswer, type SimRequest } from './wire.ts';

/** Somebody who can sign in; `claims` go into the id token as they are. */
export interface SimPerson {
  sub: string;
  name: string;
  claims?: Readonly<Record<string, unknown>>;
}

export interface OidcSimOptions extends SimOptions {
  clientId: string;
  clientSecret: string;
  people: readonly SimPerson[];
}

/** What is wrong with the next id tokens. */
export type TokenFault =
  | 'nonce'
  | 'audience'
  | 'party'
  | 'issuer'
  | 'expired'
  | 'early'
  | 'unknown-key'
  | 'signature'
  | 'symmetric'
  | 'unsigned';

interface Grant {
  person: SimPerson;
  nonce: string;
  challenge: string;
  redirectUri: string;
}

const TOKEN_SECONDS = 3_600;

/**
 * An OpenID Connect provider (OpenID Connect Core 1.0 §3.1, Discovery 1.0, RFC 7636): the page at its authorization
 * endpoint lets one choose who to be. Codes are good once; its token endpoint checks client, redirect and PKCE.
 */
export class OidcSim extends SimServer {
  /** Everybody who may be chosen. */
  people: SimPerson[];
  /** What is wrong with tokens from now on. */
  tokenFault: TokenFault | undefined;
  readonly #client: { id: string; secret: string };
  readonly #keys = [keyNamed('first'), keyNamed('unpublished')] as const;
  readonly #grants = new Map<string, Grant>();

  constructor(options: OidcSimOptions) {
    super(options);
    this.people = [...options.people];
    this.#client = { id: options.clientId, secret: options.clientSecret };
  }

  /** As the configuration names it. */
  get issuer(): string {
    return `${this.url}/tenant/v2.0`;
  }

  protected answer(request: SimRequest): SimAnswer | undefined {
    const { method, path } = request;
    if (method === 'GET' && path === '/tenant/v2.0/.well-known/openid-configuration')
      return json(200, this.#metadata());
    if (method === 'GET' && path === '/tenant/keys') return json(200, { keys: [jwkOf(this.#keys[0])] });
    if (method === 'GET' && path === '/tenant/authorize') return this.#authorize(request.query);
    if (method === 'POST' && path === '/tenant/token') return this.#token(request);
    return undefined;
  }

  #metadata() {
    const at = (path: string) => `${this.url}/tenant/${path}`;
    return {
      issuer: this.issuer,
      authorization_endpoint: at('authorize'),
      token_endpoint: at('token'),
      jwks_uri: at('keys'),
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
      token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
      code_challenge_methods_supported: ['S256'],
      scopes_supported: ['openid', 'profile', 'email'],
    };
  }

  /** Shows whom one may be; with `as` in the query it is that person, as after a click. */
  #authorize(query: URLSearchParams): SimAnswer {
    const redirectUri = query.get('redirect_uri') ?? '';
    const challenge = query.get('code_challenge') ?? '';
    const asked = query.get('response_type') === 'code' && query.get('client_id') === this.#client.id;
    if (!asked || !URL.canParse(redirectUri) || query.get('code_challenge_method') !== 'S256' || challenge === '')
      return chosen(400, '<p>This is no request of a client that is known here.</p>');
    const person = this.people.find(({ sub }) => sub === query.get('as'));
    if (!person) return chosen(200, this.#chooser(query));
    const code = randomBytes(16).toString('base64url');
    this.#grants.set(code, { person, nonce: query.get('nonce') ?? '', challenge, redirectUri });
    const back = new URL(redirectUri);
    back.searchParams.set('code', code);
    back.searchParams.set('state', query.get('state') ?? '');
    return { status: 302, headers: { location: back.href }, body: '' };
  }

  #chooser(query: URLSearchParams): string {
    const items = this.people.map(({ sub, name }) => {
      const to = new URLSearchParams([...query, ['as', sub]]);
      return `<li><a href="/tenant/authorize?${escaped(String(to))}">${escaped(name)}</a></li>`;
    });
    return `<h1>Who are you?</h1><ul>${items.join('')}</ul>`;
  }

  #token({ body, headers }: SimRequest): SimAnswer {
    const form = new URLSearchParams(body);
    const [id, secret] = credentialsOf(form, String(headers.authorization ?? ''));
    if (id !== this.#client.id || secret !== this.#client.secret)
      return json(401, {
        error: 'invalid_client',
        error_description: 'The client is not known, or its secret is wrong.',
      });
    const code = form.get('code') ?? '';
    const grant = this.#grants.get(code);
    this.#grants.delete(code);
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (!grant || grant.redirectUri !== form.get('redirect_uri') || grant.challenge !== challenge)
      return json(400, { error: 'invalid_grant', error_description: 'The code is used, or is not for this client.' });
    return json(200, {
      token_type: 'Bearer',
      expires_in: TOKEN_SECONDS,
      access_token: randomBytes(24).toString('base64url'),
      id_token: this.#idToken(grant),
    });
  }

  #idToken({ person, nonce }: Grant): string {
    const fault = this.tokenFault;
    const now =
      Math.floor(this.clock.now() / 1000) + (fault === 'expired' ? -2 : fault === 'early' ? 2 : 0) * TOKEN_SECONDS;
    const claims = {
      iss: fault === 'issuer' ? 'https://evil.example/v2.0' : this.issuer,
      aud:
        fault === 'audience'
          ? 'another-client'
          : fault === 'party'
            ? [this.#client.id, 'another-client']
            : this.#client.id,
      ...(fault === 'party' ? { azp: 'another-client' } : {}),
      nonce: fault === 'nonce' ? 'another-nonce' : nonce,
      sub: person.sub,
      name: person.name,
      iat: now,
      nbf: now,
      exp: now + TOKEN_SECONDS,
      ...person.claims,
    };
    const key = this.#keys[fault === 'unknown-key' ? 1 : 0];
    const alg = fault === 'unsigned' ? 'none' : fault === 'symmetric' ? 'HS256' : 'RS256';
    const header = { alg, typ: 'JWT', kid: key.kid };
    const text = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    if (fault === 'unsigned') return `${text}.`;
    if (fault === 'symmetric')
      return `${text}.${createHmac('sha256', this.#client.secret).update(text).digest('base64url')}`;
    const signed = sign('sha256', Buffer.from(fault === 'signature' ? `${text}x` : text), key.privateKey);
    return `${text}.${signed.toString('base64url')}`;
  }
}

/** Starts a provider with one client. */
export function startOidcSim(options: OidcSimOptions): Promise<OidcSim> {
  return new OidcSim(options).listen();
}

interface Key {
  kid: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
}

function keyNamed(kid: string): Key {
  return { kid, ...generateKeyPairSync('rsa', { modulusLength: 2048 }) };
}

function jwkOf({ kid, publicKey }: Key) {
  return { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' };
}

function credentialsOf(form: URLSearchParams, header: string | undefined): readonly (string | null | undefined)[] {
  const [, basic] = /^Basic (\S+)$/.exec(header ?? '') ?? [];
  if (basic === undefined) return [form.get('client_id'), form.get('client_secret')];
  return Buffer.from(basic, 'base64').toString().split(':', 2).map(decodeURIComponent);
}

function chosen(status: number, body: string): SimAnswer {
  const whole = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Simulated sign-in</title>${body}</html>`;
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body: whole };
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);
}
