import { afterEach, describe, expect, it } from 'vitest';
import { Visit } from '../console-visit.ts';
import { originOf } from '../jira-hooks.ts';
import { Serving } from '../serving.ts';
import { writesOf } from '../sync-world.ts';
import { World } from '../world.ts';

const SECOND = 1_000;
const SELDOM = 'sync: { fromJira: {}, every: 6h }\nservice: { listen: "127.0.0.1:0" }\n';

describe('a person who has a tenant kept in step from the console', () => {
  let world: World;
  let serving: Serving;

  async function start(more: string): Promise<Visit> {
    world = await World.start({ config: (yaml) => yaml + more });
    serving = new Serving(world);
    await serving.pass(30 * SECOND);
    const visit = new Visit(originOf(serving));
    await visit.get(serving.link);
    return visit;
  }

  afterEach(async () => {
    await serving.stop();
    await world.stop();
  });

  const closes = () => writesOf(world).filter((call) => /\/alerts\/close/.test(call));
  const issuesOf = (tenant: string) =>
    [...world.issuesByAlert()].flatMap(([key, [issue]]) => (key.startsWith(`${tenant}/`) && issue ? [issue] : []));

  it('has all its pairs looked at, at once, and is on record with it', async () => {
    const visit = await start(SELDOM);
    world.scene.jira.setStatus(issuesOf('contoso')[0] as string, 'Done');
    await serving.pass(60 * SECOND);
    expect(closes()).toEqual([]);
    expect((await visit.get('/tenants/contoso')).text).toContain('Sync it now');
    const seen = await visit.submit('/tenants/contoso/sync', [], '/tenants/contoso');
    expect(seen.text).toContain('are being compared');
    await serving.pass(5 * SECOND);
    expect(closes()).toHaveLength(1);
    expect((await visit.get('/settings/acts')).text).toContain('keep alerts and issues in step');
  });

  it('finds no button, and is refused, where nothing is kept in step', async () => {
    const visit = await start('service: { listen: "127.0.0.1:0" }\n');
    expect((await visit.get('/tenants/contoso')).text).not.toContain('Sync it now');
    const seen = await visit.submit('/tenants/contoso/sync', [], '/settings');
    expect(seen.text).toContain('nothing is kept in step');
  });
});
