import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { faults } from '../../src/simulators/fault.ts';
import { manyAlerts } from '../../src/simulators/scene/many-alerts.ts';
import { Serving } from '../serving.ts';
import { World } from '../world.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const EVERY = 5 * MINUTE;
const CREATE = /\/issue(\?|$)/;

describe('serve', () => {
  let world: World;
  let running: Serving[];

  beforeEach(async () => {
    world = await World.start();
    running = [];
  });

  afterEach(async () => {
    for (const serving of running) await serving.stop();
    expect(world.scene.jira.unexpected).toEqual([]);
    expect(world.scene.cloudApps.unexpected).toEqual([]);
    expect(world.scene.jira.twins()).toEqual([]);
    await world.stop();
  });

  function start(): Serving {
    const serving = new Serving(world);
    running.push(serving);
    return serving;
  }

  const issues = () => [...world.issuesByAlert().keys()];
  const issuesOf = (tenant: string) => issues().filter((key) => key.startsWith(`${tenant}/`));

  let made = 0;
  /** A new alert, raised now. */
  function anAlert(tenant = 'contoso'): string {
    const [alert] = manyAlerts(1, { before: world.clock.now(), tenant, seed: 1_000 + made++ });
    if (!alert) throw new Error('there is no alert');
    world.scene.cloudApps.addAlert(tenant, alert);
    return `${tenant}/${alert._id}`;
  }

  it('raises what is there, and each new alert within its tenant’s pause and a second', async () => {
    const serving = start();
    await serving.pass(20 * SECOND);
    expect(issues()).toHaveLength(15);
    for (let i = 0; i < 5; i++) {
      await serving.pass(97 * SECOND);
      const alert = anAlert();
      await serving.pass(EVERY + SECOND);
      expect(issues()).toContain(alert);
    }
    expect(serving.of('job-failed')).toEqual([]);
  });

  it('polls each tenant on its own clock, and asks Jira for no more than a few searches an hour while all is quiet', async () => {
    world.editConfig = (yaml) => yaml.replace('lookback: 14d', 'lookback: 14d\n    every: 1m');
    const serving = start();
    await serving.pass(10 * MINUTE);
    const before = world.scene.jira.journal.length;
    const polls = () => ['contoso', 'fabrikam'].map((tenant) => world.scene.cloudApps.callsOf(tenant).length);
    const [minutely = 0, usual = 0] = polls();
    await serving.pass(HOUR);
    const [laterMinutely = 0, laterUsual = 0] = polls();
    expect(laterMinutely - minutely).toBeGreaterThanOrEqual(60);
    expect(laterMinutely - minutely).toBeLessThanOrEqual(67);
    expect(laterUsual - usual).toBeGreaterThanOrEqual(12);
    expect(laterUsual - usual).toBeLessThanOrEqual(14);
    const asked = world.scene.jira.journal.slice(before).map(({ method, path }) => `${method} ${path.split('?')[0]}`);
    expect(asked.filter((call) => !/ \/rest\/api\/3\/(search\/jql|issue\/bulkfetch)$/.test(call))).toEqual([]);
    expect(asked.length).toBeLessThanOrEqual(8);
  });

  it('delays nobody by a tenant that hangs', async () => {
    const serving = start();
    await serving.pass(20 * SECOND);
    world.scene.cloudApps.fault({ path: '/contoso/' }, faults.hang(), { every: 1 });
    await serving.pass(EVERY);
    const alert = anAlert('fabrikam');
    await serving.pass(EVERY + SECOND);
    expect(issues()).toContain(alert);
  });

  it('asks a tenant that fails ever more seldom, and catches up when it is mended', async () => {
    const serving = start();
    await serving.pass(20 * SECOND);
    const revoked = world.scene.cloudApps.fault({ path: '/contoso/' }, faults.status(401, { body: {} }), { every: 1 });
    const alert = anAlert();
    await serving.pass(6 * HOUR);
    const calls = world.scene.cloudApps.callsOf('contoso').length;
    expect(calls).toBeLessThan(20);
    expect(serving.of('poll-failed').at(-1)?.why).toContain('401');
    revoked.cancel();
    await serving.pass(30 * MINUTE + SECOND);
    expect(issues()).toContain(alert);
  });

  it('waits exactly as long as a throttled source asks', async () => {
    const serving = start();
    await serving.pass(20 * SECOND);
    const throttled = faults.status(429, { headers: { 'Retry-After': '1200' }, body: {} });
    world.scene.cloudApps.fault({ path: '/contoso/' }, throttled);
    await serving.pass(EVERY);
    const refused = world.scene.cloudApps.callsOf('contoso').at(-1);
    expect(refused?.status).toBe(429);
    await serving.pass(1_200 * SECOND + SECOND);
    const after = world.scene.cloudApps.callsOf('contoso').filter(({ at }) => at > (refused?.at ?? 0));
    expect(after.map(({ at }) => at - (refused?.at ?? 0))).toEqual([1_200 * SECOND]);
  });

  it('takes up a lost answer when it is due, not at the next poll', async () => {
    world.editConfig = (yaml) => yaml.replaceAll('lookback: 14d', 'lookback: 14d\n    every: 12h');
    world.scene.jira.fault({ path: CREATE, method: 'POST' }, faults.loseAnswer(), { times: 3 });
    const serving = start();
    await serving.pass(MINUTE);
    expect(issues()).toHaveLength(15);
    expect(serving.of('settled').filter(({ line }) => line.outcome === 'adopted')).toHaveLength(3);
  });

  it('sends a create again by itself once its answer is surely lost', async () => {
    world.editConfig = (yaml) => yaml.replaceAll('lookback: 14d', 'lookback: 14d\n    every: 12h');
    world.scene.jira.fault({ path: CREATE, method: 'POST' }, faults.hang(), { times: 1 });
    const serving = start();
    await serving.pass(12 * MINUTE);
    expect(issues()).toHaveLength(15);
  });

  it('releases a storm as the hour allows, between polls', async () => {
    world.editConfig = (yaml) =>
      `${yaml.replaceAll('lookback: 14d', 'lookback: 14d\n    every: 12h')}\nlimits: { newTicketsPerTenantPerHour: 2 }\n`;
    const serving = start();
    await serving.pass(MINUTE);
    expect(issuesOf('contoso')).toHaveLength(2);
    await serving.pass(HOUR);
    expect(issuesOf('contoso')).toHaveLength(4);
    await serving.pass(HOUR + MINUTE);
    expect(issuesOf('contoso')).toHaveLength(5);
  });

  it('leaves a site alone that is down, with few calls, and raises everything when it is back', async () => {
    const down = world.scene.jira.fault({ path: '/' }, faults.reset(), { every: 1 });
    const serving = start();
    await serving.pass(HOUR);
    expect(issues()).toHaveLength(0);
    expect(world.scene.jira.journal.length).toBeLessThan(200);
    down.cancel();
    await serving.pass(5 * MINUTE + 10 * SECOND);
    expect(issues()).toHaveLength(15);
  });

  it('tries refused credentials again, and goes on when they are mended', async () => {
    const refused = world.scene.jira.fault({ path: '/' }, faults.status(401, { body: {} }), { every: 1 });
    const serving = start();
    await serving.pass(2 * HOUR);
    expect(issues()).toHaveLength(0);
    expect(world.scene.jira.journal.length).toBeLessThan(100);
    refused.cancel();
    await serving.pass(15 * MINUTE + 10 * SECOND);
    expect(issues()).toHaveLength(15);
  });

  it.each([
    ['ten minutes forward', 10 * MINUTE],
    ['an hour forward', HOUR],
    ['ten minutes back', -10 * MINUTE],
    ['an hour back', -HOUR],
  ])('misses nothing when the clock is set %s', async (_, ms) => {
    const serving = start();
    await serving.pass(20 * SECOND);
    const before = anAlert();
    world.clock.jump(ms);
    const after = anAlert('fabrikam');
    await serving.pass(EVERY + SECOND);
    expect(issues()).toEqual(expect.arrayContaining([before, after]));
    const later = anAlert();
    await serving.pass(EVERY + SECOND);
    expect(issues()).toContain(later);
  });

  it('is harmless twice at once, and beside a run', async () => {
    const [one, two] = [start(), start()];
    await one.pass(20 * SECOND);
    const alerts = [anAlert(), anAlert('fabrikam'), anAlert('northwind')];
    await Promise.all([one.pass(EVERY + SECOND), world.run()]);
    expect(issues()).toEqual(expect.arrayContaining(alerts));
    expect(world.creates()).toHaveLength(18);
    expect([...one.of('job-failed'), ...two.of('job-failed')]).toEqual([]);
  });
});
