import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../src/cli/exit-code.ts';
import { faults } from '../../src/simulators/fault.ts';
import { World } from '../world.ts';

const MINUTE = 60_000;
const METADATA = { method: 'GET', path: /createmeta/ };
const CREATE = { method: 'POST', path: /\/issue(\?|$)/ };

describe('a run', () => {
  let world: World;

  beforeEach(async () => {
    world = await World.start();
  });

  afterEach(async () => {
    expect(world.scene.jira.twins()).toEqual([]);
    await world.stop();
  });

  const busyFor = (seconds: number) => faults.status(429, { headers: { 'Retry-After': String(seconds) }, body: {} });

  it.each([
    ['the first question about the project', METADATA, 1, 1],
    ['three questions about the project', METADATA, 1, 3],
    ['every create at first', CREATE, 2, 15],
  ] as const)('waits out a short wait that Jira asks for at %s', async (_, where, seconds, times) => {
    world.scene.jira.fault(where, busyFor(seconds), { times });
    const report = await world.run();
    expect(report.tenants.map(({ raised, waiting }) => [raised, waiting])).toEqual([
      [5, 0],
      [5, 0],
      [5, 0],
    ]);
    expect(report.siteFailures).toEqual([]);
    expect(exitCodeOf(report, ['default'])).toBe(0);
  });

  it('leaves the rest to the next run after 5 s in all, and is no failure', async () => {
    world.scene.jira.fault(METADATA, busyFor(2), { times: 100 });
    const from = world.clock.now();
    const report = await world.run();
    expect(report.tenants.reduce((sum, { waiting }) => sum + waiting, 0)).toBe(15);
    expect(world.clock.now() - from).toBeLessThanOrEqual(5_000);
    expect(report.siteFailures).toMatchObject([{ waiting: true, why: expect.stringContaining('429') }]);
    expect(exitCodeOf(report, ['default'])).toBe(1);
    expect(new Set(report.lines.map(({ why }) => why)).size).toBe(1);
  });

  it('goes on as long as --wait allows', async () => {
    world.scene.jira.fault(METADATA, busyFor(60), { times: 1 });
    const report = await world.run({ waitMs: 5 * MINUTE });
    expect(report.tenants.map(({ raised }) => raised)).toEqual([5, 5, 5]);
  });

  it('asks a Jira again that answered with a sign-in page a moment ago', async () => {
    const page = { headers: { 'content-type': 'text/html' }, html: '<h1>Sign in</h1>' };
    world.scene.jira.fault({ path: '/' }, faults.status(200, page), { times: 100 });
    const report = await world.run();
    expect(report.tenants.map(({ raised }) => raised)).toEqual([0, 0, 0]);
    world.scene.jira.heal();
    const next = await world.run();
    expect(next.tenants.map(({ raised }) => raised)).toEqual([5, 5, 5]);
  });
});
