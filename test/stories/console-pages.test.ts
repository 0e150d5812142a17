import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { type Alert, dedupKeyOf, type TenantId } from '../../src/domain/alert.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/domain/time.ts';
import type { Ask, Page } from '../../src/service/console/page.ts';
import { PAGES } from '../../src/service/console/pages/pages.ts';
import { anAlert } from '../builders.ts';
import { ConsoleScene, me } from '../console-scene.ts';
import type { Seen } from '../console-visit.ts';
import { Serving } from '../serving.ts';
import { World } from '../world.ts';

const contoso = 'contoso' as TenantId;
const HOSTILE = `<img src=x onerror=alert(1)>"'&{{7*7}}`;
const ESCAPED = '&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;{{7*7}}';
const TEAM = 'Jira refused the issue: "Team is required." <b>now</b>';

/** Pages that are looked at in every test of all of them. */
const PATHS = [
  '/',
  '/alerts',
  '/held',
  '/tenants',
  '/tenants/contoso',
  '/rules',
  '/rules/replay?days=7',
  '/reports',
  '/settings',
  '/settings/check',
  '/settings/acts',
];

let scene: ConsoleScene;

afterEach(() => scene?.stop());

async function admit(tenant: TenantId, alerts: readonly Alert[]): Promise<void> {
  const now = scene.world.clock.now();
  const ask = { tenant, owner: me, now, until: now + HOUR_MS };
  await scene.ledger.reading.begin(ask);
  const page = { alerts, unreadable: [], warnings: [], position: { memo: '' } };
  await scene.ledger.reading.admit({ ...ask, page });
  await scene.ledger.reading.end({ tenant, owner: me, now });
}

/** Admits alerts and holds them all. */
async function hold(alerts: readonly Alert[], why = TEAM): Promise<void> {
  await admit(contoso, alerts);
  const now = scene.world.clock.now();
  const lease = { tenant: contoso, owner: me, now, until: now + HOUR_MS, most: alerts.length };
  for (const { key } of await scene.ledger.inbox.lease(lease))
    await scene.ledger.inbox.settle(me, { key, state: 'held', reason: 'refused', why, proposal: '{}' }, now);
}

const numbered = (n: number, more: Partial<Alert> = {}) =>
  Array.from({ length: n }, (_, i) => {
    const { id: _id, tenant: _tenant, ...rest } = more;
    return anAlert({ ...rest, id: `n${String(i).padStart(3, '0')}` });
  });

const idsIn = ({ text }: Seen) => [...text.matchAll(/href="\/alerts\/contoso\/(n\d+)"/g)].map(([, id]) => id);
const linkOf = ({ text }: Seen, rel: 'prev' | 'next') =>
  new RegExp(`rel="${rel}" href="([^"]+)"`).exec(text)?.[1]?.replaceAll('&amp;', '&') ?? '';
const causePath = ({ text }: Seen) => /href="(\/held\/[0-9a-f]{16})"/.exec(text)?.[1] ?? '';

describe('the console', () => {
  it('shows each page of a Monday morning in less than 100 kB, and answers HEAD like GET', async () => {
    scene = await ConsoleScene.start({ config: (_yaml, { configYaml }) => configYaml({ rules: true }) });
    const visit = scene.visit();
    for (const path of PATHS) {
      const seen = await visit.get(path);
      expect({ path, status: seen.status }).toEqual({ path, status: 200 });
      expect(Buffer.byteLength(seen.text), path).toBeLessThan(100_000);
      expect(seen.text, path).not.toMatch(/undefined|\[object|NaN|<script(?! type="module" src)|style="/);
      const head = await visit.get(path, { method: 'HEAD' });
      expect({ path, status: head.status, text: head.text }).toEqual({ path, status: 200, text: '' });
    }
    expect(scene.warnings).toEqual([]);
    const overview = (await visit.get('/')).text;
    expect(overview).toContain('All is well.');
    expect(overview).toMatch(/<svg[\s\S]+15 alerts in the last seven days/);
    expect((await visit.get('/rules')).text).toContain('Leaked credentials');
    expect((await visit.get('/alerts?severity=high')).text).toContain('href="/alerts/contoso/');
  });

  it('says of what is not there that it is not, with what to do', async () => {
    scene = await ConsoleScene.start({ pass: false });
    const visit = scene.visit();
    const missing = ['/alerts/contoso/none', '/alerts/contoso/none/record', '/held/0123456789abcdef', '/tenants/none'];
    for (const path of [...missing, '/rules/replay?days=8', '/reports/none/monthly/2026-10/html', '/nothing']) {
      const seen = await visit.get(path);
      expect({ path, status: seen.status }).toEqual({ path, status: 404 });
      expect(seen.text, path).toContain('aria-label="Sections"');
    }
    expect((await visit.get('/alerts')).text).toContain('No alert has been read yet.');
    expect((await visit.get('/held')).text).toContain('Nothing is held.');
  });

  it('keeps its frame when the ledger fails, and says where the reason is', async () => {
    scene = await ConsoleScene.start({ pass: false });
    const visit = scene.visit();
    await scene.ledger.close();
    const seen = await visit.get('/alerts');
    expect(seen.status).toBe(500);
    expect(seen.text).toContain('aria-label="Sections"');
    expect(seen.text).toContain('the log of Casewire says why');
    expect(scene.warnings.join()).toMatch(/GET \/alerts failed/);
  });

  it('walks all alerts page by page and back, over those of one instant, without losing one', async () => {
    scene = await ConsoleScene.start({ pass: false });
    await admit(contoso, numbered(120));
    const visit = scene.visit();
    const first = await visit.get('/alerts?tenant=contoso');
    const second = await visit.get(linkOf(first, 'next'));
    const third = await visit.get(linkOf(second, 'next'));
    const all = [first, second, third].flatMap(idsIn);
    expect([first, second, third].map((page) => idsIn(page).length)).toEqual([50, 50, 20]);
    expect(new Set(all).size).toBe(120);
    expect(linkOf(third, 'next')).toBe('');
    expect(linkOf(first, 'prev')).toBe('');
    const back = await visit.get(linkOf(third, 'prev'));
    expect(idsIn(back)).toEqual(idsIn(second));
    expect(linkOf(third, 'prev')).toContain('tenant=contoso');
  });

  it('finds by what was asked, keeps it in the form, and says which filter hides all', async () => {
    scene = await ConsoleScene.start({ pass: false });
    await admit(contoso, numbered(3));
    await admit('fabrikam' as TenantId, [anAlert({ tenant: 'fabrikam', id: 'f1', users: [] })]);
    const visit = scene.visit();
    expect(idsIn(await visit.get('/alerts?user=JANE%40contoso.com&state=waiting'))).toHaveLength(3);
    expect(idsIn(await visit.get('/alerts?since=2026-11-22&until=2026-11-22'))).toHaveLength(3);
    expect(idsIn(await visit.get('/alerts?until=2026-11-21'))).toHaveLength(0);
    const none = (await visit.get('/alerts?user=jane&severity=high')).text;
    expect(none).toContain('No alert is as asked: severity “high”, user “jane”.');
    expect(none).toMatch(/Users that begin so: .*href="\/alerts\?severity=high&amp;user=jane%40contoso\.com"/s);
    expect(none).toContain('<option selected="">high</option>'.replace('=""', ''));
    const wrong = (await visit.get('/alerts?since=yesterday&state=lost')).text;
    expect(wrong).toContain('“yesterday” is no day');
    expect(wrong).toContain('“lost” is no state');
  });

  it('shows hostile text of an alert as text, on every page that tells of it', async () => {
    scene = await ConsoleScene.start({ pass: false });
    const users = [{ name: HOSTILE, origin: 'text' as const }];
    const raw = JSON.stringify({ title: HOSTILE });
    const url = 'javascript:alert(1)';
    await hold(
      [anAlert({ id: 'n001', title: HOSTILE, description: HOSTILE, type: HOSTILE, users, raw, url })],
      HOSTILE,
    );
    const visit = scene.visit();
    const cause = causePath(await visit.get('/held'));
    for (const path of ['/', '/alerts', '/alerts/contoso/n001', '/held', cause, '/tenants/contoso']) {
      const { text, status } = await visit.get(path);
      expect({ path, status }).toEqual({ path, status: 200 });
      expect(text, path).not.toContain('<img');
      expect(text, path).toContain(ESCAPED);
      expect(text, path).not.toContain('href="javascript');
    }
    const filtered = (await visit.get(`/alerts?text=${encodeURIComponent(HOSTILE)}`)).text;
    expect(filtered).toContain(`value="${ESCAPED}"`);
    const record = await visit.get('/alerts/contoso/n001/record');
    expect(record.headers['content-disposition']).toMatch(/^attachment/);
    expect(record.headers['x-content-type-options']).toBe('nosniff');
    expect(JSON.parse(record.text)).toEqual({ title: HOSTILE });
  });

  it('tells one alert from the source to its issue', async () => {
    scene = await ConsoleScene.start();
    const [issue] = scene.world.issuesByAlert();
    const [key = '', [ticket = ''] = []] = issue ?? [];
    const { text } = await scene.visit().get(`/alerts/${key}`);
    expect(text).toMatch(/Raised by the source[\s\S]+First read[\s\S]+Attempt 1/);
    expect(text).toMatch(new RegExp(`<a href="http://127[^"]+" rel="noreferrer">${ticket}</a>`));
    expect(text).toContain('<details><summary>The record as the source gave it</summary>');
    expect(text).toContain(`<code>${key}</code>`);
  });

  it('puts held alerts back, those that were chosen or all of a cause, and has them taken up at once', async () => {
    scene = await ConsoleScene.start({ pass: false });
    await hold(numbered(60));
    const visit = scene.visit();
    const cause = causePath(await visit.get('/'));
    const list = await visit.get(cause);
    expect(idsIn(list)).toHaveLength(50);
    const chosen = ['n000', 'n001'].map((id) => ['key', `contoso/${id}`] as const);
    const after = await visit.submit('/held/retry', chosen, cause);
    expect(after.text).toContain('2 alerts are tried again.');
    expect(scene.takenUp).toEqual([contoso]);
    const all = await visit.submit(`${cause}/retry`, [], cause);
    expect(all.text).toContain('58 alerts are tried again.');
    expect(all.text).toContain('Nothing is held.');
    expect((await visit.get(cause)).status).toBe(404);
    const acts = (await visit.get('/settings/acts')).text;
    expect(acts).toContain('retry all held alerts of a cause');
    expect(acts).toContain('console: on this machine');
  });

  it('drops held alerts with a reason alone, and keeps it', async () => {
    scene = await ConsoleScene.start({ pass: false });
    await hold(numbered(3));
    const visit = scene.visit();
    const cause = causePath(await visit.get('/held'));
    const key = ['key', 'contoso/n000'] as const;
    expect((await visit.submit('/held/drop', [key, ['why', '  ']], cause)).text).toContain('A reason is needed');
    expect((await visit.submit('/held/drop', [['why', 'a test']], cause)).text).toContain('No alert was chosen');
    const one = await visit.submit('/held/drop', [key, ['why', 'Noise of the <lab>']], cause);
    expect(one.text).toContain('1 alert was dropped for good.');
    expect((await visit.get('/alerts/contoso/n000')).text).toContain('Noise of the &lt;lab&gt;');
    const rest = await visit.submit(`${cause}/drop`, [['why', 'Known']], cause);
    expect(rest.text).toContain('2 alerts were dropped for good.');
    expect(idsIn(await visit.get('/alerts?state=dropped'))).toHaveLength(3);
  });

  it('tells the second of two operators that somebody was quicker', async () => {
    scene = await ConsoleScene.start({ pass: false });
    await hold(numbered(2));
    const [ada, bob] = [scene.visit(), scene.visit()];
    const cause = causePath(await bob.get('/held'));
    await ada.submit(`${cause}/drop`, [['why', 'Known']], '/held');
    const late = await bob.submit('/held/retry', [['key', 'contoso/n000']], '/settings');
    expect(late.text).toContain('somebody else was quicker');
    expect((await bob.submit(`${cause}/retry`, [], '/settings')).text).toContain('it was retried or dropped meanwhile');
    const key = dedupKeyOf(contoso, 'n000' as Alert['id']);
    expect((await scene.ledger.overview.history(key))?.line.reason).toBe('dropped');
  });

  it('shows a viewer no button that acts, and declares each act as an operator’s', async () => {
    scene = await ConsoleScene.start({ pass: false });
    await hold(numbered(2));
    const cause = causePath(await scene.visit().get('/held')).slice('/held/'.length);
    const params = { cause, tenant: 'contoso', alert: 'n000' };
    const show = async (page: Page, may: 'look' | 'act') => {
      const { clock } = scene.world;
      const viewer = { name: 'Vera', account: 'vera', may };
      const query = new URLSearchParams('days=7');
      const signal = new AbortController().signal;
      const ask = {
        parts: scene.parts,
        viewer,
        now: clock.now(),
        path: page.path,
        params,
        query,
        signal,
        csrf: 'CSRF',
      };
      const shown = await page.show(ask as unknown as Ask);
      return shown instanceof Response ? '' : String(await shown.body);
    };
    const pages = PAGES.filter(({ path }) => !path.includes(':format'));
    for (const page of pages)
      expect(await show(page, 'look'), page.path).not.toMatch(/method="post"|CSRF|type="checkbox"/);
    const acting = [];
    for (const page of pages) if ((await show(page, 'act')).includes('method="post"')) acting.push(page.path);
    expect(acting).toEqual(
      expect.arrayContaining(['/', '/held', '/held/:cause', '/alerts/:tenant/:alert', '/tenants/:tenant', '/settings']),
    );
    expect(PAGES.flatMap(({ acts = [] }) => acts).filter(({ may }) => may !== 'act')).toEqual([]);
  });

  it('checks on demand and shows what was found', async () => {
    scene = await ConsoleScene.start({ pass: false });
    const visit = scene.visit();
    expect((await visit.submit('/settings/check', [['tenant', 'none']])).text).toContain('no such tenant');
    const seen = await visit.submit('/settings/check', [['tenant', 'contoso']]);
    expect(seen.text).toContain('The check has ended.');
    expect(seen.text).toMatch(/tenant contoso/);
    const settings = (await visit.get('/settings')).text;
    for (const secret of Object.values(scene.world.scene.env)) expect(settings).not.toContain(secret);
    expect(settings).toMatch(/token <span class="standing good">set<\/span>/);
  });

  it('keeps the pages of 5,000 tenants below 100 kB, and walks them all, the worst first', async () => {
    scene = await ConsoleScene.start({ pass: false, more: 5_000 });
    const visit = scene.visit();
    for (const path of ['/', '/tenants', '/alerts', '/settings', '/reports']) {
      const { text, status } = await visit.get(path);
      expect({ path, status }).toEqual({ path, status: 200 });
      expect(Buffer.byteLength(text), path).toBeLessThan(100_000);
    }
    const first = await visit.get('/tenants');
    const names = ({ text }: Seen) =>
      [...text.matchAll(/<th scope="row"><a href="\/tenants\/(\w+)"/g)].map(([, name]) => name);
    expect(names(first)).toHaveLength(50);
    const second = await visit.get(linkOf(first, 'next'));
    expect(new Set([...names(first), ...names(second)]).size).toBe(100);
    expect(names(await visit.get(linkOf(second, 'prev')))).toEqual(names(first));
    expect(names(await visit.get('/tenants?name=t4999'))).toEqual(['t4999']);
  });
});

describe('an open page', () => {
  it('is told that something changed, at most once a second, and let go when the service ends', async () => {
    const world = await World.start();
    const serving = new Serving(world);
    await serving.pass(MINUTE_MS);
    const [origin = ''] = serving.events.flatMap((event) => (event.event === 'serving' ? (event.listens ?? []) : []));
    const heard: string[] = [];
    const ended = Promise.withResolvers<void>();
    await new Promise<void>((resolve) => {
      request(`${origin}/live`, { headers: { accept: 'text/event-stream' }, agent: false }, (answer) => {
        expect(answer.headers['content-type']).toBe('text/event-stream; charset=utf-8');
        answer.setEncoding('utf8').on('data', (chunk: string) => {
          heard.push(chunk);
          resolve();
        });
        answer.on('close', () => ended.resolve());
      }).end();
    });
    expect(heard.join('')).toMatch(/^retry: \d+\n\n/);
    await serving.pass(10 * MINUTE_MS);
    const told = heard.join('').match(/event: changed\ndata: [a-z ]*tenants[a-z ]*\n\n/g) ?? [];
    expect(told.length).toBeGreaterThan(0);
    expect(heard.join('')).toContain(': still here');
    await serving.stop();
    await ended.promise;
    await world.stop();
  });
});
