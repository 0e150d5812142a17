import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HandClock } from '../../test/hand-clock.ts';
import { judgeIsAbsent, openApiJudge } from '../../test/open-api-judge.ts';
import { basic, call } from '../../test/sim-client.ts';
import { PUBLISHED_BURST } from './jira/burst-limiter.ts';
import { type JiraCloudSim, startJiraCloudSim } from './jira-cloud-sim.ts';

const EMAIL = 'soc@example.com';
const own = basic(EMAIL, 'token');

let clock: HandClock;
let sim: JiraCloudSim;

beforeEach(async () => {
  clock = new HandClock();
  sim = await startJiraCloudSim({
    clock,
    email: EMAIL,
    token: 'token',
    gateway: { cloudId: 'c1', email: EMAIL, token: 'scoped' },
  });
});
afterEach(() => sim.stop());

const api = (path: string) => `${sim.url}/rest/api/3/${path}`;
const get = (path: string) => call(api(path), { headers: own });
const send = (method: string, path: string, body: unknown) => call(api(path), { method, headers: own, body });
const post = (path: string, body: unknown) => send('POST', path, body);

const paragraph = (text: string) => ({ type: 'paragraph', content: [{ type: 'text', text }] });
const doc = (...content: unknown[]) => ({ type: 'doc', version: 1, content });
function anIssue(more: Record<string, unknown> = {}, properties?: unknown) {
  const fields = { project: { key: 'SOC' }, issuetype: { name: 'IT Help' }, summary: 'Impossible travel', ...more };
  return { fields, ...(properties === undefined ? {} : { properties }) };
}

describe('the simulated Jira Cloud, asked to create', () => {
  it('numbers the issue and keeps fields, labels and properties', async () => {
    const answer = await post(
      'issue',
      anIssue({ labels: ['casewire', 'casewire-1'], description: doc(paragraph('Hello')) }, [
        { key: 'casewire.alert', value: { key: 'casewire-1' } },
      ]),
    );
    expect(answer.status).toBe(201);
    expect(answer.json).toEqual({ id: '10000', key: 'SOC-1', self: `${api('issue/10000')}` });
    expect(answer.headers.get('x-aaccountid')).toMatch(/^712020:/);
    expect(sim.issues()).toMatchObject([
      {
        id: '10000',
        key: 'SOC-1',
        labels: ['casewire', 'casewire-1'],
        properties: { 'casewire.alert': { key: 'casewire-1' } },
      },
    ]);
  });

  const cells = (...content: unknown[]) => doc({ type: 'table', content: [{ type: 'tableRow', content }] });
  const good: [string, Record<string, unknown>][] = [
    ['a url', { customfield_10107: 'https://example.com/a?b=c' }],
    ['a line', { customfield_10108: 'jane@contoso.com' }],
    ['a text area', { customfield_10109: doc(paragraph('x')) }],
    ['a select by value', { customfield_10120: { value: 'contoso' } }],
    ['several choices', { customfield_10121: [{ value: 'Mail' }, { value: 'Files' }] }],
    ['labels of its own', { customfield_10122: ['a', 'b'] }],
    ['a number', { customfield_10123: 99.5 }],
    ['a date', { customfield_10124: '2026-11-24' }],
    ['an instant', { customfield_10125: '2026-11-24T14:39:00.000+0000' }],
    ['a user', { customfield_10126: { accountId: '5b10a2844c20165700ede21a' } }],
    ['a cascade', { customfield_10127: { value: 'Intrusion', child: { value: 'Account' } } }],
    ['a priority', { priority: { name: 'Highest' } }],
    ['a component', { components: [{ name: 'Cloud' }] }],
    ['nothing', { customfield_10108: null }],
    ['a table', { description: cells({ type: 'tableHeader', attrs: {}, content: [paragraph('IP')] }) }],
  ];
  it.each(good)('takes %s', async (_, fields) => {
    expect((await post('issue', anIssue(fields))).text).toContain('SOC-1');
  });

  const bad: [string, Record<string, unknown>, string, RegExp][] = [
    ['a summary of two lines', { summary: 'a\nb' }, 'summary', /newline/],
    ['a summary of 256 characters', { summary: 'x'.repeat(256) }, 'summary', /less than 255/],
    ['no summary', { summary: undefined }, 'summary', /must specify a summary/],
    ['a label with a space', { labels: ['a b'] }, 'labels', /The label 'a b' contains spaces/],
    [
      'a field that is not on the screen',
      { customfield_10132: 'x' },
      'customfield_10132',
      /not on the appropriate screen/,
    ],
    ['an unknown field', { customfield_99999: 'x' }, 'customfield_99999', /or unknown/],
    ['a description in plain text', { description: 'hello' }, 'description', /Atlassian Document/],
    ['an empty text node', { description: doc(paragraph('')) }, 'description', /empty text/],
    ['an unknown node', { description: doc({ type: 'macro' }) }, 'description', /macro in doc/],
    [
      'a heading of level 7',
      { description: doc({ type: 'heading', attrs: { level: 7 } }) },
      'description',
      /attrs of heading/,
    ],
    [
      'marks in a code block',
      { description: doc({ type: 'codeBlock', content: [{ type: 'text', text: 'x', marks: [] }] }) },
      'description',
      /marks in codeBlock/,
    ],
    ['a text that is too long', { description: doc(paragraph('x'.repeat(32_700))) }, 'description', /32,767/],
    ['a line of 256 characters', { customfield_10108: 'x'.repeat(256) }, 'customfield_10108', /255/],
    ['a number as text', { customfield_10123: '99' }, 'customfield_10123', /number/],
    ['a day that does not exist', { customfield_10124: '2026-02-30' }, 'customfield_10124', /date/],
    ['an instant without an offset', { customfield_10125: '2026-11-24T14:39:00' }, 'customfield_10125', /time/],
    ['an unknown choice', { customfield_10120: { value: 'adatum' } }, 'customfield_10120', /not valid/],
    ['one choice where a list is due', { customfield_10121: { value: 'Mail' } }, 'customfield_10121', /array/],
    [
      'a child of another parent',
      { customfield_10127: { value: 'Fraud', child: { value: 'Account' } } },
      'customfield_10127',
      /not valid/,
    ],
    ['an unknown priority', { priority: { name: 'P0' } }, 'priority', /priority selected is invalid/],
    ['a component as text', { components: ['Cloud'] }, 'components', /'id' or 'name'/],
    ['a user by login', { customfield_10126: { name: 'mira' } }, 'customfield_10126', /accountId/],
    ['something that is no URL', { customfield_10107: 'not a url' }, 'customfield_10107', /URL/],
    ['an unknown issue type', { issuetype: { name: 'Epic' } }, 'issuetype', /issue type selected/],
    ['an unknown project', { project: { key: 'NOPE' } }, 'project', /valid project/],
  ];
  it.each(bad)('refuses %s', async (_, fields, name, words) => {
    const answer = await post('issue', anIssue(fields));
    expect(answer.status).toBe(400);
    expect(answer.json.errors[name]).toMatch(words);
    expect(sim.issues()).toEqual([]);
  });

  it('refuses an unknown key, an oversized property and another content type', async () => {
    expect((await post('issue', { ...anIssue(), field: {} })).status).toBe(400);
    const large = [{ key: 'casewire.alert', value: 'x'.repeat(32_768) }];
    expect((await post('issue', anIssue({}, large))).status).toBe(400);
    expect((await post('issue', '{"fields":')).status).toBe(400);
    const headers = { ...own, 'content-type': 'text/plain' };
    const answer = await call(api('issue'), { method: 'POST', headers, body: JSON.stringify(anIssue()) });
    expect(answer.status).toBe(415);
    expect(sim.issues()).toEqual([]);
  });

  it('refuses what a changed screen, rule or permission forbids', async () => {
    sim.issueType('SOC', 'IT Help').screen.delete('labels');
    expect((await post('issue', anIssue({ labels: ['a'] }))).json.errors.labels).toMatch(/screen/);
    sim.issueType('SOC', 'IT Help').required.add('customfield_10120');
    expect((await post('issue', anIssue())).json.errors).toEqual({ customfield_10120: 'Customer is required.' });
    sim.site.permissions.delete('CREATE_ISSUES');
    expect((await post('issue', anIssue())).status).toBe(403);
  });

  it('leaves numbers out on request', async () => {
    sim.skipNumbers('SOC', 5);
    sim.site.gapEvery = 7;
    expect((await post('issue', anIssue())).json.key).toBe('SOC-6');
    expect((await post('issue', anIssue())).json.key).toBe('SOC-8');
  });
});

describe('the simulated Jira Cloud, asked what it has', () => {
  beforeEach(async () => {
    for (const number of [1, 2, 3])
      await post(
        'issue',
        anIssue({ labels: ['casewire', `casewire-${number}`] }, [
          { key: 'casewire.alert', value: { key: `casewire-${number}` } },
        ]),
      );
  });

  const keys = (answer: { json: { issues: { key: string }[] } }) => answer.json.issues.map(({ key }) => key);
  const search = (jql: string, more = {}) => post('search/jql', { jql, fields: ['labels'], ...more });

  it('searches by label, project, category, key and time', async () => {
    expect(keys(await search('labels = "casewire-2"'))).toEqual(['SOC-2']);
    expect(keys(await search('project = "SOC" AND labels in ("casewire-1", "casewire-3") ORDER BY key ASC'))).toEqual([
      'SOC-1',
      'SOC-3',
    ]);
    expect(keys(await search('project = SOC order by key desc', { maxResults: 1 }))).toEqual(['SOC-3']);
    expect(keys(await search('(key = SOC-1 OR key = SOC-2) AND statusCategory != Done'))).toEqual(['SOC-2', 'SOC-1']);
    clock.advance(20 * 60_000);
    await post('issue/SOC-1/transitions', { transition: { id: '31' }, fields: { resolution: { name: 'Done' } } });
    expect(keys(await search('statusCategory = Done AND updated >= -15m'))).toEqual(['SOC-1']);
    expect(keys(await search('labels = casewire AND resolution is EMPTY'))).toEqual(['SOC-3', 'SOC-2']);
  });

  it('leaves issues without the field out of both = and !=, as Jira does', async () => {
    await post('issue/SOC-1/transitions', { transition: { id: '31' }, fields: { resolution: { name: 'Done' } } });
    expect(keys(await search('project = SOC AND resolution != Duplicate'))).toEqual(['SOC-1']);
    expect(keys(await search('project = SOC AND resolution not in (Done)'))).toEqual([]);
    expect(keys(await search('project = SOC AND (resolution is EMPTY OR resolution != Done)'))).toEqual([
      'SOC-3',
      'SOC-2',
    ]);
    expect(keys(await search('project = SOC AND NOT labels = "casewire-1" ORDER BY created ASC, key DESC'))).toEqual([
      'SOC-3',
      'SOC-2',
    ]);
  });

  it('pages by token until the last', async () => {
    const first = await search('project = SOC order by key asc', { maxResults: 2 });
    expect(first.json).toMatchObject({ isLast: false, nextPageToken: expect.any(String) });
    const second = await search('project = SOC order by key asc', {
      maxResults: 2,
      nextPageToken: first.json.nextPageToken,
    });
    expect([...keys(first), ...keys(second)]).toEqual(['SOC-1', 'SOC-2', 'SOC-3']);
    expect(second.json).toMatchObject({ isLast: true });
    expect(second.json).not.toHaveProperty('total');
  });

  it('refuses unbounded, unknown and misspelt queries', async () => {
    for (const jql of [
      '',
      'order by key',
      'project = NOPE',
      'colour = red',
      'labels = ',
      'labels in ("a"',
      'issue.property[a].b = "c"',
      'key = SOC-99',
    ])
      expect((await search(jql)).status, jql).toBe(400);
    expect((await search('project = SOC', { startAt: 0 })).status).toBe(400);
    expect((await post('search', { jql: 'project = SOC' })).status).toBe(410);
  });

  it('lets search lag behind while reads by key do not', async () => {
    sim.searchLags(90_000);
    const { key, id } = (await post('issue', anIssue({ labels: ['late'] }))).json;
    clock.advance(89_000);
    expect(keys(await search('labels = late'))).toEqual([]);
    expect(keys(await search('labels = late', { reconcileIssues: [Number(id)] }))).toEqual([key]);
    expect((await get(`issue/${key}`)).status).toBe(200);
    clock.advance(1_000);
    expect(keys(await search('labels = late'))).toEqual([key]);
  });

  it('fetches many by key and names those that it does not show', async () => {
    sim.hide('SOC-2');
    const answer = await post('issue/bulkfetch', {
      issueIdsOrKeys: ['SOC-1', 'SOC-2', 'SOC-9'],
      fields: ['labels'],
      properties: ['casewire.alert'],
    });
    expect(answer.json.issues).toMatchObject([
      { key: 'SOC-1', properties: { 'casewire.alert': { key: 'casewire-1' } } },
    ]);
    expect(answer.json.issueErrors.map(({ id }: { id: string }) => id)).toEqual(['SOC-2', 'SOC-9']);
    expect((await get('issue/SOC-2')).status).toBe(404);
  });

  it('tells the judge of twins', async () => {
    await post('issue', anIssue({ labels: ['casewire', 'casewire-2'] }));
    expect(sim.twins()).toEqual([{ identity: 'casewire-2', keys: ['SOC-2', 'SOC-4'] }]);
  });

  it('shows an issue as a page on which nothing of it is markup', async () => {
    const hostile = '<script>alert(1)</script>';
    await post('issue', anIssue({ summary: hostile, description: doc(paragraph(hostile)) }));
    const page = await call(`${sim.url}/browse/SOC-4`);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page.text).not.toContain('<script');
    expect((await call(`${sim.url}/`)).text).toContain('4 issues');
  });
});

describe('the simulated Jira Cloud, asked by somebody else', () => {
  it('refuses wrong credentials, or serves them as nobody, and says so either way', async () => {
    await post('issue', anIssue());
    const stranger = { headers: basic(EMAIL, 'expired') };
    const refused = await call(api('myself'), stranger);
    expect([refused.status, refused.headers.get('x-seraph-loginreason')]).toEqual([401, 'AUTHENTICATED_FAILED']);
    sim.servesStrangers = true;
    const found = await call(api('search/jql'), { ...stranger, method: 'POST', body: { jql: 'project = SOC' } });
    expect(found.json).toEqual({ issues: [], isLast: true });
    expect(found.headers.get('x-aaccountid')).toBeNull();
    expect(found.headers.get('x-seraph-loginreason')).toBe('AUTHENTICATED_FAILED');
    expect((await call(api('issue/SOC-1'), stranger)).status).toBe(404);
    expect((await call(api('issue'), { ...stranger, method: 'POST', body: anIssue() })).status).toBe(401);
  });

  it('takes a scoped token through the gateway alone', async () => {
    const scoped = basic(EMAIL, 'scoped');
    const through = await call(`${sim.gatewayUrl}/rest/api/3/issue`, {
      method: 'POST',
      headers: scoped,
      body: anIssue(),
    });
    expect(through.json).toMatchObject({ key: 'SOC-1', self: expect.stringContaining('/ex/jira/c1/') });
    expect((await call(api('myself'), { headers: scoped })).status).toBe(401);
    expect((await call(`${sim.gatewayUrl}/rest/api/3/myself`, { headers: own })).status).toBe(401);
    const info = await call(`${sim.gatewayUrl}/rest/api/3/serverInfo`, { headers: scoped });
    expect(info.json.baseUrl).toBe(sim.url);
  });
});

describe('the simulated Jira Cloud, asked too fast', () => {
  it('answers 429 for that endpoint alone until its bucket has filled', async () => {
    sim.limitBurst(3);
    const statuses = [];
    for (let i = 0; i < 5; i++) statuses.push((await post('issue', anIssue())).status);
    expect(statuses).toEqual([201, 201, 201, 429, 429]);
    const refused = await post('issue', anIssue());
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refused.headers.get('ratelimit-reason')).toBe('jira-burst-based');
    expect((await get('myself')).headers.get('x-ratelimit-remaining')).toBe('2');
    clock.advance(1_000);
    const next = await post('issue', anIssue());
    expect([next.status, next.headers.get('x-ratelimit-limit'), next.headers.get('x-ratelimit-remaining')]).toEqual([
      201,
      '3',
      '2',
    ]);
    expect(sim.issues()).toHaveLength(4);
  });

  it('knows the limits that Atlassian publishes', async () => {
    sim.limitBurst(PUBLISHED_BURST);
    expect((await get('issue/SOC-1')).headers.get('x-ratelimit-limit')).toBe('150');
    expect((await send('PUT', 'issue/SOC-1', {})).headers.get('x-ratelimit-limit')).toBe('50');
  });
});

describe.skipIf(judgeIsAbsent)(`the simulated Jira Cloud before Atlassian's OpenAPI ${judgeIsAbsent ?? ''}`, () => {
  it('asks and answers as the specification says', async () => {
    const properties = [{ key: 'casewire.alert', value: { key: 'casewire-1' } }];
    await post(
      'issue',
      anIssue({ labels: ['casewire'], description: doc(paragraph('Hello')), priority: { id: '2' } }, properties),
    );
    await call(api('issue?updateHistory=false'), { method: 'POST', headers: own, body: anIssue() });
    await post('issue', anIssue({ summary: '' }));
    for (const path of [
      'issue/SOC-1?fields=summary,labels,status&properties=casewire.alert',
      'issue/SOC-99',
      'issue/createmeta/SOC/issuetypes?startAt=0&maxResults=200',
      'issue/createmeta/SOC/issuetypes/10001?maxResults=200',
      'issue/SOC-1/properties',
      'issue/SOC-1/properties/casewire.alert',
      'issue/SOC-1/transitions',
      'field',
      'priority',
      'project/SOC',
      'project/NOPE',
      'myself',
      'mypermissions?projectKey=SOC&permissions=CREATE_ISSUES,BROWSE_PROJECTS',
      'serverInfo',
      'user/search?query=mira',
      'search/jql?jql=project%20%3D%20SOC&maxResults=1',
    ])
      await get(path);
    await post('search/jql', {
      jql: 'project = SOC',
      fields: ['id', 'labels'],
      maxResults: 1,
      properties: ['casewire.alert'],
      reconcileIssues: [10000],
    });
    await post('search/jql', { jql: 'project = SOC' });
    await post('search/approximate-count', { jql: 'project = SOC' });
    await post('issue/bulkfetch', {
      issueIdsOrKeys: ['SOC-1', 'SOC-9'],
      fields: ['labels'],
      properties: ['casewire.alert'],
    });
    await send('PUT', 'issue/SOC-1/properties/other', { a: 1 });
    await send('PUT', 'issue/SOC-1/properties/other', { a: 2 });
    await send('PUT', 'issue/SOC-1', { update: { labels: [{ add: 'x' }, { remove: 'casewire' }] } });
    await post('issue/SOC-1/comment', { body: doc(paragraph('Seen')) });
    await get('issue/SOC-1/comment?startAt=0&maxResults=10&orderBy=-created');
    await post('issue/SOC-1/transitions', { transition: { id: '31' }, fields: { resolution: { name: 'Done' } } });
    const link = { globalId: 'casewire-1', object: { url: 'https://example.com/1', title: 'Alert' } };
    await post('issue/SOC-1/remotelink', link);
    await post('issue/SOC-1/remotelink', link);
    await get('issue/SOC-1/remotelink');
    const { judge } = await openApiJudge();
    expect(sim.journal.flatMap(judge)).toEqual([]);
    expect(sim.unexpected).toEqual([]);
    expect(sim.journal.length).toBeGreaterThan(28);
  });

  it('is caught when a request or an answer is not as the specification says', async () => {
    const { judge } = await openApiJudge();
    const search = {
      at: 0,
      method: 'POST',
      path: '/rest/api/3/search/jql',
      contentType: 'application/json',
      status: 200,
    };
    expect(judge({ ...search, body: '{"jql":"x","startAt":1}', answer: '{"issues":[]}' })).toHaveLength(1);
    expect(judge({ ...search, body: '{"jql":"x"}', answer: '{"issues":[],"total":1}' })).toHaveLength(1);
    expect(judge({ ...search, path: '/rest/api/3/nowhere' })).toHaveLength(1);
  });
});
