import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProgressEvent } from '../../src/observe/progress.ts';
import { faults } from '../../src/simulators/fault.ts';
import { Serving } from '../serving.ts';
import { World } from '../world.ts';

const SECOND = 1_000;
const CREATE = /\/issue(\?|$)/;

describe('serve, told to stop', () => {
  let world: World;

  beforeEach(async () => {
    world = await World.start();
  });

  afterEach(async () => {
    expect(world.scene.jira.twins()).toEqual([]);
    await world.stop();
  });

  async function finish(): Promise<void> {
    const again = new Serving(world);
    await again.pass(20 * 60 * SECOND);
    await again.stop();
    expect([...world.issuesByAlert().keys()].sort()).toEqual(world.openAlerts().sort());
    expect([...world.issuesByAlert().values()].every((keys) => keys.length === 1)).toBe(true);
  }

  const steps: ProgressEvent['event'][] = [
    'serving',
    'poll-started',
    'page-admitted',
    'leased',
    'looked-up',
    'drafted',
    'intent-committed',
    'create-answered',
    'settled',
    'poll-ended',
  ];

  it.each(steps)('at the step "%s" ends within ten seconds, and the next start brings the rest', async (step) => {
    const serving = new Serving(world);
    serving.onEvent = ({ event }) => {
      if (event === step) serving.terminate();
    };
    const from = world.clock.now();
    await world.drive(serving.ended);
    expect(world.clock.now() - from).toBeLessThanOrEqual(10 * SECOND);
    expect(serving.events.some(({ event }) => event === step)).toBe(true);
    await finish();
  });

  it.each([
    ['a source that hangs', () => world.scene.cloudApps.fault({ path: '/' }, faults.hang(), { times: 3 })],
    ['creates that hang', () => world.scene.jira.fault({ path: CREATE, method: 'POST' }, faults.hang(), { times: 15 })],
    ['a site that hangs', () => world.scene.jira.fault({ path: '/' }, faults.hang(), { times: 15 })],
    ['look-ups that hang', () => world.scene.abuseipdb.fault({ path: '/' }, faults.hang(), { times: 30 })],
  ])('does not wait long for %s', async (_, hang) => {
    hang();
    const serving = new Serving(world);
    await serving.pass(3 * SECOND);
    expect(await serving.stop()).toBeLessThanOrEqual(10 * SECOND);
    world.scene.jira.heal();
    world.scene.cloudApps.heal();
    await finish();
  });

  it('refuses to begin on a store that cannot be used, in words', async () => {
    world.editConfig = (yaml) => yaml.replace('./casewire.db', './no-such-folder/casewire.db');
    const serving = new Serving(world);
    await expect(world.drive(serving.ended)).rejects.toThrow(/the store .*no-such-folder.* cannot be opened/);
  });
});
