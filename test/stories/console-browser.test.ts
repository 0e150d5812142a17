import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Alert, TenantId } from '../../src/domain/alert.ts';
import { HOUR_MS } from '../../src/domain/time.ts';
import { type OidcSim, startOidcSim } from '../../src/simulators/oidc-sim.ts';
import { manyAlerts } from '../../src/simulators/scene/many-alerts.ts';
import { browserPath, openBrowser, withoutBrowser } from '../browser.ts';
import { anAlert } from '../builders.ts';
import { ConsoleScene, me } from '../console-scene.ts';
import { freePort } from '../free-port.ts';
import { originOf } from '../jira-hooks.ts';
import { faultsOf, skippedHeadings, tabTo } from '../page-judge.ts';
import { Serving } from '../serving.ts';
import { World } from '../world.ts';

const contoso = 'contoso' as TenantId;
const HOSTILE = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>"\'`{{7*7}}';
const TEAM = 'Jira refused the issue: "Team is required."';

let browser: Browser;
let page: Page;
/** What no page may do: run a stranger's script, open a dialog, break its own policy, fail. */
let misdeeds: string[] = [];

async function openPage(options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  page = await context.newPage();
  misdeeds = [];
  page.on('dialog', (dialog) => {
    misdeeds.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('pageerror', (error) => misdeeds.push(`script: ${error.message}`));
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) misdeeds.push(`policy: ${message.text()}`);
  });
  return page;
}

/** Admits alerts and holds them all. */
async function hold({ world, ledger }: ConsoleScene, alerts: readonly Alert[]): Promise<void> {
  const now = world.clock.now();
  const ask = { tenant: contoso, owner: me, now, until: now + HOUR_MS };
  await ledger.reading.begin(ask);
  await ledger.reading.admit({ ...ask, page: { alerts, unreadable: [], warnings: [], position: { memo: '' } } });
  await ledger.reading.end({ tenant: contoso, owner: me, now });
  for (const { key } of await ledger.inbox.lease({ ...ask, most: alerts.length }))
    await ledger.inbox.settle(me, { key, state: 'held', reason: 'refused', why: TEAM, proposal: '{}' }, now);
}

const held = (n: number) =>
  Array.from({ length: n }, (_, i) => anAlert({ id: `n${i}`, title: i === 0 ? HOSTILE : 'Mass download' }));

describe.skipIf(!browserPath)(`the console in a browser${withoutBrowser}`, { timeout: 120_000 }, () => {
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());
  afterEach(() => page?.context().close());

  describe('on a Monday morning with something held', () => {
    let scene: ConsoleScene;
    let cause: string;

    beforeAll(async () => {
      scene = await ConsoleScene.start({
        config: (_yaml, { configYaml }) => configYaml({ rules: true, targets: true }),
      });
      await hold(scene, held(4));
      cause = /href="(\/held\/[0-9a-f]{16})"/.exec((await scene.visit().get('/held')).text)?.[1] ?? '';
    });
    afterAll(() => scene?.stop());

    const PATHS: readonly [string, string | (() => string)][] = [
      ['the overview', '/'],
      ['the alerts', '/alerts'],
      ['a hostile alert', '/alerts/contoso/n0'],
      ['what is held', '/held'],
      ['one cause', () => cause],
      ['the tenants', '/tenants'],
      ['one tenant', '/tenants/contoso'],
      ['the rules', '/rules'],
      ['a replay of the rules', '/rules/replay?days=7'],
      ['the reports', '/reports'],
      ['the settings', '/settings'],
      ['a check', '/settings/check'],
      ['the acts', '/settings/acts'],
      ['an error', '/nothing'],
      ['a report', '/reports/contoso/monthly/2026-11/html'],
    ];

    it.each(PATHS)(
      'shows %s to everybody: axe finds nothing in light or dark, no window is too narrow, no title runs',
      async (_name, path) => {
        await openPage();
        await page.goto(scene.link);
        await page.goto(`${scene.origin}${typeof path === 'string' ? path : path()}`);
        expect(await faultsOf(page)).toEqual([]);
        expect(await skippedHeadings(page)).toEqual([]);
        expect(await page.evaluate('window.hit')).toBeUndefined();
        expect(misdeeds).toEqual([]);
      },
    );

    it('lets a browser act that opened the printed link, and says what is missing to one that did not', async () => {
      await openPage();
      await page.goto(`${scene.origin}/held`);
      const forms = page.locator('main form[method=post]');
      expect(await forms.count()).toBe(0);
      expect(await page.locator('main').innerText()).toContain('open the link that casewire serve printed');
      expect(await faultsOf(page)).toEqual([]);
      await page.goto(scene.link);
      expect(page.url()).toBe(`${scene.origin}/`);
      await page.goto(`${scene.origin}/settings`);
      await page.getByRole('button', { name: 'Check everything now' }).click();
      expect(await page.locator('h1').innerText()).toBe('Check');
      expect(misdeeds).toEqual([]);
    });

    it('shows a hostile title as the text that it is', async () => {
      await openPage();
      await page.goto(scene.link);
      await page.goto(`${scene.origin}/alerts/contoso/n0`);
      expect(await page.locator('h1').innerText()).toContain('<img src=x onerror="window.hit=1">');
    });

    it('tells times in the zone of who reads, with the exact instant beside', async () => {
      await openPage({ timezoneId: 'Asia/Tokyo' });
      await page.goto(scene.link);
      await page.goto(`${scene.origin}/alerts/contoso/n0`);
      const told = await page.locator('.foot time').evaluate((time) => [time.textContent, time.getAttribute('title')]);
      expect(told).toEqual(['2026-11-23 16:00', '2026-11-23T07:00:00.000Z · shown in Asia/Tokyo']);
      await openPage({ javaScriptEnabled: false });
      await page.goto(scene.link);
      await page.goto(`${scene.origin}/alerts/contoso/n0`);
      expect(await page.locator('.foot').innerText()).toContain('2026-11-23 07:00:00 UTC');
    });

    it('lets an operator clear the held queue by keyboard alone', async () => {
      await openPage();
      await page.goto(scene.link);
      await page.goto(`${scene.origin}/`);
      await page.keyboard.press('g');
      await page.keyboard.press('h');
      await page.waitForURL(/\/held$/);
      await tabTo(page, 'Refused by Jira');
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/held\/[0-9a-f]{16}$/);
      await page.keyboard.press('j');
      await page.keyboard.press('x');
      await tabTo(page, 'Drop the chosen');
      await page.keyboard.press('Enter');
      await tabTo(page, /^Why/);
      await page.keyboard.type('Noise of the lab');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/held$/);
      expect(await page.locator('[role=status]').innerText()).toBe('1 alert was dropped for good.');
      await tabTo(page, 'Retry all 3');
      await page.keyboard.press('Enter');
      await page.getByText('Nothing is held.').waitFor();
      expect(await page.locator('[role=status]').innerText()).toBe('3 alerts are tried again.');
      expect(misdeeds).toEqual([]);
    });
  });

  it('gives a report of what is recorded so far while a storm is being raised, and of all of it afterwards', async () => {
    const scene = await ConsoleScene.start({ pass: false });
    try {
      const { world, casewire, origin } = scene;
      for (const alert of manyAlerts(400, { before: world.clock.now() }))
        world.scene.cloudApps.addAlert(contoso, alert);
      let over = false;
      const storm = world.drive(casewire.run({ waitMs: 0, signal: new AbortController().signal })).finally(() => {
        over = true;
      });
      await openPage();
      await page.goto(`${origin}/reports/contoso/monthly/2026-11/html`);
      expect(over).toBe(false);
      expect(await page.locator('body').innerText()).toContain('so far');
      await storm;
      await page.reload();
      expect(await page.locator('body').innerText()).toMatch(/40\d alerts were raised/);
      expect(misdeeds).toEqual([]);
    } finally {
      await scene.stop();
    }
  });

  it('finds its way back by itself when the service was restarted under an open page', async () => {
    const port = await freePort();
    const world = await World.start({ config: (yaml) => `${yaml}service: { listen: "127.0.0.1:${port}" }\n` });
    let serving = new Serving(world);
    try {
      await serving.pass(1);
      await openPage();
      const live = page.waitForResponse(/\/live$/);
      await page.goto(`${originOf(serving)}/alerts`);
      await live;
      expect(await page.locator('main').innerText()).not.toContain('Seen after the restart');
      await serving.stop();
      const [alert] = manyAlerts(1, { before: world.clock.now() });
      world.scene.cloudApps.addAlert(contoso, { ...(alert as object), title: 'Seen after the restart' } as never);
      serving = new Serving(world);
      await serving.pass(HOUR_MS);
      await page.getByText('Seen after the restart').first().waitFor();
      expect(misdeeds).toEqual([]);
    } finally {
      await serving.stop();
      await world.stop();
    }
  });

  describe('that asks people to sign in', () => {
    let world: World;
    let serving: Serving;
    let provider: OidcSim;

    beforeAll(async () => {
      world = await World.start({
        config: (yaml) => `${yaml}
service:
  listen: 127.0.0.1:0
  auth: { issuer: "${provider.issuer}", clientId: casewire, clientSecret: "\${file:oidc-secret}", viewers: [soc-readers], operators: [soc-leads] }
`,
      });
      const people = [
        { sub: 'reader', name: 'Ben Reader', claims: { groups: ['soc-readers'] } },
        { sub: 'stranger', name: HOSTILE, claims: { groups: ['sales'] } },
      ];
      provider = await startOidcSim({ clock: world.clock, clientId: 'casewire', clientSecret: 'oidc-secret', people });
      world.write('oidc-secret', 'oidc-secret');
      serving = new Serving(world);
      await serving.pass(1);
    });
    afterAll(async () => {
      await serving.stop();
      await world.stop();
      await provider.stop();
    });

    async function signIn(who: string): Promise<void> {
      await openPage();
      await page.goto(`${originOf(serving)}/`);
      await page.getByRole('link', { name: 'Sign in' }).click();
      await page.goto(`${page.url()}&as=${who}`);
    }

    it('asks, and refuses a stranger, on pages that are for everybody too', async () => {
      await openPage();
      await page.goto(`${originOf(serving)}/`);
      expect(await page.locator('h1').innerText()).toBe('Sign in');
      expect(await faultsOf(page)).toEqual([]);
      await signIn('stranger');
      expect(await page.locator('h1').innerText()).toBe('You are signed in, and may not look');
      expect(await faultsOf(page)).toEqual([]);
      expect(await page.evaluate('window.hit')).toBeUndefined();
      expect(misdeeds).toEqual([]);
    });

    it('shows a viewer no button that acts, and refuses what is sent all the same', async () => {
      await signIn('reader');
      for (const path of ['/', '/held', '/tenants/contoso', '/settings', '/settings/check', '/rules']) {
        await page.goto(`${originOf(serving)}${path}`);
        expect(await page.locator('main form[method=post], main input[type=checkbox]').count(), path).toBe(0);
      }
      const status = await page.evaluate(`(async () => {
        const token = document.querySelector('input[name=token]').value;
        const body = new URLSearchParams({ token, key: 'contoso/n0' });
        return (await fetch('/held/retry', { method: 'POST', body })).status;
      })()`);
      expect(status).toBe(403);
    });
  });
});
