import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HandClock } from '../../test/hand-clock.ts';
import { basic, call } from '../../test/sim-client.ts';
import { type JiraDatacenterSim, startJiraDatacenterSim } from './jira-datacenter-sim.ts';

let clock: HandClock;
let sim: JiraDatacenterSim;

beforeEach(async () => {
  clock = new HandClock();
  sim = await startJiraDatacenterSim({ clock, token: 'pat', contextPath: '/jira' });
});
afterEach(() => sim.stop());

const own = { authorization: 'Bearer pat' };
const api = (path: string) => `${sim.url}/rest/api/2/${path}`;
const get = (path: string) => call(api(path), { headers: own });
const post = (path: string, body: unknown) => call(api(path), { method: 'POST', headers: own, body });
const anIssue = (more: Record<string, unknown> = {}) => ({
  fields: { project: { key: 'SOC' }, issuetype: { name: 'IT Help' }, summary: 'Impossible travel', ...more },
});

describe('the simulated Jira Data Center', () => {
  it('takes wiki markup where Cloud takes documents, and logins where Cloud takes accounts', async () => {
    const created = await post(
      'issue',
      anIssue({ description: 'h2. What happened', customfield_10126: { name: 'mira' } }),
    );
    expect(created.status).toBe(201);
    expect(created.json.self).toBe(`${sim.url}/rest/api/2/issue/10000`);
    const document = await post('issue', anIssue({ description: { type: 'doc', version: 1, content: [] } }));
    expect(document.json.errors.description).toMatch(/must be a string/);
    const long = await post('issue', anIssue({ description: 'x'.repeat(32_768) }));
    expect(long.json.errors.description).toMatch(/32,767/);
    const account = await post('issue', anIssue({ customfield_10126: { accountId: '5b10a2844c20165700ede21a' } }));
    expect(account.json.errors.customfield_10126).toMatch(/by name/);
  });

  it('tells what it is, and calls the lists of createmeta by their own name', async () => {
    expect((await call(api('serverInfo'))).json).toMatchObject({
      deploymentType: 'DataCenter',
      versionNumbers: [10, 3, 24],
      baseUrl: sim.url,
    });
    const types = await get('issue/createmeta/SOC/issuetypes');
    expect(types.json).toMatchObject({ isLast: true, values: [{ name: 'IT Help' }, { name: 'Task' }] });
    const fields = await get(`issue/createmeta/SOC/issuetypes/${types.json.values[0].id}?maxResults=2`);
    expect(fields.json).toMatchObject({
      isLast: false,
      maxResults: 2,
      values: [{ fieldId: 'project' }, { fieldId: 'issuetype' }],
    });
    expect((await get('myself')).json).toMatchObject({ name: 'casewire' });
    expect((await get('user/search?username=theo')).json).toMatchObject([{ name: 'theo' }]);
    expect((await get('mypermissions')).json.permissions.CREATE_ISSUES.havePermission).toBe(true);
  });

  it('searches with totals, and knows nothing of search/jql', async () => {
    for (const label of ['a', 'b', 'c']) await post('issue', anIssue({ labels: [label] }));
    const found = await post('search', {
      jql: 'project = SOC ORDER BY key ASC',
      startAt: 1,
      maxResults: 1,
      fields: ['labels'],
    });
    expect(found.json).toMatchObject({
      startAt: 1,
      maxResults: 1,
      total: 3,
      issues: [{ key: 'SOC-2', fields: { labels: ['b'] } }],
    });
    expect((await get('search?jql=labels%20in%20(a%2Cc)&fields=id')).json.total).toBe(2);
    expect((await post('search', { jql: 'nonsense' })).status).toBe(400);
    expect((await post('search/jql', { jql: 'project = SOC' })).status).toBe(404);
  });

  it('limits all calls of a user together, and says when on every answer', async () => {
    sim.limitBurst(2);
    const first = await get('myself');
    expect([first.headers.get('retry-after'), first.headers.get('x-ratelimit-fillrate')]).toEqual(['0', '2']);
    expect((await post('issue', anIssue())).status).toBe(201);
    const refused = await post('issue', anIssue());
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    expect((await get('issue/SOC-1/remotelink')).status).toBe(200);
    clock.advance(1_000);
    expect((await post('issue', anIssue())).status).toBe(201);
  });

  it('says on every answer as whom it answered', async () => {
    expect((await get('myself')).headers.get('x-ausername')).toBe('casewire');
    expect((await call(api('myself'), { headers: basic('casewire', 'secret') })).status).toBe(401);
    sim.credentials.password = 'secret';
    expect((await call(api('myself'), { headers: basic('casewire', 'secret') })).status).toBe(200);
    sim.servesStrangers = true;
    sim.credentials.token = 'renewed';
    const found = await call(api('search'), { method: 'POST', headers: own, body: { jql: 'project = SOC' } });
    expect([found.status, found.headers.get('x-ausername'), found.json.total]).toEqual([200, 'anonymous', 0]);
    expect(found.headers.get('x-seraph-loginreason')).toBe('AUTHENTICATED_FAILED');
  });

  it('shows wiki markup as a page on which nothing else is markup', async () => {
    const description = [
      'h2. What happened',
      '{panel:title=Notice}',
      '*Look* at \\[this\\] <b>now</b>, [open|https://example.com/a?b=1&c=2] or [run|javascript:alert(1)]',
      '{panel}',
      '||IP||Score||',
      '|{{91.82.73.64}}|100 \\| high|',
      '{noformat}',
      '{"a": "<script>"}',
      '{noformat}',
    ].join('\n');
    await post('issue', anIssue({ description }));
    const { text } = await call(`${sim.url}/browse/SOC-1`);
    for (const part of [
      '<h2>What happened</h2>',
      '<div class="panel info"><b>Notice</b><p><b>Look</b>',
      '<b>Look</b> at [this] &lt;b&gt;now&lt;/b&gt;',
      '<a href="https://example.com/a?b=1&amp;c=2"',
      '<th>IP</th><th>Score</th>',
      '<td><code>91.82.73.64</code></td><td>100 | high</td>',
      '<pre>{&quot;a&quot;: &quot;&lt;script&gt;&quot;}</pre>',
    ])
      expect(text).toContain(part);
    expect(text).not.toContain('javascript:');
    expect(text).not.toContain('{panel');
    expect(text).toContain('href="/jira/"');
  });
});
