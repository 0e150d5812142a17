import { afterEach, describe, expect, it } from 'vitest';
import { manyAlerts } from '../../src/simulators/scene/many-alerts.ts';
import { type PassReport, World } from '../world.ts';

const MINUTE = 60_000;
const QUIET = Array.from({ length: 17 }, (_, n) => `quiet-${n + 1}`);
const STORM = 1_000;
const LIMIT = 200;
const MOST_IN_FLIGHT = 32;

describe('a storm of one tenant beside nineteen quiet ones', () => {
  let world: World;

  afterEach(async () => {
    expect(world.scene.jira.unexpected).toEqual([]);
    expect(world.scene.cloudApps.unexpected).toEqual([]);
    await world.stop();
  });

  /** Twenty tenants with one to five alerts each; `stormy`: contoso has a thousand more, of ten minutes. */
  async function start(stormy: boolean, rules = ''): Promise<void> {
    world = await World.start();
    const { cloudApps } = world.scene;
    const token = 'simulated-quiet-token';
    Object.assign(world.scene.env, { QUIET_TOKEN: token });
    for (const name of QUIET) {
      cloudApps.addTenant(name, { token, alerts: [] });
      const alert = { _id: name.padEnd(24, '0'), timestamp: world.clock.now(), title: 'Quiet', severityValue: 2 };
      cloudApps.addAlert(name, alert);
    }
    if (stormy)
      for (const alert of manyAlerts(STORM, { before: world.clock.now(), everyMs: 600, distinctAddresses: 5 }))
        cloudApps.addAlert('contoso', alert);
    world.editConfig = (yaml) => {
      const quiet = QUIET.map(
        (name) =>
          `  ${name}:\n    source: defender-cloud-apps\n    url: ${cloudApps.urlOf(name)}\n    auth: { token: "\${env:QUIET_TOKEN}" }\n`,
      );
      return `limits: { newTicketsPerTenantPerHour: ${LIMIT} }\n${rules}${yaml}${quiet.join('')}`;
    };
  }

  const others = ['fabrikam', 'northwind', ...QUIET];
  /** Intents of contoso between the draft of each alert of a quiet tenant and its own intent. */
  function stormBefore({ events }: PassReport): number[] {
    let storm = 0;
    const drafted = new Map<string, number>();
    return events.flatMap((event) => {
      if (event.event === 'drafted') drafted.set(event.key, storm);
      if (event.event !== 'intent-committed') return [];
      if (event.tenant !== 'contoso') return [storm - (drafted.get(event.key) ?? 0)];
      storm += 1;
      return [];
    });
  }

  it('holds what is above the limit, says so once, and delays nobody', { timeout: 180_000 }, async () => {
    await start(true);
    const report = await world.run();
    const contoso = report.tenants.find(({ tenant }) => tenant === 'contoso');
    expect(contoso).toMatchObject({ raised: LIMIT, held: STORM + 5 - LIMIT, waiting: 0 });
    expect(report.warnings.filter((says) => says.includes('storm'))).toEqual([
      expect.stringContaining(`${STORM + 5 - LIMIT} alerts are held`),
    ]);
    const quiet = report.tenants.filter(({ tenant }) => others.includes(tenant));
    expect(quiet.map(({ raised }) => raised)).toEqual([5, 5, ...QUIET.map(() => 1)]);
    expect(quiet.filter(({ failure, waiting, held }) => failure || waiting || held)).toEqual([]);
    const before = stormBefore(report);
    expect(before).toHaveLength(10 + QUIET.length);
    // Each waits for its turn behind no more than what the site has in flight.
    expect(Math.max(...before)).toBeLessThan(MOST_IN_FLIGHT);
    const calls = others.map((tenant) => world.scene.cloudApps.callsOf(tenant).length);
    const again = await world.run();
    expect(again.lines).toEqual([]);
    expect(again.warnings).toEqual([]);
    await world.stop();
    await start(false);
    await world.run();
    expect(calls).toEqual(others.map((tenant) => world.scene.cloudApps.callsOf(tenant).length));
  });

  it('spends one ticket of the limit where a rule makes it one issue', { timeout: 180_000 }, async () => {
    const rule = `rules:\n  - name: Flood\n    when: tenant == "contoso"\n    then: { group: { by: [tenant], within: 30d } }\n`;
    await start(true, rule);
    const report = await world.run();
    const contoso = report.tenants.find(({ tenant }) => tenant === 'contoso');
    expect(contoso).toMatchObject({ raised: 1, attached: STORM + 4, held: 0, waiting: 0 });
    const [issue] = [...world.issuesByAlert()].filter(([alert]) => alert.startsWith('contoso/'));
    const key = issue?.[1][0] ?? '';
    expect(world.scene.jira.commentsOf(key)).toHaveLength(4);
    expect([...world.placesByAlert().values()].filter((places) => places.length !== 1)).toEqual([]);
    expect(world.placesByAlert().size).toBe(world.openAlerts().length);
    world.clock.advance(MINUTE);
    expect((await world.run()).lines).toEqual([]);
  });
});
