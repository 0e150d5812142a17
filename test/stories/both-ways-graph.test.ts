import { afterEach, describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../src/domain/time.ts';
import { CLIENT_ID, TENANT_IDS } from '../entra-scene.ts';
import { type GraphScene, graphBeside } from '../graph-scene.ts';
import { BOTH_WAYS, commentsOf, firstPair, resolve, statusOf, syncOnce } from '../sync-world.ts';
import { World } from '../world.ts';

let world: World;
let scene: GraphScene;
afterEach(() => world.stop());

/** All tenants read from Graph, kept in step once, five minutes ago. */
async function begun(): Promise<{ alert: string; issue: string }> {
  world = await World.start({ config: (yaml) => yaml + BOTH_WAYS });
  scene = await graphBeside(world);
  scene.readFromGraph('contoso', 'fabrikam', 'northwind');
  for (const id of Object.values(TENANT_IDS)) {
    const app = scene.entra.tenants.get(id)?.get(CLIENT_ID);
    if (app) app.roles = { ...app.roles, [scene.graph.origin]: ['SecurityAlert.ReadWrite.All'] };
  }
  await world.run();
  await syncOnce(world);
  world.clock.advance(5 * MINUTE_MS);
  return firstPair(world);
}

const writes = () =>
  [...scene.graph.journal, ...world.scene.jira.journal]
    .filter(({ method, path }) => method !== 'GET' && !/search|bulkfetch|changelog/.test(path))
    .map(({ method, path }) => `${method} ${path}`);

describe('both ways with Microsoft Graph', () => {
  it('closes the alert of a done issue, and opens it again with the issue', async () => {
    const { alert, issue } = await begun();
    resolve(world, issue, 'False Positive');
    expect((await syncOnce(world)).tenants[0]).toMatchObject({ closed: 1, waiting: 0 });
    world.clock.advance(5 * MINUTE_MS);
    world.scene.jira.setStatus(issue, 'In Progress');
    const report = await syncOnce(world);
    expect(report.lines).toMatchObject([{ deed: 'reopen-alert', ending: 'done', alertId: alert }]);
    const before = writes().length;
    for (let pass = 0; pass < 2; pass++) {
      world.clock.advance(45 * MINUTE_MS);
      await syncOnce(world);
    }
    expect(writes().slice(before)).toEqual([]);
  });

  it('asks only what changed since the last pass, and hears of a closed alert by that', async () => {
    const { alert, issue } = await begun();
    const before = scene.graph.requests(/alerts_v2/).length;
    scene.graph.closeAlert('contoso', alert, 3);
    const report = await syncOnce(world);
    const asked = scene.graph.requests(/alerts_v2/).slice(before);
    expect(asked.filter(({ path }) => path.includes('lastUpdateDateTime'))).toHaveLength(3);
    expect(report.lines).toMatchObject([{ deed: 'move-issue', ending: 'done' }]);
    expect(statusOf(world, issue)).toBe('Done');
    expect(commentsOf(world, issue)).toEqual([expect.stringContaining('false positive')]);
  });
});
