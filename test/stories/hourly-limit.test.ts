import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { faults } from '../../src/simulators/fault.ts';
import { manyAlerts } from '../../src/simulators/scene/many-alerts.ts';
import { bundleChild } from '../chaos/bundle-child.ts';
import { Serving } from '../serving.ts';
import { World } from '../world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LIMIT = 5;
const ALERTS = 30;

describe('with an hourly limit of 5 and thirty alerts of one tenant', { timeout: 120_000 }, () => {
  let world: World;
  let child: string;

  beforeAll(async () => {
    child = await bundleChild();
  });

  beforeEach(async () => {
    world = await World.start();
    const { cloudApps } = world.scene;
    const there = world.openAlerts().filter((alert) => alert.startsWith('contoso/')).length;
    for (const alert of manyAlerts(ALERTS - there, { before: world.clock.now(), everyMs: 600, distinctAddresses: 5 }))
      cloudApps.addAlert('contoso', alert);
    world.editConfig = (yaml) => `limits: { newTicketsPerTenantPerHour: ${LIMIT} }\n${yaml}`;
  });

  afterEach(async () => {
    expect(world.scene.jira.twins()).toEqual([]);
    await world.stop();
  });

  /** Issues of contoso, in all. */
  const raised = () => [...world.issuesByAlert().keys()].filter((alert) => alert.startsWith('contoso/')).length;

  /** A run of its own process that is killed, without a word, at a step. */
  async function killedAt(step: string): Promise<void> {
    world.write('casewire.yaml', world.configText());
    const offset = String(world.clock.now() - Date.now());
    const env = { ...process.env, ...world.scene.env };
    const run = spawn(process.execPath, [child, 'casewire.yaml', offset, step, '3'], {
      cwd: world.folder,
      env,
      stdio: 'ignore',
    });
    const [, signal] = await once(run, 'close');
    expect(signal).toBe('SIGKILL');
  }

  /** A run that is asked to end while its alerts are in hand and Jira does not answer. */
  async function endedBySlowJira(): Promise<void> {
    world.scene.jira.fault({ path: '/' }, faults.hang(), { times: 100 });
    const stop = new AbortController();
    const { stopped } = await world.run({
      signal: stop.signal,
      onEvent: ({ event }) => {
        if (event === 'leased') stop.abort();
      },
    });
    expect(stopped).toBe(true);
    world.scene.jira.heal();
  }

  const endings: [string, () => Promise<void>][] = [
    ['was killed with alerts in hand', () => killedAt('drafted')],
    ['was killed with creates on their way', () => killedAt('intent-committed')],
    ['was politely ended while Jira was slow', endedBySlowJira],
  ];

  it.each(endings)('raises five in each hour after a run that %s, until all are raised', async (_, end) => {
    await end();
    const hours: number[] = [];
    for (let hour = 0; hour < 8; hour++) {
      const before = raised();
      await world.run({ waitMs: 15 * MINUTE });
      await world.run();
      hours.push(raised() - before);
      world.clock.advance(HOUR);
    }
    expect(hours.reduce((sum, n) => sum + n, 0)).toBe(ALERTS);
    expect(hours[0]).toBeGreaterThanOrEqual(1);
    expect(Math.max(...hours)).toBeLessThanOrEqual(LIMIT);
  });

  it.each(endings)('raises the first of them at the start of serve after a run that %s', async (_, end) => {
    await end();
    const before = raised();
    const serving = new Serving(world);
    await serving.pass(12 * MINUTE);
    expect(raised() - before).toBe(LIMIT - before);
    await serving.stop();
  });

  it('raises what a person retries, beyond the limit, and none of it counts towards the limit', async () => {
    await world.run();
    expect(raised()).toBe(LIMIT);
    const casewire = await world.open();
    const storm = (await casewire.held()).filter(({ tenant }) => tenant === 'contoso');
    expect(storm).toHaveLength(ALERTS - LIMIT);
    const some = storm.slice(0, 10).map(({ key }) => key);
    expect(await casewire.retryHeld(some)).toHaveLength(10);
    await casewire.close();
    await world.run();
    expect(raised()).toBe(LIMIT + 10);
    world.clock.advance(HOUR);
    await world.run();
    expect(raised()).toBe(LIMIT + 10 + LIMIT);
  });

  it('raises what a person retries while serve is at work', async () => {
    const serving = new Serving(world);
    await serving.pass(MINUTE);
    expect(raised()).toBe(LIMIT);
    const casewire = await world.open();
    await casewire.retryHeld();
    await casewire.close();
    await serving.pass(15 * MINUTE);
    expect(raised()).toBe(ALERTS);
    await serving.stop();
  });
});
