import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pemOf } from '../../../test/certificates.ts';
import { HandClock } from '../../../test/hand-clock.ts';
import { type EdgeFailure, isEdgeFailure } from '../../domain/failure.ts';
import { HttpClient } from '../../http/http-client.ts';
import { Meter } from '../../observe/meter.ts';
import { Redactor } from '../../observe/redact.ts';
import { type EntraSim, startEntraSim } from '../../simulators/entra-sim.ts';
import { faults } from '../../simulators/fault.ts';
import { type AccessTokens, type EntraSignIn, entraTokens } from './access-token.ts';
import { byEntra } from './by-entra.ts';

const TENANT = '11111111-2222-4333-8444-555555555555';
const CLIENT = '66666666-7777-4888-8999-000000000000';
const RESOURCE = 'https://graph.example';
const SCOPE = `${RESOURCE}/.default`;
const SECRET = 'simulated-client-secret';

let clock: HandClock;
let sim: EntraSim;
let redactor: Redactor;
let clients: HttpClient[];
let tokensOf: (signIn: EntraSignIn) => AccessTokens;
let newest: string | undefined;

beforeEach(async () => {
  clock = new HandClock('2026-11-23T07:00:00Z');
  sim = await startEntraSim({ clock });
  sim.addApp(TENANT, CLIENT, {
    secrets: [{ value: SECRET }],
    certificates: [pemOf('application')],
    roles: { [RESOURCE]: ['User.Read.All'], other: [] },
  });
  redactor = new Redactor();
  clients = [];
  newest = undefined;
  tokensOf = entraTokens({
    httpOf: (origin) => {
      const http = new HttpClient({ service: 'Entra', origin, clock, meter: new Meter(), redactor, connections: 4 });
      clients.push(http);
      return http;
    },
    clock,
    redactor,
    newer: async () => newest,
  });
});
afterEach(async () => {
  await Promise.all(clients.map((http) => http.close()));
  await sim.stop();
  expect(sim.unexpected).toEqual([]);
});

function signIn(changes: Partial<EntraSignIn> = {}): EntraSignIn {
  const credential = { kind: 'secret', secret: SECRET } as const;
  return { authority: sim.url, tenantId: TENANT, clientId: CLIENT, credential, ...changes };
}

async function failureOf(work: Promise<unknown>): Promise<EdgeFailure> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!isEdgeFailure(error)) throw new Error('it did not fail');
  return error;
}

describe('an access token', () => {
  it('is not asked for by who is stopped already: nobody would hear that it failed', async () => {
    const needs = { anyOf: ['User.Read.All'], of: 'Graph', to: 'to read' };
    const authoriser = byEntra({ tokens: tokensOf(signIn()), scope: SCOPE, needs });
    const { message } = await failureOf(authoriser.authorise(AbortSignal.abort()));
    expect(message).toBe('stopped while signing in to Entra');
    await tokensOf(signIn()).token('other/.default');
    expect(sim.requests('/', 'POST')).toHaveLength(1);
  });

  it.each([
    ['a secret', { kind: 'secret', secret: SECRET } as const],
    ['a certificate', { kind: 'certificate', pem: pemOf('application') } as const],
  ])('is given for %s', async (_, credential) => {
    const token = await tokensOf(signIn({ credential })).token(SCOPE);
    expect(sim.bearer(`Bearer ${token}`, RESOURCE)).toMatchObject({ by: credential.kind, clientId: CLIENT });
    expect(sim.requests('/', 'POST')).toHaveLength(1);
  });

  it('is fetched once for all who ask at the same time, and kept for who asks later', async () => {
    const asked = await Promise.all(
      Array.from({ length: 20 }, () => tokensOf(signIn({ tenantId: TENANT.toUpperCase() })).token(SCOPE)),
    );
    expect(new Set([...asked, await tokensOf(signIn()).token(SCOPE)]).size).toBe(1);
    expect(sim.issued).toHaveLength(1);
  });

  it('is not shared between scopes, applications or credentials', async () => {
    const other = '66666666-7777-4888-8999-000000000001';
    sim.addApp(TENANT, other, { secrets: [{ value: SECRET }], roles: { [RESOURCE]: [] } });
    await tokensOf(signIn()).token(SCOPE);
    await tokensOf(signIn()).token('other/.default');
    await tokensOf(signIn({ clientId: other })).token(SCOPE);
    await failureOf(tokensOf(signIn({ credential: { kind: 'secret', secret: 'another' } })).token(SCOPE));
    expect(sim.issued.map(({ clientId, resource }) => `${clientId.at(-1)} ${resource}`)).toEqual([
      `0 ${RESOURCE}`,
      '0 other',
      `1 ${RESOURCE}`,
    ]);
  });

  it('is renewed ahead of its end, and not before', async () => {
    const tokens = tokensOf(signIn());
    const first = await tokens.token(SCOPE);
    clock.advance(54 * 60_000);
    expect(await tokens.token(SCOPE)).toBe(first);
    clock.advance(60_000);
    expect(await tokens.token(SCOPE)).not.toBe(first);
    expect(sim.issued).toHaveLength(2);
  });

  it('stays in use to its end while Entra is down, and is asked for once a minute meanwhile', async () => {
    const tokens = tokensOf(signIn());
    const first = await tokens.token(SCOPE);
    sim.fault({}, faults.status(503), { every: 1 });
    clock.advance(55 * 60_000);
    for (let i = 0; i < 5; i++) expect(await tokens.token(SCOPE)).toBe(first);
    expect(sim.journal).toHaveLength(2);
    clock.advance(5 * 60_000);
    expect(await failureOf(tokens.token(SCOPE))).toMatchObject({ kind: 'unavailable' });
  });

  it('is forgotten when a service refused it, once for all who held it', async () => {
    const tokens = tokensOf(signIn());
    const first = await tokens.token(SCOPE);
    tokens.refused(SCOPE, first);
    const second = await tokens.token(SCOPE);
    tokens.refused(SCOPE, first);
    expect(await tokens.token(SCOPE)).toBe(second);
    expect(sim.issued).toHaveLength(2);
  });

  it('is taken out of texts, also just after it was replaced', async () => {
    const tokens = tokensOf(signIn());
    const seen: string[] = [];
    for (let i = 0; i < 3; i++) {
      seen.push(await tokens.token(SCOPE));
      if (i < 2) tokens.refused(SCOPE, seen.at(-1) ?? '');
    }
    expect(redactor.clean(seen.join(' '))).toBe(`${seen[0]} [redacted] [redacted]`);
  });
});

describe('a sign-in that Entra refuses', () => {
  const APP_ERRORS = [
    [7000215, 'unauthorised', 'the client secret is wrong', /Certificates & secrets/],
    [7000222, 'unauthorised', 'the client secret has expired', /make a new client secret/],
    [700027, 'unauthorised', 'the certificate is not one that the app knows', /upload this certificate/],
    [65001, 'unauthorised', 'nobody has consented', /adminconsent\?client_id=6666/],
    [7000112, 'unauthorised', 'the app is disabled', /Enabled for users to sign-in/],
    [700016, 'unauthorised', 'the app is not in this tenant', /check auth\.clientId/],
    [90002, 'unauthorised', 'the tenant does not exist', /check auth\.tenantId/],
    [53003, 'unauthorised', 'Conditional Access', /Sign-in logs/],
    [700024, 'unauthorised', 'not within its time', /network time/],
    [500011, 'unauthorised', 'the service is not known in this tenant', /licences/],
    [90033, 'unavailable', 'not available for the moment', /tried again/],
    [90055, 'rate-limited', 'too many requests', /tried again/],
  ] as const;

  it.each(APP_ERRORS)('with AADSTS%d is told as one line with its mend', async (code, kind, says, mend) => {
    sim.refuse(TENANT, code);
    const failure = await failureOf(tokensOf(signIn()).token(SCOPE));
    expect(failure.kind).toBe(kind);
    expect(failure.message).toContain(`Entra does not sign app ${CLIENT} in to tenant ${TENANT}: ${says}`.slice(0, 95));
    expect(failure.message).toContain(says);
    expect(failure.message).toContain(`(AADSTS${code})`);
    expect(failure.message).not.toMatch(/[\r\n]|Trace ID/);
    expect(failure.details.mend).toMatch(mend);
  });

  it('for a certificate that the app does not know', async () => {
    const credential = { kind: 'certificate', pem: pemOf('other-application') } as const;
    const failure = await failureOf(tokensOf(signIn({ credential })).token(SCOPE));
    expect(failure.message).toContain('(AADSTS700027)');
  });

  it('for a clock that is far off', async () => {
    const credential = { kind: 'certificate', pem: pemOf('application') } as const;
    const late = new HandClock(clock.now() - 3_600_000);
    const http = new HttpClient({
      service: 'Entra',
      origin: sim.origin,
      clock: late,
      meter: new Meter(),
      redactor,
      connections: 1,
    });
    clients.push(http);
    const failure = await failureOf(
      entraTokens({ httpOf: () => http, clock: late, redactor })(signIn({ credential })).token(SCOPE),
    );
    expect(failure.message).toContain('(AADSTS700024)');
  });

  it('is told in Entra’s words where the code is not known', async () => {
    const body = { error: 'invalid_client', error_description: 'AADSTS999999: Something new. Trace ID: 1' };
    sim.fault({}, faults.status(401, { body }));
    const failure = await failureOf(tokensOf(signIn()).token(SCOPE));
    expect(failure.message).toContain('Something new');
    expect(failure.message).toContain('(AADSTS999999)');
  });

  it('never repeats an answer that could hold a token', async () => {
    const body = '{"token_type":"Bearer","access_token":"eyJ-half-a-tok';
    sim.fault({}, faults.status(200, { body }));
    const failure = await failureOf(tokensOf(signIn()).token(SCOPE));
    expect(failure.kind).toBe('malformed');
    expect(JSON.stringify([failure.message, failure.details])).not.toContain('eyJ');
  });

  it('is not asked again for a minute, however many want the token', async () => {
    sim.refuse(TENANT, 7000215, 2);
    const tokens = tokensOf(signIn());
    for (let i = 0; i < 5; i++) await failureOf(tokens.token(SCOPE));
    expect(sim.journal).toHaveLength(1);
    clock.advance(61_000);
    await failureOf(tokens.token(SCOPE));
    clock.advance(61_000);
    await tokens.token(SCOPE);
    expect(sim.journal).toHaveLength(3);
  });

  it('waits as long as a throttled Entra asks', async () => {
    sim.fault({}, faults.status(429, { headers: { 'retry-after': '90' }, body: {} }));
    const tokens = tokensOf(signIn());
    expect((await failureOf(tokens.token(SCOPE))).details.retryAfterMs).toBe(90_000);
    clock.advance(30_000);
    expect((await failureOf(tokens.token(SCOPE))).details.retryAfterMs).toBe(60_000);
    clock.advance(60_000);
    await tokens.token(SCOPE);
    expect(sim.journal).toHaveLength(2);
  });

  it('uses the secret that was put in its place meanwhile', async () => {
    newest = 'the-new-secret';
    sim.tenants.get(TENANT)?.get(CLIENT)?.secrets.splice(0, 1, { value: newest });
    await tokensOf(signIn()).token(SCOPE);
    expect(sim.issued).toHaveLength(1);
    expect(redactor.clean(newest)).toBe('[redacted]');
  });
});
