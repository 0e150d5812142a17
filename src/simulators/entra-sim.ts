import { randomBytes, randomUUID } from 'node:crypto';
import type { EpochMs } from '../domain/time.ts';
import { faultOfAssertion } from './entra-assertion.ts';
import { entraError } from './entra-errors.ts';
import { type SimOptions, SimServer } from './sim-server.ts';
import { json, type SimAnswer, type SimRequest } from './wire.ts';

/** An application as one tenant knows it. */
export interface SimApp {
  /** Secrets that are accepted; `endsAt` makes one expire. */
  secrets: { value: string; endsAt?: EpochMs }[];
  /** PEM texts of registered certificates; a private key beside is not looked at. */
  certificates: string[];
  /** Tokens of other identity providers that are taken as assertions (workload identity federation). */
  federated: string[];
  disabled: boolean;
  /** Application permissions that were consented to, by resource: an id, or a base URL. */
  roles: Record<string, readonly string[]>;
}

/** How an application proved itself. */
export type Proof = 'secret' | 'certificate' | 'federation' | 'managed-identity';

/** One token that was handed out. */
export interface IssuedToken {
  at: EpochMs;
  endsAt: EpochMs;
  tenantId: string;
  clientId: string;
  resource: string;
  by: Proof;
  roles: readonly string[];
  token: string;
}

export interface EntraSimOptions extends SimOptions {
  /** By tenant id, then by client id. */
  tenants?: Readonly<Record<string, Readonly<Record<string, Partial<SimApp>>>>>;
}

/**
 * The token endpoint of Entra for client credentials (Microsoft Learn, "OAuth 2.0 client credentials flow",
 * "Certificate credentials" and "Error codes", read 2026-11). Tokens live by the simulator's clock.
 */
export class EntraSim extends SimServer {
  /** By tenant id in lower case, then by client id. */
  readonly tenants = new Map<string, Map<string, SimApp>>();
  /** Every token handed out, in order. */
  readonly issued: IssuedToken[] = [];
  /** What Microsoft gives by default ("Access token lifetime": 60 to 90 minutes). */
  tokenSeconds = 3_599;
  /** The identity of the machine itself, which is asked for below `/msi/token` with this header, as in App Service. */
  managedIdentity: { tenantId: string; clientId: string; header: string } | undefined;
  readonly #revoked = new Set<string>();
  #refusals: { tenantId: string; code: number; left: number }[] = [];

  constructor(options: EntraSimOptions) {
    super(options);
    for (const [tenantId, apps] of Object.entries(options.tenants ?? {}))
      for (const [clientId, app] of Object.entries(apps)) this.addApp(tenantId, clientId, app);
  }

  /** Registers and consents an application; its tenant comes into being with it. */
  addApp(tenantId: string, clientId: string, app: Partial<SimApp>): SimApp {
    const whole: SimApp = { secrets: [], certificates: [], federated: [], disabled: false, roles: {}, ...app };
    const apps = this.tenants.get(tenantId.toLowerCase()) ?? new Map<string, SimApp>();
    this.tenants.set(tenantId.toLowerCase(), apps.set(clientId.toLowerCase(), whole));
    return whole;
  }

  /** Answers the next `times` asks for a token of this tenant with an AADSTS error. */
  refuse(tenantId: string, code: number, times = 1): void {
    this.#refusals.push({ tenantId: tenantId.toLowerCase(), code, left: times });
  }

  /** The token counts as never issued from now on, as after a revocation. */
  revoke(token: string): void {
    this.#revoked.add(token);
  }

  /** What an `Authorization` header of another service stands for; `undefined` when that service has to answer 401. */
  bearer(header: unknown, resource: string): IssuedToken | undefined {
    const [, token] = /^Bearer (\S+)$/.exec(String(header)) ?? [];
    const issued = this.issued.find((one) => one.token === token);
    if (!issued || issued.resource !== resource || this.#revoked.has(issued.token)) return undefined;
    return this.clock.now() < issued.endsAt ? issued : undefined;
  }

  protected answer(request: SimRequest): SimAnswer | undefined {
    if (request.path === '/msi/token' && request.method === 'GET') return this.#machineToken(request);
    const [, tenantId, endpoint] = /^\/([^/]+)\/(oauth2\/v2\.0\/token|v2\.0\/.+)$/.exec(request.path) ?? [];
    if (tenantId === undefined) return undefined;
    if (endpoint === 'v2.0/.well-known/openid-configuration' && request.method === 'GET')
      return this.tenants.has(tenantId.toLowerCase())
        ? json(200, this.#configuration(tenantId))
        : entraError(90002, { tenantId, clientId: '', now: this.clock.now() });
    if (endpoint !== 'oauth2/v2.0/token' || request.method !== 'POST') return undefined;
    return this.#token(decodeURIComponent(tenantId).toLowerCase(), request);
  }

  /** Microsoft Learn, "Managed identities for App Service", REST endpoint, version 2019-08-01. */
  #machineToken({ headers, query }: SimRequest): SimAnswer {
    const identity = this.managedIdentity;
    if (!identity || headers['x-identity-header'] !== identity.header) return json(401, { statusCode: 401 });
    const { tenantId, clientId } = identity;
    const resource = query.get('resource') ?? '';
    const roles = this.tenants.get(tenantId)?.get(clientId)?.roles[resource] ?? [];
    const { access_token } = this.#issue({ tenantId, clientId, resource, roles, by: 'managed-identity' });
    const expires_on = String(Math.floor(this.clock.now() / 1000) + this.tokenSeconds);
    return json(200, { access_token, expires_on, resource, token_type: 'Bearer', client_id: clientId });
  }

  #configuration(tenantId: string) {
    const base = `${this.url}/${tenantId}`;
    return {
      token_endpoint: `${base}/oauth2/v2.0/token`,
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      end_session_endpoint: `${base}/oauth2/v2.0/logout`,
      jwks_uri: `${base}/discovery/v2.0/keys`,
      issuer: `${base}/v2.0`,
    };
  }

  #token(tenantId: string, request: SimRequest): SimAnswer {
    const form = new URLSearchParams(request.body);
    const clientId = (form.get('client_id') ?? '').toLowerCase();
    const refuse = (code: number) => entraError(code, { tenantId, clientId, now: this.clock.now() });
    const planned = this.#refusals.find((one) => one.left > 0 && one.tenantId === tenantId);
    if (planned) {
      planned.left--;
      return refuse(planned.code);
    }
    const [, resource] = /^(.+)\/\.default$/.exec(scopeOf(form)) ?? [];
    const app = this.tenants.get(tenantId)?.get(clientId);
    if (!this.tenants.has(tenantId)) return refuse(90002);
    if (form.get('grant_type') !== 'client_credentials') return refuse(70003);
    if (clientId === '') return refuse(900144);
    if (!app) return refuse(700016);
    if (app.disabled) return refuse(7000112);
    if (resource === undefined) return refuse(1002012);
    const proof = this.#proofOf(app, form, request);
    if (typeof proof === 'number') return refuse(proof);
    const roles = app.roles[resource];
    if (!roles) return refuse(500011);
    return json(200, this.#issue({ tenantId, clientId, resource, roles, by: proof }));
  }

  /** How the application proved itself, or the AADSTS number of what is wrong with the proof. */
  #proofOf(app: SimApp, form: URLSearchParams, request: SimRequest): Proof | number {
    const now = this.clock.now();
    const assertion = form.get('client_assertion');
    if (assertion !== null) {
      if (form.get('client_assertion_type') !== 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
        return 5000222;
      if (app.federated.includes(assertion)) return 'federation';
      const audience = `${this.origin}${request.target}`;
      const expected = { certificates: app.certificates, clientId: form.get('client_id') ?? '', audience, now };
      return faultOfAssertion(assertion, expected) ?? 'certificate';
    }
    const sent = form.get('client_secret');
    if (sent === null) return 7000216;
    const secret = app.secrets.find(({ value }) => value === sent);
    if (!secret) return 7000215;
    return now >= (secret.endsAt ?? Number.POSITIVE_INFINITY) ? 7000222 : 'secret';
  }

  #issue(grant: Pick<IssuedToken, 'tenantId' | 'clientId' | 'resource' | 'roles' | 'by'>) {
    const at = this.clock.now();
    const endsAt = at + this.tokenSeconds * 1000;
    const claims = {
      aud: grant.resource,
      iss: `${this.url}/${grant.tenantId}/v2.0`,
      tid: grant.tenantId,
      appid: grant.clientId,
      idtyp: 'app',
      iat: Math.floor(at / 1000),
      exp: Math.floor(endsAt / 1000),
      uti: randomUUID(),
      ...(grant.roles.length > 0 ? { roles: grant.roles } : {}),
    };
    const parts = [{ typ: 'JWT', alg: 'RS256', kid: 'simulated' }, claims].map(encode);
    const token = [...parts, randomBytes(256).toString('base64url')].join('.');
    this.issued.push({ ...grant, at, endsAt, token });
    return {
      token_type: 'Bearer',
      expires_in: this.tokenSeconds,
      ext_expires_in: this.tokenSeconds,
      access_token: token,
    };
  }
}

/** Starts Entra's token endpoint for any number of tenants. */
export function startEntraSim(options: EntraSimOptions): Promise<EntraSim> {
  return new EntraSim(options).listen();
}

/** Libraries add OpenID scopes of their own, which mean nothing here. */
function scopeOf(form: URLSearchParams): string {
  const scopes = (form.get('scope') ?? '').split(' ');
  return scopes.find((scope) => scope.endsWith('/.default')) ?? scopes[0] ?? '';
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
