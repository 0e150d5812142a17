/**
 * The pictures of the README, made by the program itself: `npm run pictures`. The demo's scene is played up to a Monday
 * that never changes, served, and looked at with Chromium.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { assemble } from '../src/assembly/assemble.ts';
import { firstDayBefore, playWeeksBefore } from '../src/cli/demo/weeks-before.ts';
import type { Config } from '../src/config/config.ts';
import { parseConfig } from '../src/config/parse-config.ts';
import { formatProblem } from '../src/config/problems.ts';
import { MINUTE_MS } from '../src/domain/time.ts';
import { systemClock } from '../src/observe/clock.ts';
import { serve } from '../src/service/serve.ts';
import { lastSaturday } from '../src/simulators/scene/monday.ts';
import { PastClock } from '../src/simulators/scene/past-clock.ts';
import { type Scene, startScene } from '../src/simulators/scene.ts';
import { openBrowser } from '../test/browser.ts';

const MONDAY = Date.parse('2026-11-23T07:00:00Z');
const WIDTH = 1280;
const FOLDER = resolve(import.meta.dirname, '../docs/pictures');

const signal = new AbortController().signal;
const clock = new PastClock(systemClock);
const folder = await mkdtemp(join(tmpdir(), 'casewire-pictures-'));
clock.goBack(firstDayBefore(MONDAY));
const scene = await startScene({ clock, before: true });
try {
  await mkdir(FOLDER, { recursive: true });
  await playUntilMonday(scene);
  await whileServed(configOf(scene, '1m'), async (origin) => {
    const browser = await openBrowser();
    try {
      await shoot(browser, `${origin}/`, 'console.png');
      await shoot(browser, `${origin}/reports/contoso/monthly/2026-10/html`, 'report.png');
    } finally {
      await browser.close();
    }
  });
} finally {
  await scene.stop();
  await rm(folder, { recursive: true, force: true });
}

async function playUntilMonday(scene: Scene): Promise<void> {
  const progress = () => {};
  const casewire = await assemble(configOf(scene, '12h'), { clock, random: () => 0.5, progress, store: 'make' });
  const [from, to] = [clock.now(), lastSaturday(MONDAY)];
  await playWeeksBefore({ casewire, scene, clock, from, to, signal });
  clock.goTo(MONDAY);
  scene.showWeekend();
  await casewire.run({ waitMs: 0, signal });
  clock.goTo(MONDAY + 20 * MINUTE_MS);
  scene.showNews();
  await casewire.run({ waitMs: 0, signal });
  await casewire.close();
}

function configOf({ configYaml, env }: Scene, every: string): Config {
  const path = join(folder, 'casewire.yaml');
  const store = join(folder, 'casewire.db');
  const source = configYaml({ store, every, rules: true, sync: true, targets: true, listen: '127.0.0.1:0' });
  const result = parseConfig({ source, path, file: path, env });
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'));
  return result.config;
}

async function whileServed(config: Config, look: (origin: string) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const listens = Promise.withResolvers<string>();
  const served = serve({
    ...{ config, clock, version: '0.1.0', random: () => 0.5, signal: stop.signal },
    load: async () => ({ ok: true, config }),
    progress: (event) => {
      if (event.event === 'serving') listens.resolve(event.listens ?? '');
    },
    showLink: () => {},
    onReload: () => {},
  });
  served.catch(listens.reject);
  try {
    await look(await listens.promise);
  } finally {
    stop.abort();
    await served;
  }
}

async function shoot(browser: Browser, url: string, name: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: WIDTH, height: 1000 }, colorScheme: 'light' });
  await page.goto(url, { waitUntil: 'load' });
  await page.screenshot({ path: join(FOLDER, name) });
  await page.close();
  console.log(join('docs/pictures', name));
}
