import { afterEach, describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../src/domain/time.ts';
import { raisedWorld, syncOnce, writesOf } from '../sync-world.ts';
import type { World } from '../world.ts';

let world: World;
afterEach(() => world.stop());

/** The first alert of contoso that has an issue of its own. */
function firstPair(tenant = 'contoso'): { alert: string; issue: string } {
  for (const [key, [issue = '']] of world.issuesByAlert())
    if (key.startsWith(`${tenant}/`)) return { alert: key.slice(tenant.length + 1), issue };
  throw new Error(`${tenant} has no issue`);
}

function alertAt(tenant: string, id: string): Record<string, unknown> {
  const found = world.scene.cloudApps.tenants
    .get(tenant)
    ?.alerts.find((one) => (one as { _id?: string })?._id === id) as Record<string, unknown>;
  return found;
}

function statusOf(key: string): string | undefined {
  return world.scene.jira.issues().find((issue) => issue.key === key)?.status;
}

const commentsOf = (key: string) => JSON.stringify(world.scene.jira.commentsOf(key).map(({ body }) => body));

describe('both ways', () => {
  it('does nothing while nothing happens', async () => {
    world = await raisedWorld();
    const before = writesOf(world).length;
    const first = await syncOnce(world);
    const second = await syncOnce(world);
    expect(first.tenants.map(({ tenant, watched, failure }) => [tenant, watched, failure])).toEqual([
      ['contoso', expect.any(Number), undefined],
      ['fabrikam', expect.any(Number), undefined],
      ['northwind', expect.any(Number), undefined],
    ]);
    expect(first.tenants.reduce((sum, { watched }) => sum + watched, 0)).toBe(15);
    expect([...first.lines, ...second.lines]).toEqual([]);
    expect(writesOf(world).slice(before)).toEqual([]);
  });

  it('closes the alert of an issue that is done, with the verdict of its resolution', async () => {
    world = await raisedWorld();
    await syncOnce(world);
    const { alert, issue } = firstPair();
    world.clock.advance(5 * MINUTE_MS);
    world.scene.jira.setStatus(issue, 'Done');
    const report = await syncOnce(world);
    expect(report.lines).toMatchObject([{ deed: 'close-alert', ending: 'done', ticket: { key: issue } }]);
    expect(alertAt('contoso', alert).resolutionStatusValue).toBe(5);
    const before = writesOf(world).length;
    await syncOnce(world);
    await syncOnce(world);
    expect(writesOf(world).slice(before)).toEqual([]);
  });

  it('moves the issue of an alert that was closed in Defender, and tells it', async () => {
    world = await raisedWorld();
    await syncOnce(world);
    const { alert, issue } = firstPair();
    world.clock.advance(5 * MINUTE_MS);
    world.scene.cloudApps.closeAlert('contoso', alert, 3);
    const report = await syncOnce(world);
    expect(report.lines).toMatchObject([{ deed: 'move-issue', ending: 'done', ticket: { key: issue } }]);
    expect(report.tenants[0]).toMatchObject({ moved: 1, told: 1, waiting: 0, refused: 0 });
    expect(statusOf(issue)).toBe('Done');
    expect(commentsOf(issue)).toContain('closed as false positive');
    const before = writesOf(world).length;
    await syncOnce(world);
    await syncOnce(world);
    expect(writesOf(world).slice(before)).toEqual([]);
  });
});
