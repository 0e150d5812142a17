import { afterEach, describe, expect, it } from 'vitest';
import type { SiteId } from '../../src/domain/ticket.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/domain/time.ts';
import { commentsOf, raisedWorld, resolutionOf, resolve, statusOf, syncOnce, writesOf } from '../sync-world.ts';
import type { World } from '../world.ts';

let world: World;
afterEach(() => world.stop());

/** Three alerts that share one issue; its key. */
async function grouped(): Promise<{ alerts: readonly string[]; issue: string }> {
  world = await raisedWorld();
  world.editConfig = (yaml) => `${yaml}
rules:
  - name: Daily
    when: alert.title.startsWith("Repeated")
    then: { group: { by: [tenant], within: 24h } }
`;
  const alerts = ['a1', 'a2', 'a3'].map((end) => end.padStart(24, '7'));
  for (const [n, _id] of alerts.entries()) {
    const timestamp = world.clock.now() - HOUR_MS + n * 1000;
    world.scene.cloudApps.addAlert('contoso', { _id, timestamp, title: 'Repeated sign-ins', severityValue: 1 });
  }
  world.clock.advance(5 * MINUTE_MS);
  await world.run();
  await syncOnce(world);
  world.clock.advance(5 * MINUTE_MS);
  const [issue = ''] = alerts.flatMap((id) => world.issuesByAlert().get(`contoso/${id}`) ?? []);
  expect(commentsOf(world, issue)).toHaveLength(1);
  return { alerts, issue };
}

describe('an issue of three alerts', () => {
  it('closes all of them when it is done', async () => {
    const { alerts, issue } = await grouped();
    resolve(world, issue, 'False Positive');
    const report = await syncOnce(world);
    expect(report.tenants[0]).toMatchObject({ closed: 3, told: 0 });
    expect(alerts.map((id) => resolutionOf(world, id))).toEqual([3, 3, 3]);
  });

  it('is told of each alert that is closed, and moved with the last of them', async () => {
    const { alerts, issue } = await grouped();
    const [first = '', ...others] = alerts;
    world.scene.cloudApps.closeAlert('contoso', first, 3);
    await syncOnce(world);
    expect(statusOf(world, issue)).toBe('To Do');
    expect(commentsOf(world, issue)).toHaveLength(2);
    for (const id of others) world.scene.cloudApps.closeAlert('contoso', id, 3);
    world.clock.advance(5 * MINUTE_MS);
    const report = await syncOnce(world);
    expect(report.tenants[0]).toMatchObject({ moved: 1, told: 1 });
    expect(statusOf(world, issue)).toBe('Done');
    // Two alerts were told in one comment.
    expect(commentsOf(world, issue)).toHaveLength(3);
    for (const id of others) expect(commentsOf(world, issue)[2]).toContain(id);
    const before = writesOf(world).length;
    world.clock.advance(2 * HOUR_MS);
    await syncOnce(world);
    await syncOnce(world);
    expect(writesOf(world).slice(before)).toEqual([]);
  });
});

describe('an issue of alerts of two tenants', () => {
  /** One alert of each tenant about the same user, who shares one issue over the tenants. */
  async function acrossTenants(): Promise<{ issue: string; alerts: Record<string, string> }> {
    world = await raisedWorld();
    world.editConfig = (yaml) => `${yaml}
rules:
  - name: One user
    when: alert.title.startsWith("Repeated")
    then: { group: { by: [title], within: 24h } }
`;
    const alerts = { contoso: 'c1'.padStart(24, '7'), fabrikam: 'f1'.padStart(24, '7') };
    for (const [tenant, _id] of Object.entries(alerts)) {
      const timestamp = world.clock.now() - HOUR_MS;
      world.scene.cloudApps.addAlert(tenant, { _id, timestamp, title: 'Repeated sign-ins', severityValue: 1 });
    }
    world.clock.advance(5 * MINUTE_MS);
    await world.run();
    world.clock.advance(5 * MINUTE_MS);
    await world.run();
    const keys = Object.entries(alerts).map(([tenant, id]) => `${tenant}/${id}`);
    const [issue = '', another] = keys.flatMap((key) => world.issuesByAlert().get(key) ?? []);
    expect(another).toBeUndefined();
    expect(commentsOf(world, issue)).toHaveLength(1);
    await syncOnce(world);
    world.clock.advance(5 * MINUTE_MS);
    return { issue, alerts };
  }

  it('closes the alert of each tenant at its own source when it is done', async () => {
    const { issue, alerts } = await acrossTenants();
    resolve(world, issue, 'False Positive');
    const report = await syncOnce(world);
    expect(report.tenants.map(({ tenant, closed }) => [tenant, closed])).toEqual([
      ['contoso', 1],
      ['fabrikam', 1],
      ['northwind', 0],
    ]);
    expect(resolutionOf(world, alerts.contoso ?? '', 'contoso')).toBe(3);
    expect(resolutionOf(world, alerts.fabrikam ?? '', 'fabrikam')).toBe(3);
  });

  it('is moved when the last of them is closed, also where both are closed between two passes', async () => {
    const { issue, alerts } = await acrossTenants();
    world.scene.cloudApps.closeAlert('contoso', alerts.contoso ?? '', 3);
    world.scene.cloudApps.closeAlert('fabrikam', alerts.fabrikam ?? '', 3);
    await syncOnce(world);
    expect(statusOf(world, issue)).toBe('Done');
  });
});

describe('an issue of more alerts than is usual to change at once', () => {
  it('closes all of them when a webhook names it, where the tenant has many more', async () => {
    world = await raisedWorld();
    world.editConfig = (yaml) => `${yaml}
rules:
  - name: Daily
    when: alert.title.startsWith("Repeated")
    then: { group: { by: [tenant], within: 24h } }
`;
    const add = (_id: string, title: string) =>
      world.scene.cloudApps.addAlert('contoso', {
        _id,
        timestamp: world.clock.now() - HOUR_MS,
        title,
        severityValue: 1,
      });
    const alerts = Array.from({ length: 25 }, (_, n) => n.toString(16).padStart(24, '7'));
    for (const id of alerts) add(id, 'Repeated sign-ins');
    for (let n = 0; n < 80; n++) add(n.toString(16).padStart(24, '8'), `Alone ${n}`);
    world.clock.advance(5 * MINUTE_MS);
    await world.run();
    await syncOnce(world);
    const [issue = ''] = alerts.flatMap((id) => world.issuesByAlert().get(`contoso/${id}`) ?? []);
    resolve(world, issue);
    const casewire = await world.open();
    const ticketId = world.scene.jira.site.find(issue)?.id ?? '';
    const { ledger } = casewire.engine();
    await ledger.hints.record({ names: ['a call'], sites: ['default' as SiteId], ticketId, now: world.clock.now() });
    await casewire.close();
    const report = await syncOnce(world, { hintsOnly: true });
    // Some wait for the source's pace.
    expect(report.tenants[0]?.closed).toBeGreaterThan(20);
    expect(report.tenants[0]).not.toHaveProperty('stopped');
  });
});
