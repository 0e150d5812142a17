import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sqlLedger } from '../../src/ledger/sql-ledger.ts';
import { openSqlite } from '../../src/ledger/store/sqlite.ts';
import { faults } from '../../src/simulators/fault.ts';
import { type OidcSim, startOidcSim } from '../../src/simulators/oidc-sim.ts';
import { type Seen, Visit } from '../console-visit.ts';
import { originOf } from '../jira-hooks.ts';
import { Serving } from '../serving.ts';
import { World } from '../world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const HOSTILE = `<img src=x onerror=alert(1)>"'&`;

const MANY_GROUPS = Array.from({ length: 200 }, (_, i) => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`);

const PEOPLE = [
  { sub: 'lead', name: 'Ada Lead', claims: { preferred_username: 'ada@contoso.com', roles: ['soc-leads'] } },
  { sub: 'reader', name: 'Ben Reader', claims: { preferred_username: 'ben@contoso.com', groups: 'soc-readers' } },
  { sub: 'stranger', name: 'Eve Stranger', claims: { preferred_username: 'eve@contoso.com', groups: ['sales'] } },
  { sub: 'everywhere', name: 'Eva Everywhere', claims: { groups: [...MANY_GROUPS, 'soc-leads'] } },
  { sub: 'many', name: 'Mo Many', claims: { _claim_names: { groups: 'src1' } } },
  { sub: 'hostile', name: HOSTILE, claims: { preferred_username: HOSTILE, groups: ['soc-readers', HOSTILE] } },
];

describe('signing in to the console', () => {
  let provider: OidcSim;
  let world: World;
  let serving: Serving;
  let visit: Visit;

  beforeEach(async () => {
    const service = () => `
service:
  listen: 127.0.0.1:0
  auth: { issuer: "${provider.issuer}", clientId: casewire, clientSecret: "\${file:oidc-secret}", viewers: [soc-readers], operators: [soc-leads] }
`;
    world = await World.start({ config: (yaml) => yaml + service() });
    const { clock } = world;
    provider = await startOidcSim({ clock, clientId: 'casewire', clientSecret: 'oidc-secret-value', people: PEOPLE });
    world.write('oidc-secret', 'oidc-secret-value');
    await serve();
    visit = new Visit(origin());
  });

  afterEach(async () => {
    await serving.stop();
    await world.stop();
    expect(provider.unexpected).toEqual([]);
    await provider.stop();
  });

  async function serve(): Promise<void> {
    serving = new Serving(world);
    await serving.pass(1);
  }

  function origin(): string {
    return originOf(serving);
  }

  /** Goes to the provider and chooses who to be; answers what leads back, with its query. */
  async function choose(who: string, to = '/settings'): Promise<string> {
    const begun = await visit.get(`/sign-in/begin?to=${encodeURIComponent(to)}`);
    expect(begun.status).toBe(303);
    const answer = await fetch(`${begun.headers.location}&as=${who}`, { redirect: 'manual' });
    const back = new URL(answer.headers.get('location') ?? '');
    expect(back.origin).toBe(visit.origin);
    return `${back.pathname}${back.search}`;
  }

  async function signIn(who: string, to?: string): Promise<Seen> {
    return visit.get(await choose(who, to));
  }

  async function acts() {
    const ledger = sqlLedger(await openSqlite(world.storePath));
    try {
      // Those of one instant stand in no order.
      return (await ledger.acts.page({ most: 10 })).toSorted((a, b) => a.what.localeCompare(b.what));
    } finally {
      await ledger.close();
    }
  }

  const warnings = () => serving.of('warning').map(({ says }) => says);

  it('is asked for wherever one goes, and leads back there', async () => {
    const asked = await visit.get('/alerts?tenant=contoso');
    expect(asked.status).toBe(401);
    expect(asked.text).toContain('href="/sign-in/begin?to=%2Falerts%3Ftenant%3Dcontoso"');
    expect(asked.text).not.toContain('data-key');
    const back = await signIn('lead', '/alerts?tenant=contoso');
    expect({ status: back.status, to: back.headers.location }).toEqual({
      status: 303,
      to: '/alerts?tenant=contoso',
    });
    const page = await visit.get('/settings');
    expect(page.status).toBe(200);
    expect(page.text).toContain('<span>Ada Lead</span> <span class="may">operator</span>');
  });

  it('lets nobody be led away from the console', async () => {
    const away = ['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)'];
    // What a browser makes of these begins with two slashes.
    const folded = [
      '/.//evil.example',
      '/..//evil.example',
      '/a/..//evil.example',
      '/\t/evil.example',
      '/%2e//evil.example',
    ];
    for (const to of [...away, ...folded]) expect((await signIn('lead', to)).headers.location).toBe('/');
  });

  it('makes a viewer of a member of a viewers’ group, who cannot act', async () => {
    await signIn('reader');
    const { text } = await visit.get('/held');
    expect(text).toContain('<span>Ben Reader</span> <span class="may">viewer</span>');
    // The token of the button that signs out: it would do for every form.
    const sent = await visit.post('/held/retry', { token: await visit.token('/held'), key: 'contoso/1' });
    expect(sent.status).toBe(403);
    expect(sent.text).toContain('Ben Reader may look and not act');
    expect(await acts()).toMatchObject([
      {
        who: 'ben@contoso.com (reader)',
        what: 'retry held alerts',
        subject: 'contoso/1',
        end: { outcome: 'failed', says: 'Ben Reader may look and not act; an operator may do this.' },
      },
      { who: 'ben@contoso.com (reader)', what: 'sign in', end: { outcome: 'done' } },
    ]);
  });

  it('makes an operator of a member of an operators’ group, whose acts are on record', async () => {
    await signIn('lead');
    const sent = await visit.post('/held/retry', { token: await visit.token('/held'), key: 'contoso/1' });
    expect(sent.status).toBe(303);
    expect(await acts()).toMatchObject([
      { who: 'ada@contoso.com (lead)', what: 'retry held alerts' },
      { who: 'ada@contoso.com (lead)', what: 'sign in', detail: 'operator, from 127.0.0.1' },
    ]);
  });

  it('names the account that is in none of the groups, and what is missing', async () => {
    const { status, text } = await signIn('stranger');
    expect(status).toBe(403);
    expect(await acts()).toMatchObject([
      { who: 'eve@contoso.com (stranger)', what: 'sign in', end: { outcome: 'failed' } },
    ]);
    expect(text).toContain('Eve Stranger (eve@contoso.com (stranger)) is in none of the groups');
    expect(text).toContain('to look: soc-readers; to look and act: soc-leads');
    expect((await visit.get('/settings')).status).toBe(401);
    const { text: overage } = await signIn('many');
    expect(overage).toContain('The token names no groups');
  });

  it('shows no name as markup', async () => {
    await signIn('hostile');
    const { text } = await visit.get('/settings');
    expect(text).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;');
    expect(text).not.toContain('<img');
  });

  it.each([
    ['nonce', /somebody else, or answers another question/],
    ['audience', /somebody else, or answers another question/],
    ['party', /somebody else, or answers another question/],
    ['issuer', /somebody else, or answers another question/],
    ['expired', /has ended/],
    ['early', /is not valid yet/],
    ['unknown-key', /a key that it does not publish/],
    ['symmetric', /127\.0\.0\.1/],
    ['signature', /127\.0\.0\.1/],
    ['unsigned', /127\.0\.0\.1/],
  ] as const)('takes no token with a wrong %s', async (fault, says) => {
    provider.tokenFault = fault;
    const { status, text } = await signIn('lead');
    expect(status).toBe(400);
    expect(text).toMatch(says);
    expect([...visit.cookies.keys()]).not.toContain('casewire-session');
    expect((await visit.get('/settings')).status).toBe(401);
    expect(warnings()).toEqual([expect.stringContaining('a sign-in did not come about')]);
    expect(`${warnings()}${text}`).not.toContain('oidc-secret-value');
  });

  it('takes no answer that does not belong to what this browser began', async () => {
    const back = await choose('lead');
    const stolen = new Visit(origin());
    expect((await stolen.get(back)).status).toBe(400);
    expect((await visit.get(back.replace(/state=[^&]+/, 'state=another'))).status).toBe(400);
    // The errand is over, also for the true answer.
    expect((await visit.get(back)).status).toBe(400);
    const slow = await choose('lead');
    await serving.pass(11 * MINUTE);
    expect((await visit.get(slow)).text).toContain('longer ago than ten minutes');
  });

  it('does not repeat the client secret that the provider repeats', async () => {
    const body = { error: 'invalid_client', error_description: 'oidc-secret-value is not the secret' };
    const back = await choose('lead');
    provider.fault({ method: 'POST' }, faults.status(401, { body }));
    const { text } = await visit.get(back);
    expect(text).toContain('[redacted] is not the secret');
    expect(`${text}${JSON.stringify(serving.events)}`).not.toContain('oidc-secret-value');
  });

  it('shows what the provider says as text', async () => {
    await choose('lead');
    const query = new URLSearchParams({ error: 'access_denied', error_description: HOSTILE, state: 'x' });
    const { status, text } = await visit.get(`/sign-in/back?${query}`);
    expect(status).toBe(400);
    expect(text).not.toContain('<img');
  });

  it('takes no cookie that was made or changed elsewhere', async () => {
    await signIn('lead');
    const own = visit.cookies.get('casewire-session') ?? '';
    for (const forged of [`${own.slice(0, -2)}xx`, 'eyJhbGciOiJub25lIn0..', Buffer.from('{}').toString('base64url')]) {
      visit.cookies.set('casewire-session', forged);
      expect((await visit.get('/settings')).status).toBe(401);
    }
    visit.cookies.set('casewire-session', own);
    expect((await visit.get('/settings')).status).toBe(200);
  });

  it('ends after half an hour without a look, and after eight hours', async () => {
    await signIn('lead');
    for (let passed = 0; passed < 8 * HOUR - 20 * MINUTE; passed += 20 * MINUTE) {
      expect((await visit.get('/settings')).status).toBe(200);
      world.clock.jump(20 * MINUTE);
    }
    world.clock.jump(20 * MINUTE);
    expect((await visit.get('/settings')).status).toBe(401);
    await signIn('lead');
    world.clock.jump(30 * MINUTE);
    const late = await visit.post('/sign-out', { token: 'x' });
    expect(late.status).toBe(401);
    expect(late.text).toContain('Your session has ended, so nothing was done');
  });

  it('outlives a restart, with the forms that were shown before it', async () => {
    await signIn('lead');
    const token = await visit.token('/settings');
    await serving.stop();
    await serve();
    const after = new Visit(origin());
    for (const [name, value] of visit.cookies) after.cookies.set(name, value);
    expect((await after.get('/settings')).status).toBe(200);
    expect((await after.post('/sign-out', { token })).status).toBe(303);
  });

  it('is over when one signs out', async () => {
    await signIn('lead');
    expect((await visit.post('/sign-out', { token: 'forged' })).status).toBe(403);
    const out = await visit.post('/sign-out', { token: await visit.token('/settings') });
    expect({ status: out.status, to: out.headers.location }).toEqual({ status: 303, to: '/' });
    const { status, text } = await visit.get('/');
    expect(status).toBe(401);
    expect(text).toContain('You are signed out of Casewire');
    expect((await acts()).map(({ what }) => what)).toEqual(['sign in', 'sign out']);
  });

  it('is over in every process that shares the ledger, and after a restart', async () => {
    await signIn('lead');
    const beside = new Serving(world);
    try {
      await beside.pass(1);
      const copies = [originOf(beside), origin()].map((at) => {
        const copy = new Visit(at);
        for (const [name, value] of visit.cookies) copy.cookies.set(name, value);
        return copy;
      });
      const [elsewhere, later] = copies as [Visit, Visit];
      expect((await elsewhere.get('/settings')).status).toBe(200);
      expect((await visit.post('/sign-out', { token: await visit.token('/settings') })).status).toBe(303);
      expect((await elsewhere.get('/settings')).status).toBe(401);
      await serving.stop();
      await serve();
      const restarted = new Visit(origin());
      for (const [name, value] of later.cookies) restarted.cookies.set(name, value);
      expect((await restarted.get('/settings')).status).toBe(401);
    } finally {
      await beside.stop();
    }
  });

  it('has refused acts of one account recorded twenty times an hour, and refuses all of them', async () => {
    await signIn('reader');
    const token = await visit.token('/held');
    for (let i = 0; i < 40; i++)
      expect((await visit.post('/held/retry', { token, key: `contoso/${i}` })).status).toBe(403);
    const ledger = sqlLedger(await openSqlite(world.storePath));
    const recorded = await ledger.acts.page({ most: 100 });
    await ledger.close();
    const refused = recorded.filter(({ what }) => what === 'retry held alerts');
    expect(refused).toHaveLength(20);
    const last = refused.filter(({ end }) =>
      end?.says.includes('More of this account within the hour are not recorded.'),
    );
    expect(last).toHaveLength(1);
  });

  it('is over for a copy of the cookie, too, and an open page is told nothing more', async () => {
    await signIn('lead');
    const thief = new Visit(origin());
    for (const [name, value] of visit.cookies) thief.cookies.set(name, value);
    const cookie = [...visit.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const open = await fetch(`${origin()}/live`, { headers: { cookie } });
    expect(open.headers.get('content-type')).toContain('text/event-stream');
    const ended = open.text();
    await visit.post('/sign-out', { token: await visit.token('/settings') });
    await serving.pass(MINUTE);
    expect(await ended).toMatch(/^retry/);
    expect((await thief.get('/settings')).status).toBe(401);
  });

  it('holds for a member of more groups than a cookie can name', async () => {
    world.editConfig = (yaml) => yaml.replace('viewers: [soc-readers]', `viewers: [${MANY_GROUPS.join(', ')}]`);
    world.write('casewire.yaml', world.configText());
    serving.reload();
    await serving.pass(MINUTE);
    expect(serving.of('reloaded')).toHaveLength(1);
    await signIn('everywhere');
    expect((visit.cookies.get('casewire-session') ?? '').length).toBeLessThan(3_000);
    expect((await visit.get('/settings')).text).toContain('operator');
  });

  it('takes no form of another site, with the session or without', async () => {
    await signIn('lead');
    const token = await visit.token('/settings');
    for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }, { origin: 'null' }])
      expect((await visit.post('/sign-out', { token }, headers)).status).toBe(403);
    expect((await visit.get('/settings')).status).toBe(200);
  });

  it('is not offered by a name that was pointed here, and frames nowhere', async () => {
    await signIn('lead');
    for (const path of ['/settings', '/sign-in/begin', '/sign-in/back?code=x&state=y']) {
      const { status, text } = await visit.get(path, { headers: { host: 'evil.example' } });
      expect(status).toBe(421);
      expect(text).not.toContain('Ada Lead');
    }
    for (const path of ['/settings', '/sign-in/back']) {
      const { headers } = await visit.get(path);
      expect(headers['x-frame-options']).toBe('DENY');
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    }
  });

  it('keeps its cookies from scripts and from other sites', async () => {
    await signIn('lead');
    const session = visit.written.find((line) => line.startsWith('casewire-session='));
    expect(session).toMatch(/HttpOnly/);
    expect(session).toMatch(/SameSite=Lax/);
    expect(session).not.toMatch(/Max-Age|Expires|Domain/i);
  });

  it('binds its cookies to the host alone, and to https, behind a TLS proxy', async () => {
    world.editConfig = (yaml) =>
      yaml.replace('listen: 127.0.0.1:0', 'listen: 127.0.0.1:0\n  publicUrl: https://soc.contoso.example');
    world.write('casewire.yaml', world.configText());
    serving.reload();
    await serving.pass(MINUTE);
    const headers = { host: 'soc.contoso.example', 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' };
    const begun = await visit.get('/sign-in/begin?to=%2Fheld', { headers });
    const away = new URL(String(begun.headers.location));
    expect(away.searchParams.get('redirect_uri')).toBe('https://soc.contoso.example/sign-in/back');
    const answer = await fetch(`${away}&as=lead`, { redirect: 'manual' });
    const back = new URL(answer.headers.get('location') ?? '');
    expect(back.origin).toBe('https://soc.contoso.example');
    expect((await visit.get(back.pathname + back.search, { headers })).headers.location).toBe('/held');
    const page = await visit.get('/held', { headers });
    const token = /name="token" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    const own = { ...headers, origin: 'https://soc.contoso.example' };
    expect((await visit.post('/sign-out', { token }, { ...own, origin: 'http://soc.contoso.example' })).status).toBe(
      403,
    );
    expect((await visit.post('/sign-out', { token }, own)).status).toBe(303);
    expect(page.headers['strict-transport-security']).toBe('max-age=31536000');
    for (const line of visit.written) {
      expect(line).toMatch(/^__Host-casewire-/);
      expect(line).toMatch(/; Path=\/(;|$)/);
      expect(line).toMatch(/; Secure/);
      expect(line).not.toMatch(/; Domain/i);
    }
    expect(visit.written.length).toBeGreaterThan(3);
  });

  it('is slowed down for whoever tries on and on, and for nobody else', async () => {
    const from = (address: string) => visit.get('/sign-in/begin', { headers: { 'x-forwarded-for': address } });
    for (let i = 0; i < 30; i++) expect((await from('203.0.113.9')).status).toBe(303);
    const refused = await from('203.0.113.9');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await from('203.0.113.10')).status).toBe(303);
    world.clock.jump(5 * MINUTE);
    expect((await from('203.0.113.9')).status).toBe(303);
  });

  it('tells when the provider is away, and works as soon as it is back', async () => {
    await provider.stop();
    const { status, text } = await visit.get('/sign-in/begin');
    expect(status).toBe(502);
    expect(text).toContain('nothing listens there');
    expect((await visit.get('/healthz')).status).toBe(200);
    await provider.listen();
  });
});
