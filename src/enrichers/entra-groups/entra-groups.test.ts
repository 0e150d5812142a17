import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HandClock, until } from '../../../test/hand-clock.ts';
import type { AffectedUser, TenantId } from '../../domain/alert.ts';
import { HttpClient } from '../../http/http-client.ts';
import { sqlMemberships } from '../../ledger/look-ups/memberships.ts';
import { openSqlite } from '../../ledger/store/sqlite.ts';
import { Meter } from '../../observe/meter.ts';
import { Redactor } from '../../observe/redact.ts';
import { faults } from '../../simulators/fault.ts';
import { groupRoutes, type SimDirectory } from '../../simulators/graph-groups-sim.ts';
import { SimServer } from '../../simulators/sim-server.ts';
import { json, type SimRequest } from '../../simulators/wire.ts';
import { EntraGroups } from './entra-groups.ts';

const HOUR = 3_600_000;

const directory: SimDirectory = {
  users: [
    {
      id: 'AAAAAAAA-0000-4000-8000-000000000001',
      userPrincipalName: 'ada@contoso.com',
      memberOf: ['g1', 'g2'],
      roles: ['Reader'],
    },
    {
      id: 'aaaaaaaa-0000-4000-8000-000000000002',
      userPrincipalName: 'guest_fabrikam.com#EXT#@contoso.com',
      memberOf: [],
    },
  ],
  groups: [
    { id: 'g1', displayName: 'Finance', memberOf: ['g3'] },
    { id: 'g2', displayName: 'Berlin' },
    { id: 'g3', displayName: 'Staff', memberOf: ['g1'] },
    { id: 'g4', displayName: 'Others' },
  ],
};

/** Graph for one tenant: a bearer token is right or wrong. */
class Graph extends SimServer {
  token = 'token-1';
  roles: string[] | undefined;
  pageLimit = 100;

  protected answer(request: SimRequest) {
    if (request.headers.authorization !== `Bearer ${this.token}`)
      return json(401, { error: { code: 'InvalidAuthenticationToken' } });
    const { roles } = this;
    const routes = groupRoutes({ directories: { contoso: directory }, pageLimit: this.pageLimit });
    return routes(request, { tenant: 'contoso', ...(roles ? { roles } : {}) });
  }
}

let clock: HandClock;
let graph: Graph;
let http: HttpClient;
let db: Awaited<ReturnType<typeof openSqlite>>;
let groups: EntraGroups;
let lacks: string[];

beforeEach(async () => {
  clock = new HandClock();
  graph = await new Graph({ clock }).listen();
  db = await openSqlite(':memory:');
  const redactor = new Redactor();
  http = new HttpClient({
    service: 'Graph',
    origin: graph.origin,
    clock,
    meter: new Meter(),
    redactor,
    connections: 4,
  });
  lacks = [];
  groups = adapter();
});
afterEach(async () => {
  await http.close();
  await graph.stop();
  await db.destroy();
  expect(graph.unexpected).toEqual([]);
});

function adapter(): EntraGroups {
  let token = 'token-1';
  const signIn = {
    authorise: async () => `Bearer ${token}`,
    refused: async () => {
      token = 'token-2';
      return true;
    },
    mend: 'grant it',
    check: async (subject: string) => lacks.map((says) => ({ subject, level: 'error' as const, says })),
  };
  const tenant = 'contoso' as TenantId;
  return new EntraGroups({ tenant, url: graph.url, signIn, http, clock, cache: sqlMemberships(db) });
}

const ada: AffectedUser = { name: 'Ada', address: 'ada@contoso.com', origin: 'entity' };
const named = (user: Partial<AffectedUser>): AffectedUser => ({ name: 'x', origin: 'entity', ...user });

async function namesOf(user: AffectedUser, asked = groups): Promise<string[] | string> {
  const answer = await asked.groupsOf(user);
  return answer.known ? answer.groups.map(({ name }) => name) : answer.why;
}

describe("a user's groups", () => {
  it('are all, direct and nested, with ids and names, and without roles', async () => {
    expect(await groups.groupsOf(ada)).toEqual({
      known: true,
      groups: [
        { id: 'g1', name: 'Finance' },
        { id: 'g2', name: 'Berlin' },
        { id: 'g3', name: 'Staff' },
      ],
      askedAt: clock.now(),
    });
    expect(graph.journal[0]?.path).toBe(
      '/v1.0/users/ada%40contoso.com/transitiveMemberOf?$select=id,displayName&$top=999',
    );
  });

  it('are asked for by object id where there is one, and by the names of guests', async () => {
    expect(await namesOf({ ...ada, objectId: 'aaaaaaaa-0000-4000-8000-000000000001' })).toHaveLength(3);
    expect(await namesOf(named({ address: 'guest_fabrikam.com#EXT#@contoso.com' }))).toEqual([]);
    expect(graph.journal[0]?.path).toContain('/users/aaaaaaaa-');
    expect(graph.journal[1]?.path).toContain('%23ext%23');
  });

  it('are asked for by the address where the tenant does not know the id', async () => {
    const odd = { ...ada, objectId: 'ffffffff-0000-4000-8000-00000000000f' };
    expect(await namesOf(odd)).toEqual(['Finance', 'Berlin', 'Staff']);
    expect(await namesOf(odd)).toHaveLength(3);
    expect(graph.journal).toHaveLength(2);
  });

  it('come from several pages', async () => {
    graph.pageLimit = 1;
    expect(await namesOf(ada)).toEqual(['Finance', 'Berlin', 'Staff']);
    expect(graph.journal).toHaveLength(4);
  });

  it('are asked for once by many at a time, then for hours by nobody, in other processes neither', async () => {
    await Promise.all(Array.from({ length: 20 }, () => groups.groupsOf(ada)));
    clock.advance(4 * HOUR - 1);
    await adapter().groupsOf(ada);
    expect(graph.journal).toHaveLength(1);
    clock.advance(1);
    await groups.groupsOf(ada);
    expect(graph.journal).toHaveLength(2);
  });

  it('stand in with their age while Graph does not answer, for a week', async () => {
    const askedAt = clock.now();
    await groups.groupsOf(ada);
    graph.fault({}, faults.status(403, { body: {} }), { every: 1 });
    clock.advance(24 * HOUR);
    expect(await groups.groupsOf(ada)).toMatchObject({ known: true, askedAt });
    clock.advance(6 * 24 * HOUR);
    expect(await groups.groupsOf(ada)).toMatchObject({ known: false });
  });

  it('are not known of a user that the tenant does not know, who is not asked about again', async () => {
    const stranger = named({ address: 'eve@elsewhere.example' });
    expect(await namesOf(stranger)).toBe('the tenant does not know the user');
    await namesOf(stranger);
    expect(graph.journal).toHaveLength(1);
  });

  it('are not asked for without an account', async () => {
    expect(await namesOf(named({ displayName: 'Ada Lindqvist' }))).toBe('the alert gives no account of the user');
    expect(graph.journal).toEqual([]);
  });

  it.each([
    ['shown', ['SecurityAlert.Read.All']],
    ['shown with their names', ['User.Read.All']],
  ])(
    'are not %s without the permission, which is named, and others are not asked about for a while',
    async (_, roles) => {
      graph.roles = roles;
      const why = "the app may not read users' groups: it lacks GroupMember.Read.All";
      expect(await namesOf(ada)).toBe(why);
      expect(await namesOf(named({ address: 'bob@contoso.com' }))).toBe(why);
      expect(graph.journal).toHaveLength(1);
      graph.roles = ['GroupMember.Read.All'];
      clock.advance(5 * 60_000);
      expect(await namesOf(ada)).toHaveLength(3);
    },
  );

  it('are waited for when Graph is throttled for moments, and not when for longer', async () => {
    graph.fault({}, faults.status(429, { headers: { 'retry-after': '3' }, body: {} }));
    const asked = namesOf(ada);
    await until(() => clock.sleeping().includes(3_000));
    clock.advance(3_000);
    expect(await asked).toHaveLength(3);
    graph.fault({}, faults.status(429, { headers: { 'retry-after': '60' }, body: {} }));
    const bob = named({ address: 'bob@contoso.com' });
    expect(await namesOf(bob)).toBe('Graph wants no question for 60 s');
    expect(await namesOf(named({ address: 'eve@contoso.com' }))).toBe('Graph wants no question for 60 s');
    expect(graph.journal).toHaveLength(3);
    clock.advance(60_000);
    expect(await namesOf(bob)).toBe('the tenant does not know the user');
  });

  it('are asked for with a fresh token when the old one has ended', async () => {
    graph.token = 'token-2';
    expect(await namesOf(ada)).toHaveLength(3);
    expect(graph.journal.map(({ status }) => status)).toEqual([401, 200]);
  });

  it('are never followed to another server', async () => {
    const body = { value: [], '@odata.nextLink': 'https://elsewhere.example/v1.0/users' };
    graph.fault({}, faults.status(200, { body }));
    expect(await namesOf(ada)).toBe('Graph names a next page elsewhere (elsewhere.example)');
  });

  it('are tried once more after an outage of moments', async () => {
    graph.fault({}, faults.status(503, { body: {} }));
    const asked = namesOf(ada);
    await until(() => clock.sleeping().includes(500));
    clock.advance(500);
    expect(await asked).toHaveLength(3);
  });

  it('are checked by the permissions of the app, and with a user that does not exist', async () => {
    expect(await groups.check('tenant contoso')).toEqual([
      { subject: 'tenant contoso', level: 'ok', says: "users' groups can be read" },
    ]);
    lacks = ['the app has only User.Read.All'];
    expect(await groups.check('tenant contoso')).toEqual([
      { subject: 'tenant contoso', level: 'error', says: 'the app has only User.Read.All' },
    ]);
    lacks = [];
    graph.roles = [];
    expect(await groups.check('tenant contoso')).toEqual([
      {
        subject: 'tenant contoso',
        level: 'error',
        says: expect.stringContaining('Authorization_RequestDenied'),
        mend: 'grant it',
      },
    ]);
  });
});
