import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { answer } from '../../src/cli/main.ts';
import { ConsoleScene } from '../console-scene.ts';
import { Serving } from '../serving.ts';
import { Pipe } from '../terminal.ts';
import { World } from '../world.ts';

/** Composed (NFC), as keyboards write it. */
const ZURICH = 'Zürich'.normalize('NFC');
const TOKYO = '東京-支社';
const DELHI = 'दिल्ली_1';

const ends: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

/** The scene's three tenants under names of three scripts; one is in the label of its issues. */
function renamed(yaml: string): string {
  return `${yaml
    .replace(/^ {2}contoso:/m, `  ${ZURICH}:`)
    .replace(/^ {2}fabrikam:/m, `  ${TOKYO}:`)
    .replace(/^ {2}northwind:/m, `  ${DELHI}:`)}
rules:
  - { name: Whose it is, when: 'tenant == "${ZURICH}"', then: { labels: ["kunde-${ZURICH}"] } }
reports: { timezone: UTC }
`;
}

it('tenants of all scripts have their issues, with labels in the same letters', async () => {
  const world = await World.start({ config: renamed });
  ends.push(() => world.stop());
  const first = await world.run();
  expect(first.tenants.map(({ tenant, failure }) => [tenant, failure])).toEqual([
    [ZURICH, undefined],
    [TOKYO, undefined],
    [DELHI, undefined],
  ]);
  expect(world.scene.jira.issues()).toHaveLength(15);
  expect(world.scene.jira.issues().filter(({ labels }) => labels.includes(`kunde-${ZURICH}`))).toHaveLength(5);
  const again = await world.run();
  expect(again.tenants.every(({ failure }) => failure === undefined)).toBe(true);
  expect(world.scene.jira.issues()).toHaveLength(15);
});

it('tenants of all scripts have their pages and reports on the console', async () => {
  const scene = await ConsoleScene.start({ config: renamed });
  ends.push(() => scene.stop());
  const visit = scene.visit();
  for (const tenant of [ZURICH, TOKYO, DELHI]) {
    expect((await visit.get('/tenants')).text).toContain(`href="/tenants/${encodeURIComponent(tenant)}"`);
    const page = await visit.get(`/tenants/${encodeURIComponent(tenant)}`);
    expect({ status: page.status, has: page.text.includes(tenant) }).toEqual({ status: 200, has: true });
    const reports = await visit.get(`/reports?scope=${encodeURIComponent(tenant)}&kind=daily`);
    const [, html = ''] = /href="(\/reports\/[^"]*\/html)"/.exec(reports.text) ?? [];
    expect(html).toContain(`/reports/${encodeURIComponent(tenant)}/`);
    const report = await visit.get(html);
    expect({ status: report.status, has: report.text.includes(tenant) }).toEqual({ status: 200, has: true });
    expect((await visit.get(`/alerts?tenant=${encodeURIComponent(tenant)}`)).status).toBe(200);
  }
  const told = await visit.submit('/held/retry', [], '/held').catch((error: unknown) => ({ status: String(error) }));
  expect(told.status).not.toBe(500);
});

it('tenants of all scripts are reported on into folders of their names, and counted under them', async () => {
  const world = await World.start({ config: renamed });
  ends.push(() => world.stop());
  const serving = new Serving(world);
  ends.push(() => serving.stop());
  await serving.pass(5 * 60_000);
  const listens = (serving.events.find(({ event }) => event === 'serving') as { listens?: string } | undefined)
    ?.listens;
  const metrics = await (await fetch(`${listens}/metrics`)).text();
  for (const tenant of [ZURICH, TOKYO, DELHI]) expect(metrics).toContain(`tenant="${tenant}"`);
  await serving.stop();
  ends.pop();
  const folder = mkdtempSync(join(tmpdir(), 'casewire-names-'));
  ends.push(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(world.folder, 'casewire.yaml'), world.configText());
  const [out, err] = [new Pipe(), new Pipe()];
  const words = ['--config', join(world.folder, 'casewire.yaml'), 'report', 'monthly', '--date', '2026-11'];
  const env = { ...world.scene.env };
  const code = await answer([...words, '--format', 'json', '--out', `${folder}/`], {
    stdout: out.screen({}),
    stderr: err.screen({}),
    env,
  });
  expect({ code, err: err.written }).toEqual({ code: 0, err: '' });
  for (const tenant of [ZURICH, TOKYO, DELHI]) {
    const file = join(folder, tenant, '2026-11-monthly-provisional.json');
    expect(existsSync(file)).toBe(true);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ scope: tenant });
  }
  // As a file system or another keyboard spells it: the accent apart.
  const spelt = await answer([...words, '--tenant', ZURICH.normalize('NFD')], {
    stdout: out.screen({}),
    stderr: err.screen({}),
    env,
  });
  expect({ code: spelt, err: err.written }).toEqual({ code: 0, err: '' });
});
