import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EntraSim } from '../../src/simulators/entra-sim.ts';
import { CLIENT_ID, signInByEntra, TENANT_IDS } from '../entra-scene.ts';
import { askGroupsOf, type GroupsSim } from '../groups-scene.ts';
import { World } from '../world.ts';

const RULES = `rules:
  - name: Leaked credentials of staff
    when: alert.users.exists(u, "Staff" in u.groups) && alert.title.contains("Leaked credentials")
    then: { priority: Highest, labels: [vip] }
`;

/** The object id by which the tenant's alerts name a user. */
function idOf(world: World, address: string): string {
  const alerts = world.scene.cloudApps.tenants.get('contoso')?.alerts as { entities?: { id: string; pa?: string }[] }[];
  return alerts.flatMap(({ entities = [] }) => entities).find(({ pa }) => pa === address)?.id ?? '';
}

describe('leaked credentials of a user in a group', () => {
  let world: World;
  let entra: EntraSim;
  let graph: GroupsSim;

  beforeEach(async () => {
    world = await World.start();
    entra = await signInByEntra(world);
    const user = { id: idOf(world, 'priya.raman@contoso.com'), userPrincipalName: 'priya.raman@contoso.com' };
    graph = await askGroupsOf(world, entra, {
      contoso: {
        users: [{ ...user, memberOf: ['g1'] }],
        groups: [
          { id: 'g1', displayName: 'Finance', memberOf: ['g2'] },
          { id: 'g2', displayName: 'Staff' },
        ],
      },
    });
    const edit = world.editConfig;
    world.editConfig = (yaml) => RULES + edit(yaml);
  });

  afterEach(async () => {
    expect(graph.unexpected).toEqual([]);
    await world.stop();
  });

  it('get the highest priority, at the cost of one question for the one alert whose title leaves it open', async () => {
    const pass = await world.run();
    expect(pass.lines.filter(({ priority }) => priority === 'Highest')).toMatchObject([
      { title: 'Leaked credentials', why: 'rule "Leaked credentials of staff" gives priority Highest' },
    ]);
    expect(pass.rules).toEqual([{ rule: 'Leaked credentials of staff', spoke: 1, suppressed: 0, undecided: 0 }]);
    expect(graph.journal).toHaveLength(1);
    expect(graph.journal[0]?.path).toContain(idOf(world, 'priya.raman@contoso.com'));
  });

  it('are raised as usual and shown as undecided where the app may not read groups', async () => {
    const app = entra.tenants.get(TENANT_IDS.contoso ?? '')?.get(CLIENT_ID);
    if (app) app.roles = { ...app.roles, [graph.origin]: ['SecurityAlert.Read.All'] };
    const pass = await world.run();
    expect(world.issuesByAlert().size).toBe(15);
    expect(pass.rules).toEqual([{ rule: 'Leaked credentials of staff', spoke: 0, suppressed: 0, undecided: 1 }]);
    const line = pass.lines.find(({ rules }) => rules);
    expect(line?.rules?.undecided[0]?.why).toBe(
      "groups of priya.raman@contoso.com not checked: the app may not read users' groups: it lacks GroupMember.Read.All",
    );
    const issue = world.scene.jira.issues().find(({ key }) => key === line?.ticket?.key);
    expect(JSON.stringify(issue?.fields)).toContain('not checked: the app may not read');
  });
});
