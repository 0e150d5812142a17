import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AlertId, dedupKeyOf, type TenantId } from '../../src/domain/alert.ts';
import type { SiteId, TicketDraft } from '../../src/domain/ticket.ts';
import { HttpClient } from '../../src/http/http-client.ts';
import { Meter } from '../../src/observe/meter.ts';
import { Redactor } from '../../src/observe/redact.ts';
import { type Fault, faults } from '../../src/simulators/fault.ts';
import type { JiraSim } from '../../src/simulators/jira/jira-sim.ts';
import { OWN_ACCOUNT } from '../../src/simulators/jira/site.ts';
import { startJiraCloudSim } from '../../src/simulators/jira-cloud-sim.ts';
import { startJiraDatacenterSim } from '../../src/simulators/jira-datacenter-sim.ts';
import { jiraCloudTracker } from '../../src/tracker/jira-cloud/jira-cloud-tracker.ts';
import { jiraDatacenterTracker } from '../../src/tracker/jira-datacenter/jira-datacenter-tracker.ts';
import type { ExistingAsk, RouteNeeds, Tracker } from '../../src/tracker/tracker.ts';
import { HandClock, until } from '../hand-clock.ts';
import { judgeIsAbsent, openApiJudge } from '../open-api-judge.ts';

const CREATE = { method: 'POST', path: /\/issue(\?|$)/ };
const SITE = 'default' as SiteId;
const route = { site: SITE, project: 'SOC', issueType: 'IT Help' };

describe.each(['cloud', 'datacenter'] as const)('the tracker on Jira %s', (edition) => {
  const clock = new HandClock();
  let sim: JiraSim;
  let http: HttpClient;
  let tracker: Tracker;
  let metadata: Map<string, { json: string; storedAt: number }>;

  beforeEach(async () => {
    metadata = new Map();
    sim =
      edition === 'cloud'
        ? await startJiraCloudSim({
            clock,
            email: 'soc@example.com',
            token: 'jira-token-1',
            gateway: { cloudId: 'c1', email: 'soc@example.com', token: 'scoped-token' },
          })
        : await startJiraDatacenterSim({ clock, token: 'jira-token-1', contextPath: '/jira' });
    tracker = trackerAt(sim.url, 'jira-token-1');
  });

  afterEach(async () => {
    expect(sim.unexpected).toEqual([]);
    await http.close();
    await sim.stop();
  });

  function trackerAt(url: string, token: string): Tracker {
    http = new HttpClient({
      service: 'Jira',
      origin: new URL(url).origin,
      clock,
      meter: new Meter(),
      redactor: new Redactor(),
      connections: 8,
    });
    const cache = {
      load: async (site: string, key: string) => metadata.get(`${site} ${key}`),
      store: async (site: string, key: string, json: string, at: number) =>
        void metadata.set(`${site} ${key}`, { json, storedAt: at }),
    };
    const auth =
      edition === 'cloud'
        ? ({ kind: 'email-token', email: 'soc@example.com', token } as const)
        : ({ kind: 'personal-access-token', token } as const);
    const parts = { site: { site: SITE, url, auth }, http, clock, metadata: cache, random: () => 0.5 };
    return edition === 'cloud' ? jiraCloudTracker(parts) : jiraDatacenterTracker(parts);
  }

  const draft = (id: string, more: Partial<TicketDraft> = {}): TicketDraft => ({
    dedupKey: dedupKeyOf('contoso' as TenantId, id as AlertId),
    route,
    summary: 'Impossible travel',
    description: { blocks: [{ kind: 'paragraph', content: [{ kind: 'text', text: 'What happened' }] }] },
    labels: ['defender'],
    fields: {},
    tenant: 'contoso',
    alertId: id,
    ...more,
  });

  const needs = (fields: RouteNeeds['fields'], more: Partial<RouteNeeds> = {}): RouteNeeds => ({
    route,
    fields,
    priorities: [],
    labels: [],
    ...more,
  });

  /** Asked by a ledger that is known to lack issues. */
  const ask = (...ids: string[]): ExistingAsk => ({
    keys: ids.map((id) => intent(id).dedupKey),
    since: clock.now(),
    thorough: true,
    projects: [],
  });

  const intent = (id: string, more: object = {}) => ({
    dedupKey: dedupKeyOf('contoso' as TenantId, id as AlertId),
    route,
    attempt: 1,
    sentAt: clock.now(),
    ...more,
  });

  const ownHeaders = () => ({ 'X-AAccountId': OWN_ACCOUNT.accountId, 'X-AUSERNAME': OWN_ACCOUNT.name });

  it('creates an issue with its identity in the same call, and knows where people open it', async () => {
    const created = await tracker.create(draft('a1', { priority: 'High' }));
    expect(created).toEqual({
      outcome: 'created',
      notes: [],
      ticket: { id: expect.any(String), key: 'SOC-1', url: `${sim.url}/browse/SOC-1` },
    });
    const [issue] = sim.issues();
    expect(issue?.labels).toEqual(['defender', 'casewire', expect.stringMatching(/^casewire-[0-9a-f]{32}$/)]);
    expect(issue?.properties['casewire.alert']).toMatchObject({
      v: 1,
      tenant: 'contoso',
      alert: 'a1',
      key: issue?.labels[2],
    });
    expect(sim.requests(CREATE.path, 'POST')).toHaveLength(1);
  });

  const outcomes: [string, Fault, object][] = [
    [
      '429 with Retry-After',
      faults.status(429, { headers: { 'Retry-After': '7' }, body: {} }),
      { outcome: 'not-sent', retryAfterMs: 7_000 },
    ],
    ['429 without a word', faults.status(429, { body: {} }), { outcome: 'not-sent', retryAfterMs: 5_000 }],
    [
      '400 in words',
      faults.status(400, { body: { errorMessages: ['No.'], errors: {} } }),
      { outcome: 'refused', why: 'Jira answered 400: No.' },
    ],
    ['401', faults.status(401, { body: {} }), { outcome: 'unauthorised' }],
    ['403', faults.status(403, { body: { errorMessages: ['Not allowed'] } }), { outcome: 'refused' }],
    ['404', faults.status(404, { body: { errorMessages: ['Gone'] } }), { outcome: 'refused' }],
    ['409', faults.status(409, { body: {} }), { outcome: 'unknown' }],
    ['500', faults.status(500, { body: {} }), { outcome: 'unknown' }],
    ['503 with a page', faults.status(503, { html: '<h1>no</h1>' }), { outcome: 'unknown' }],
    ['302', faults.redirect('http://127.0.0.1:9/'), { outcome: 'unknown' }],
    ['201 without an issue', faults.status(201, { body: {} }), { outcome: 'unknown' }],
    ['408 with a page', faults.status(408, { html: '<h1>Too slow</h1>' }), { outcome: 'unknown' }],
    [
      '500 to nobody',
      faults.status(500, { headers: { 'X-Seraph-LoginReason': 'AUTHENTICATED_FAILED' }, body: {} }),
      { outcome: 'unknown' },
    ],
    [
      '400 to nobody',
      faults.status(400, {
        headers: { 'X-Seraph-LoginReason': 'AUTHENTICATED_FAILED' },
        body: { errorMessages: ['No.'] },
      }),
      { outcome: 'unauthorised' },
    ],
    [
      '403 until a person logs in',
      faults.status(403, { headers: { 'X-Authentication-Denied-Reason': 'CAPTCHA_CHALLENGE' }, body: {} }),
      { outcome: 'unauthorised', mend: expect.stringContaining('browser') },
    ],
    [
      '201 to another account',
      faults.status(201, {
        headers: { 'X-AAccountId': 'somebody', 'X-AUSERNAME': 'somebody' },
        body: { id: '10000', key: 'SOC-1' },
      }),
      { outcome: 'unknown' },
    ],
    ['a page, with nothing to leave out', faults.status(403, { html: '<h1>Blocked</h1>' }), { outcome: 'refused' }],
    ['a reset', faults.reset(), { outcome: 'unknown' }],
    ['a lost answer', faults.loseAnswer(), { outcome: 'unknown' }],
    ['half an answer', faults.truncate({ contentLength: true }), { outcome: 'unknown' }],
  ];

  it.each(outcomes)('sorts %s', async (_, fault, outcome) => {
    sim.fault(CREATE, fault, { times: 5 });
    expect(await tracker.create(draft('a1'))).toMatchObject(outcome);
    expect(sim.requests(CREATE.path, 'POST')).toHaveLength(1);
  });

  it('gives a create up at its deadline, not knowing what became of it', async () => {
    await tracker.create(draft('a0'));
    sim.fault(CREATE, faults.hang());
    const hanging = tracker.create(draft('a1'));
    await until(() => sim.requests(CREATE.path, 'POST').length === 2);
    clock.advance(30_000);
    expect(await hanging).toMatchObject({ outcome: 'unknown' });
  });

  it('knows that nothing was sent when the site cannot be reached', async () => {
    await tracker.create(draft('a0'));
    const { url } = sim;
    await sim.stop();
    expect(await trackerAt(url, 'jira-token-1').create(draft('a1'))).toMatchObject({ outcome: 'not-sent' });
    sim =
      edition === 'cloud'
        ? await startJiraCloudSim({ clock, email: 'x@y.z', token: 't' })
        : await startJiraDatacenterSim({ clock, token: 't' });
  });

  it('sends once more without the raw record when a page refused the first', async () => {
    sim.fault(CREATE, faults.status(400, { html: '<h1>Blocked</h1>' }), { times: 1 });
    const blocks = [{ kind: 'verbatim', title: 'Raw', language: 'json', text: '{"attack":"<script>"}' }] as const;
    expect(await tracker.create(draft('a1', { description: { blocks } }))).toMatchObject({
      outcome: 'created',
      notes: [expect.stringContaining('raw record is left out')],
    });
    expect(sim.requests(CREATE.path, 'POST')).toHaveLength(2);
  });

  it('asks for metadata once, and anew when Jira refuses a field', async () => {
    await tracker.create(draft('a1'));
    await tracker.create(draft('a2'));
    expect(sim.requests(/createmeta/)).toHaveLength(2);
    expect(sim.requests(/myself/)).toHaveLength(1);
    const other = trackerAt(sim.url, 'jira-token-1');
    await other.create(draft('a3'));
    expect(sim.requests(/createmeta/)).toHaveLength(2);
    sim.fault(CREATE, faults.status(400, { body: { errorMessages: [], errors: { customfield_10107: 'No.' } } }), {
      times: 1,
    });
    expect(await other.create(draft('a4', { fields: { 'Alert URI': 'https://x.example' } }))).toMatchObject({
      outcome: 'refused',
      why: expect.stringContaining('Alert URI: No.'),
    });
    expect(sim.requests(/createmeta/)).toHaveLength(4);
  });

  it('types every field by the metadata, and leaves out with a note what does not fit', async () => {
    const fields = {
      'Alert URI': 'https://x.example/a',
      'Affected User': 'jane@contoso.com',
      'IP Report': 'line 1\nline 2',
      Customer: 'contoso',
      Surfaces: 'Mail, Files',
      Category: 'Intrusion > Account',
      Components: 'Cloud',
      Tags: 'a b, c',
      'Abuse score': '87',
      'Raised on': '2026-11-23',
      'Raised at': '2026-11-23T07:00:00Z',
      Analyst: 'mira@example.com',
    };
    expect(await tracker.create(draft('a1', { fields }))).toMatchObject({ outcome: 'created', notes: [] });
    const odd = await tracker.create(draft('a2', { fields: { Customer: 'nobody', 'Abuse score': 'high' } }));
    expect(odd).toMatchObject({
      outcome: 'created',
      notes: [expect.stringContaining('"nobody" is not an option'), expect.stringContaining('not a number')],
    });
  });

  it('adds mapped labels to the identity', async () => {
    await tracker.create(draft('a1', { fields: { Labels: 'extra, defender' } }));
    expect(sim.issues()[0]?.labels).toEqual(['defender', 'casewire', expect.stringMatching(/^casewire-/), 'extra']);
  });

  it('makes the issue without a user whom it may not look up, and waits where Jira asks it to', async () => {
    sim.fault({ path: /\/user\/search/ }, faults.status(403, { body: { errorMessages: ['No.'] } }));
    expect(await tracker.create(draft('a1', { fields: { Analyst: 'theo@example.com' } }))).toMatchObject({
      outcome: 'created',
      notes: [expect.stringContaining('no Jira user')],
    });
    sim.fault({ path: /\/user\/search/ }, faults.status(429, { headers: { 'Retry-After': '9' }, body: {} }));
    expect(await tracker.create(draft('a2', { fields: { Analyst: 'mira@example.com' } }))).toMatchObject({
      outcome: 'not-sent',
      retryAfterMs: 9_000,
    });
    expect(sim.issues()).toHaveLength(1);
  });

  it('asks for metadata once for all who were refused at once', async () => {
    await tracker.create(draft('a0'));
    clock.advance(120_000);
    const body = { errorMessages: [], errors: { customfield_10107: 'No.' } };
    sim.fault(CREATE, faults.status(400, { body }), { times: 20 });
    const ids = Array.from({ length: 10 }, (_, n) => `b${n}`);
    await Promise.all(ids.map((id) => tracker.create(draft(id, { fields: { 'Alert URI': 'https://x.example' } }))));
    expect(sim.requests(/createmeta/)).toHaveLength(4);
    expect(sim.requests(CREATE.path, 'POST')).toHaveLength(11);
  });

  it('sends once more, with what the screen takes now, after a field was refused', async () => {
    const fields = { 'Alert URI': 'https://x.example', Customer: 'contoso' };
    await tracker.create(draft('a0', { fields }));
    clock.advance(120_000);
    const field = sim.site.field('customfield_10120');
    if (field) field.choices = field.choices.map((choice) => ({ ...choice, id: `${choice.id}9` }));
    expect(await tracker.create(draft('a1', { fields }))).toMatchObject({ outcome: 'created', notes: [] });
    expect(sim.requests(CREATE.path, 'POST')).toHaveLength(3);
    expect(sim.issues()).toHaveLength(2);
  });

  it('makes no call at all while a quota is spent', async () => {
    await tracker.create(draft('a0'));
    const headers = { 'RateLimit-Reason': 'jira-quota-tenant-based', 'Retry-After': '60' };
    sim.fault({ path: /\/search/ }, faults.status(429, { headers, body: {} }));
    await expect(tracker.findExisting(ask('a1'))).rejects.toMatchObject({ kind: 'rate-limited' });
    const calls = sim.journal.length;
    expect(await tracker.create(draft('a1'))).toMatchObject({ outcome: 'not-sent', retryAfterMs: 60_000 });
    expect(await tracker.turn('contoso', 1_000)).toEqual({ busyForMs: 60_000 });
    expect(sim.journal).toHaveLength(calls);
  });

  it.each([
    ['absent', needs([{ name: 'Alert URL' }]), /no field "Alert URL"/],
    ['ambiguous', needs([{ name: 'Team' }]), /more than one field/],
    ['one field under two names', needs([{ name: 'Alert URI' }, { name: 'customfield_10107' }]), /are one field/],
    ['a constant that is no option', needs([{ name: 'Customer', constant: 'nobody' }]), /not an option/],
    ['an unknown priority', needs([], { priorities: ['Urgent'] }), /priority "Urgent"/],
    ['an unknown issue type', needs([], { route: { ...route, issueType: 'Crisis' } }), /no issue type "Crisis"/],
    ['an unknown project', needs([], { route: { ...route, project: 'NONE' } }), /project "NONE"/],
  ])('finds before the first create: %s', async (_, need, says) => {
    const problems = await tracker.examine(need);
    expect(problems[0]).toMatchObject({
      level: 'error',
      says: expect.stringMatching(says),
      mend: expect.stringMatching(/./),
    });
  });

  it('finds a field that left the screen, a required one that nothing fills, and believes the mend at once', async () => {
    const type = sim.issueType('SOC', 'IT Help');
    type.screen.delete('customfield_10107');
    type.required.add('customfield_10112');
    const need = needs([{ name: 'Alert URI' }]);
    expect((await tracker.examine(need)).map(({ says }) => says).join()).toMatch(/not on the create screen.*required/s);
    type.screen.add('customfield_10107');
    type.required.delete('customfield_10112');
    expect(await trackerAt(sim.url, 'jira-token-1').examine(need)).toEqual([]);
  });

  it('finds a lost issue by key while search lags, by search after a gap, and says when it sees none', async () => {
    sim.searchLags(60_000);
    await tracker.create(draft('a1'));
    sim.fault(CREATE, faults.loseAnswer());
    await tracker.create(draft('a2'));
    const [near, none] = await tracker.lookFor([
      intent('a2', { highestNumber: 1 }),
      intent('a9', { highestNumber: 1 }),
    ]);
    expect(near?.tickets.map(({ key }) => key)).toEqual(['SOC-2']);
    expect(none?.tickets).toEqual([]);
    sim.skipNumbers('SOC', 500);
    sim.fault(CREATE, faults.loseAnswer());
    await tracker.create(draft('a3'));
    expect((await tracker.lookFor([intent('a3', { highestNumber: 2 })]))[0]?.tickets).toEqual([]);
    clock.advance(60_000);
    const [far] = await tracker.lookFor([intent('a3', { highestNumber: 2 })]);
    expect(far?.tickets.map(({ key }) => key)).toEqual(['SOC-503']);
  });

  it('finds a twin of an earlier attempt, below the numbers known when the later one left', async () => {
    await tracker.create(draft('a1'));
    await tracker.create(draft('a0'));
    await tracker.create(draft('a1'));
    const [found] = await tracker.lookFor([intent('a1', { attempt: 2, highestNumber: 2 })]);
    expect(found?.tickets.map(({ key }) => key)).toEqual(['SOC-1', 'SOC-3']);
  });

  it('probes the last hundred numbers where none is known, and by the key where the project is named by its id', async () => {
    await tracker.create(draft('a0'));
    clock.advance(60_000);
    sim.searchLags(60_000);
    sim.fault(CREATE, faults.loseAnswer());
    await tracker.create(draft('a1'));
    const [byKey] = await tracker.lookFor([intent('a1')]);
    expect(byKey?.tickets.map(({ key }) => key)).toEqual(['SOC-2']);
    const id = sim.site.project('SOC')?.id;
    const [byId] = await tracker.lookFor([intent('a1', { route: { ...route, project: id }, highestNumber: 1 })]);
    expect(byId?.tickets.map(({ key }) => key)).toEqual(['SOC-2']);
  });

  it('looks by property for one issue type and by label for another of the same project', async () => {
    sim.issueType('SOC', 'Task').screen.delete('labels');
    const task = { ...route, issueType: 'Task' };
    await tracker.create(draft('a0'));
    sim.skipNumbers('SOC', 500);
    await tracker.create(draft('a1'));
    await tracker.create(draft('a2', { route: task }));
    const found = await tracker.lookFor([
      intent('a1', { highestNumber: 1 }),
      intent('a2', { route: task, highestNumber: 1 }),
    ]);
    expect(found.map(({ tickets }) => tickets.map(({ key }) => key))).toEqual([['SOC-502'], ['SOC-503']]);
  });

  it('takes nothing for absent in a project that the account may no longer see', async () => {
    await tracker.create(draft('a0'));
    sim.site.permissions.delete('BROWSE_PROJECTS');
    await expect(tracker.lookFor([intent('a9', { highestNumber: 1 })])).rejects.toMatchObject({
      kind: 'refused',
      details: { mend: expect.stringContaining('Browse Projects') },
    });
  });

  it('asks who it is after an empty look where answers name no account, and believes no revoked credentials', async () => {
    const myself = { accountId: 'own', name: 'own', displayName: 'Casewire' };
    const none = { issues: [], isLast: true, total: 0 };
    sim.fault({ path: /\/myself/ }, faults.status(200, { body: myself }), { times: 1 });
    sim.fault({ path: /\/search/ }, faults.status(200, { body: none }), { times: 5 });
    sim.fault({ path: /\/myself/ }, faults.status(401, { body: {} }), { times: 5 });
    await expect(tracker.findExisting(ask('a1'))).rejects.toMatchObject({ kind: 'unauthorised' });
  });

  it('knows its account in a header that is percent-encoded', async () => {
    const named = { accountId: 'a:B', name: 'a:B', displayName: 'Casewire' };
    const header = { 'X-AAccountId': 'a%3AB', 'X-AUSERNAME': 'a%3Ab' };
    sim.fault({ path: /\/myself/ }, faults.status(200, { body: named, headers: header }));
    sim.fault(
      { path: /\/search/ },
      faults.status(200, { body: { issues: [], isLast: true, total: 0 }, headers: header }),
    );
    const sightings = await tracker.findExisting({ ...ask('a1'), thorough: false });
    expect(sightings.flatMap(({ tickets }) => tickets)).toEqual([]);
  });

  it('ends a search that goes round in circles', async () => {
    await tracker.create(draft('a0'));
    sim.skipNumbers('SOC', 500);
    const page = { issues: [], nextPageToken: 'again', startAt: 0, total: 5 };
    sim.fault({ path: /\/search/ }, faults.status(200, { body: page, headers: ownHeaders() }), { times: 200 });
    const looking = tracker.lookFor([intent('a1', { highestNumber: 1 })]);
    if (edition === 'cloud') await expect(looking).rejects.toMatchObject({ kind: 'malformed' });
    else expect((await looking)[0]?.tickets).toEqual([]);
  });

  it('names twins lowest id first', async () => {
    await tracker.create(draft('a1'));
    await tracker.create(draft('a1'));
    const [found] = await tracker.lookFor([intent('a1')]);
    expect(found?.tickets.map(({ key }) => key)).toEqual(['SOC-1', 'SOC-2']);
  });

  it('does not take an answer to nobody for "not there"', async () => {
    await tracker.create(draft('a1'));
    sim.servesStrangers = true;
    const stranger = trackerAt(sim.url, 'wrong-token');
    await expect(stranger.lookFor([intent('a1', { highestNumber: 0 })])).rejects.toMatchObject({
      kind: 'unauthorised',
    });
  });

  it('finds an issue by its property where labels are not on the screen', async () => {
    sim.issueType('SOC', 'IT Help').screen.delete('labels');
    await tracker.create(draft('a0'));
    sim.skipNumbers('SOC', 500);
    sim.fault(CREATE, faults.loseAnswer());
    await tracker.create(draft('a1'));
    const [found] = await tracker.lookFor([intent('a1', { highestNumber: 1 })]);
    expect(found?.tickets.map(({ key }) => key)).toEqual(['SOC-502']);
    expect((await tracker.examine(needs([])))[0]).toMatchObject({
      level: 'warning',
      says: expect.stringContaining('property alone'),
    });
  });

  it('finds what was raised after it had looked in vain, as a fail-over without a restart needs', async () => {
    const ticketsOf = async () => (await tracker.findExisting(ask('a1', 'a2'))).map(({ tickets }) => tickets.length);
    expect(await ticketsOf()).toEqual([0, 0]);
    await trackerAt(sim.url, 'jira-token-1').create(draft('a1'));
    expect(await ticketsOf()).toEqual([1, 0]);
  });

  it('searches once for all who ask while another search is under way', async () => {
    await tracker.create(draft('a3'));
    const searches = () => sim.requests(/\/search/).length;
    const before = searches();
    const ids = Array.from({ length: 20 }, (_, n) => `a${n}`);
    const each = await Promise.all(ids.map((id) => tracker.findExisting({ ...ask(id), thorough: false })));
    expect(each.flat().filter(({ tickets }) => tickets.length > 0)).toMatchObject([
      { dedupKey: intent('a3').dedupKey },
    ]);
    // The second search for all but the first; the third for comments, since an issue was found.
    expect(searches() - before).toBeLessThanOrEqual(3);
  });

  it('says how the site stands, in one line a finding', async () => {
    sim.site.permissions.delete('CREATE_ISSUES');
    const lines = await tracker.check([needs([{ name: 'Alert URI' }])]);
    expect(lines.filter(({ level }) => level === 'error')).toEqual([
      expect.objectContaining({ says: expect.stringContaining('CREATE_ISSUES'), mend: expect.stringMatching(/./) }),
    ]);
    const wrong = await trackerAt(sim.url, 'wrong').check([needs([])]);
    expect(wrong).toEqual([expect.objectContaining({ level: 'error', mend: expect.stringMatching(/credentials/) })]);
  });

  it('names the edition, a clock that is off, and credentials as they are now', async () => {
    await tracker.check([needs([])]);
    const info = {
      deploymentType: edition === 'cloud' ? 'Server' : 'Cloud',
      serverTime: '2026-11-23T09:00:00.000+0000',
    };
    sim.fault({ path: /\/serverInfo/ }, faults.status(200, { body: info }));
    sim.fault({ path: /\/myself/ }, faults.status(401, { body: {} }), { after: 1 });
    const lines = await tracker.check([needs([])]);
    expect(lines.map(({ level, says }) => `${level}: ${says}`).join('\n')).toMatch(
      /error: .*configuration says.*warning: .*clock/s,
    );
    expect(await tracker.check([needs([])])).toEqual([expect.objectContaining({ level: 'error' })]);
  });

  it.runIf(edition === 'cloud')('works through the gateway, and its links still go to the site', async () => {
    const { gatewayUrl } = sim as unknown as { gatewayUrl: string };
    const created = await trackerAt(gatewayUrl, 'scoped-token').create(draft('a1'));
    expect(created).toMatchObject({ outcome: 'created', ticket: { url: `${sim.url}/browse/SOC-1` } });
  });

  it.skipIf(edition !== 'cloud' || judgeIsAbsent !== undefined)(
    `speaks as Atlassian's OpenAPI says${judgeIsAbsent ? ` (skipped: ${judgeIsAbsent})` : ''}`,
    async () => {
      const { judge } = await openApiJudge();
      await tracker.check([needs([{ name: 'Alert URI' }])]);
      await tracker.create(draft('a1', { fields: { Analyst: 'mira@example.com', 'Alert URI': 'https://x.example' } }));
      await tracker.lookFor([intent('a1'), intent('a2')]);
      await tracker.findExisting(ask('a1'));
      expect(sim.journal.flatMap(judge)).toEqual([]);
    },
  );
});
