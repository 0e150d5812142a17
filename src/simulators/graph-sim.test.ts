import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HandClock } from '../../test/hand-clock.ts';
import { call } from '../../test/sim-client.ts';
import { groupRoutes } from './graph-groups-sim.ts';
import { type GraphSim, startGraphSim } from './graph-sim.ts';
import { mondayAlerts } from './scene/monday.ts';

const STAFF = { id: 'g1', displayName: 'Staff' };
const ADA = { id: 'u1', userPrincipalName: 'ada@contoso.com', memberOf: ['g1'] };

let clock: HandClock;
let sim: GraphSim;

beforeEach(async () => {
  clock = new HandClock();
  const { contoso, fabrikam } = mondayAlerts(clock.now());
  sim = await startGraphSim({
    clock,
    tenants: { contoso: { alerts: contoso }, fabrikam: { alerts: fabrikam } },
    callerOf: (header) =>
      ({
        'Bearer of-contoso': { tenant: 'contoso' },
        'Bearer of-fabrikam': { tenant: 'fabrikam', roles: ['SecurityAlert.Read.All'] },
        'Bearer without-roles': { tenant: 'contoso', roles: [] },
      })[header ?? ''],
    beside: groupRoutes({ directories: { contoso: { users: [ADA], groups: [STAFF] } } }),
  });
});
afterEach(() => sim.stop());

const list = (query = '', token = 'of-contoso') =>
  call(`${sim.url}/v1.0/security/alerts_v2${query}`, { headers: { authorization: `Bearer ${token}` } });
const filtered = (filter: string) => list(`?$filter=${encodeURIComponent(filter)}`);
const titles = ({ json }: { json: { value: { title: string }[] } }) => json.value.map(({ title }) => title);

describe('the simulated Microsoft Graph', () => {
  it('lists a tenant’s alerts, the newest first, as Graph shapes them', async () => {
    const answer = await list('', 'of-fabrikam');
    expect(answer.status).toBe(200);
    expect(titles(answer)).toHaveLength(5);
    const dates = answer.json.value.map(({ createdDateTime }: { createdDateTime: string }) => createdDateTime);
    expect(dates).toEqual(dates.toSorted().toReversed());
    expect(answer.json.value[0]).toMatchObject({
      id: expect.stringMatching(/^ca[0-9a-f]{24}$/),
      status: 'new',
      assignedTo: null,
      serviceSource: 'microsoftDefenderForCloudApps',
      createdDateTime: expect.stringMatching(/^2026-11-2\dT.*Z$/),
    });
    expect(answer.json['@odata.count']).toBeUndefined();
  });

  it('leads from page to page until there is no more, and counts when asked to', async () => {
    const seen: string[] = [];
    let link = '?$top=2&$count=true';
    for (let page = 0; link !== '' && page < 9; page++) {
      const answer = await list(link);
      seen.push(...titles(answer));
      expect(answer.json['@odata.count']).toBe(5);
      const next: string = answer.json['@odata.nextLink'] ?? '';
      expect(next === '' || next.startsWith(`${sim.url}/v1.0/security/alerts_v2?`)).toBe(true);
      link = next.slice(next.indexOf('?') < 0 ? next.length : next.indexOf('?'));
    }
    expect(new Set(seen).size).toBe(5);
    expect(titles(await list('?$top=2&$skip=4'))).toEqual(seen.slice(4));
  });

  it('filters by the properties that Graph documents, joined by and', async () => {
    const whole = await list();
    const { title, createdDateTime } = whole.json.value[2];
    expect(titles(await filtered(`createdDateTime ge ${createdDateTime}`))).toHaveLength(3);
    expect(titles(await filtered(`createdDateTime gt ${createdDateTime} and status eq 'new'`))).toHaveLength(2);
    expect(titles(await filtered(`createdDateTime eq ${createdDateTime}`))).toEqual([title]);
    expect(titles(await filtered("severity eq 'high' and serviceSource ne 'x'"))).not.toHaveLength(0);
    expect(titles(await filtered("serviceSource eq 'microsoftDefenderForEndpoint'"))).toEqual([]);
  });

  it.each([
    "title eq 'x'",
    "severity eq 'high' or severity eq 'low'",
    'createdDateTime ge yesterday',
    "createdDateTime ge '2026-11-22T00:00:00Z'",
    'severity eq high',
    "severity ge 'high'",
    'createdDateTime has 2026-11-22',
    '',
  ])('refuses the filter %j as Graph does', async (filter) => {
    expect(await filtered(filter)).toMatchObject({
      status: 400,
      json: { error: { code: 'BadRequest', innerError: { 'request-id': expect.any(String) } } },
    });
  });

  it.each(['?$orderby=createdDateTime', '?$select=id', '?$top=x', '?$skip=-1', '?$skiptoken=bm9uZQ'])(
    'refuses the query %s',
    async (query) => {
      expect((await list(query)).status).toBe(400);
    },
  );

  it('gives one alert by its id', async () => {
    const [first] = (await list()).json.value;
    expect((await list(`/${first.id}`)).json).toEqual(first);
    expect(await list('/ca0')).toMatchObject({ status: 404, json: { error: { code: 'NotFound' } } });
  });

  it('knows whom a token stands for, and what it may do', async () => {
    expect(await list('', 'nobody')).toMatchObject({
      status: 401,
      json: { error: { code: 'InvalidAuthenticationToken' } },
    });
    expect(await list('', 'without-roles')).toMatchObject({
      status: 403,
      json: { error: { message: expect.stringMatching(/^Missing application roles.*SecurityAlert\.Read\.All/) } },
    });
  });

  it('allows 150 calls a minute and tenant', async () => {
    for (let n = 0; n < 150; n++) expect((await list('?$top=1')).status).toBe(200);
    const refused = await list();
    expect(refused).toMatchObject({ status: 429, json: { error: { code: 'TooManyRequests' } } });
    expect(refused.headers.get('retry-after')).toBe('60');
    expect((await list('', 'of-fabrikam')).status).toBe(200);
    clock.advance(60_000);
    expect((await list()).status).toBe(200);
  });

  it('stamps an alert that is listed late with the time of its listing, and one that is closed with that', async () => {
    const [alert] = mondayAlerts(clock.now()).northwind;
    if (!alert) throw new Error('no alert');
    clock.advance(5_000);
    sim.insertLate('contoso', alert, 86_400_000);
    const [late] = (await filtered(`lastUpdateDateTime ge ${new Date(clock.now()).toISOString()}`)).json.value;
    expect(late.createdDateTime).toBe(new Date(clock.now() - 86_400_000).toISOString());
  });

  describe('lets an alert', () => {
    const path = '/v1.0/security/alerts_v2';
    const write = (method: 'PATCH' | 'POST', place: string, body: unknown, token = 'of-contoso') =>
      call(`${sim.url}${path}/${place}`, { method, headers: { authorization: `Bearer ${token}` }, body });
    const first = async () => (await list()).json.value[0];

    it('be resolved, reassessed and reopened, and stamps it each time', async () => {
      const { id } = await first();
      clock.advance(60_000);
      const closing = { status: 'resolved', classification: 'truePositive', determination: 'other' };
      expect((await write('PATCH', id, closing)).json).toMatchObject({ id, ...closing });
      const since = `lastUpdateDateTime ge ${new Date(clock.now()).toISOString()}`;
      expect((await filtered(since)).json.value).toMatchObject([{ id, status: 'resolved' }]);
      expect((await write('PATCH', id, { classification: 'falsePositive' })).json).toMatchObject({
        status: 'resolved',
        classification: 'falsePositive',
      });
      expect((await write('PATCH', id, { status: 'inProgress' })).json).toMatchObject({
        status: 'inProgress',
        resolvedDateTime: null,
      });
    });

    it('have comments, which are answered whole', async () => {
      const { id } = await first();
      const comment = (text: string) =>
        write('POST', `${id}/comments`, { '@odata.type': 'microsoft.graph.security.alertComment', comment: text });
      await comment('one');
      expect((await comment('two')).json.value).toMatchObject([{ comment: 'one' }, { comment: 'two' }]);
      expect((await first()).comments).toHaveLength(2);
    });

    it.each([
      ['an unknown property', { state: 'resolved' }],
      ['an unknown status', { status: 'closed' }],
      ['an unknown classification', { classification: 'benign' }],
      ['a determination on which the documents do not agree', { determination: 'clean' }],
    ])('not be changed by %s', async (_, body) => {
      const { id } = await first();
      expect((await write('PATCH', id, body)).status).toBe(400);
    });

    it('not be changed by who may only read', async () => {
      const { id } = (await list('', 'of-fabrikam')).json.value[0];
      const answer = await write('PATCH', id, { status: 'resolved' }, 'of-fabrikam');
      expect([answer.status, answer.json.error.message]).toEqual([
        403,
        expect.stringContaining('SecurityAlert.ReadWrite.All'),
      ]);
    });
  });

  it('answers beside the alerts what it is told to, and nothing else', async () => {
    const headers = { authorization: 'Bearer of-contoso' };
    const groups = await call(`${sim.url}/v1.0/users/${ADA.userPrincipalName}/transitiveMemberOf`, { headers });
    expect(groups.json.value).toMatchObject([STAFF]);
    expect(sim.unexpected).toEqual([]);
    expect((await call(`${sim.url}/v1.0/users`, { headers })).status).toBe(404);
    expect((await call(`${sim.url}/v1.0/security/alerts_v2`, { method: 'POST', headers, body: {} })).status).toBe(404);
    expect(sim.unexpected).toHaveLength(2);
  });
});
