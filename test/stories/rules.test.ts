import { afterEach, describe, expect, it } from 'vitest';
import { World } from '../world.ts';

/** Puts rules before everything else of the configuration. */
const withRules = (rules: string) => (yaml: string) => `rules:\n${rules}\n${yaml}`;

const LAB = `  - name: Lab tenant
    when: tenant == "northwind"
    then: { suppress: Alerts of the lab are not ticketed }`;

const RANSOMWARE = `  - name: Ransomware at once
    when: alert.title.contains("Ransomware")
    then: { priority: Highest, labels: [vip], issueType: Task, components: [Endpoint], assignee: mira@example.com }`;

describe('rules', () => {
  let world: World;

  afterEach(async () => {
    expect(world.scene.jira.unexpected).toEqual([]);
    await world.stop();
  });

  it('keep the alerts of a lab from Jira, by name and reason, and count them', async () => {
    world = await World.start({ config: withRules(LAB) });
    const pass = await world.run();
    expect(pass.tenants.map(({ raised, suppressed }) => [raised, suppressed])).toEqual([
      [5, 0],
      [5, 0],
      [0, 5],
    ]);
    expect(pass.rules).toEqual([{ rule: 'Lab tenant', spoke: 5, suppressed: 5, undecided: 0 }]);
    const [line] = pass.lines.filter(({ outcome }) => outcome === 'suppressed');
    expect(line?.why).toBe('by rule "Lab tenant": Alerts of the lab are not ticketed');
    expect((await world.run()).rules).toBeUndefined();
    // No address of theirs was asked after: those of the lab alone never left.
    expect(JSON.stringify(world.scene.abuseipdb.journal)).not.toContain('4321');
  });

  it.each(['cloud', 'datacenter'] as const)('set what the issue of a %s site is, and say so on it', async (edition) => {
    world = await World.start({
      edition,
      // The issue type that the rule chooses has other fields on its screen.
      config: (yaml) => withRules(RANSOMWARE)(yaml.replace(/ {2}fields:\n( {4}.*\n)*/, '')),
    });
    const plan = await world.plan();
    expect(plan.lines.filter(({ priority }) => priority === 'Highest')).toMatchObject([
      { title: 'Ransomware activity', issueType: 'Task', why: 'rule "Ransomware at once" gives priority Highest' },
    ]);
    const pass = await world.run();
    const line = pass.lines.find(({ title }) => title === 'Ransomware activity');
    expect(line?.notes).toEqual([]);
    const issue = world.scene.jira.issues().find(({ key }) => key === line?.ticket?.key);
    const fields = JSON.stringify(issue?.fields);
    expect(issue?.labels).toContain('vip');
    expect(fields).toContain('Ransomware at once');
    expect(issue?.fields).toMatchObject({ components: [{ id: '10301' }], assignee: expect.anything() });
    expect(pass.rules).toEqual([{ rule: 'Ransomware at once', spoke: 1, suppressed: 0, undecided: 0 }]);
    const casewire = await world.open(undefined, 'use');
    const history = await casewire.explain('fabrikam' as never, line?.alertId as never);
    await casewire.close();
    expect(history?.line.rules?.spoke).toEqual([
      {
        rule: 'Ransomware at once',
        said: 'priority Highest, label vip, issue type Task, assignee mira@example.com, component Endpoint',
      },
    ]);
  });

  it('that fail at run time cost no ticket, and are counted and shown', async () => {
    world = await World.start({
      config: withRules(`  - name: Second user
    when: alert.users[1].name.contains("a")
    then: { labels: [two] }
${RANSOMWARE.replace(', issueType: Task', '')}`),
    });
    const pass = await world.run();
    expect(world.creates()).toHaveLength(15);
    expect(pass.rules).toContainEqual({ rule: 'Second user', spoke: 0, suppressed: 0, undecided: 15 });
    expect(JSON.stringify(world.scene.jira.issues()[0]?.fields)).toContain(' undecided: ');
  });

  it('that need groups say why they are undecided where groups cannot be asked for', async () => {
    world = await World.start({
      config: withRules(`  - name: Leaked credentials of staff
    when: alert.title.contains("Leaked credentials") && alert.users.exists(u, "Staff" in u.groups)
    then: { priority: Highest }`),
    });
    const pass = await world.run();
    expect(pass.rules).toEqual([{ rule: 'Leaked credentials of staff', spoke: 0, suppressed: 0, undecided: 1 }]);
    const line = pass.lines.find(({ rules }) => rules);
    expect(line?.rules?.undecided[0]?.why).toMatch(
      /^groups of priya\.raman@contoso\.com not checked: a legacy API token/,
    );
  });

  it('are tried by check, each for what it alone asks of Jira and of the tenants', async () => {
    world = await World.start({
      config: withRules(`  - name: Elsewhere
    when: tenant == "contoso"
    then: { project: RED }
  - name: Too urgent
    when: alert.severity == "high"
    then: { priority: Blocker }
  - name: Nobody
    when: alert.severity == "low"
    then: { assignee: nobody@example.com }
  - name: Staff
    when: alert.users.exists(u, "Staff" in u.groups)
    then: { labels: [vip] }`),
    });
    const casewire = await world.open();
    const lines = await world.drive(casewire.check());
    await casewire.close();
    const said = (level: string) => lines.filter((line) => line.level === level).map(({ says }) => says);
    expect(said('error')).toEqual([
      'project RED does not exist or cannot be seen by this account',
      expect.stringContaining('project "RED" does not exist'),
      'priority "Blocker" does not exist in SOC / IT Help',
    ]);
    expect(said('warning')).toContainEqual(expect.stringContaining('no Jira user is found by "nobody@example.com"'));
    expect(said('warning').filter((says) => says.startsWith('rules that need groups'))).toHaveLength(3);
  });

  it('leave priorities that nobody configured to the project where it lacks them; check says so, run goes on', async () => {
    world = await World.start({
      config: (yaml) =>
        `${withRules(`  - name: Ransomware
    when: alert.title.contains("Ransomware")
    then: { raisePriorityBy: 1 }`)(yaml).replace(/^ {2}priority:.*\n/m, '')}`,
    });
    for (const one of world.scene.jira.site.priorities) Object.assign(one, { name: `P${one.id}` });
    const casewire = await world.open();
    const lines = await world.drive(casewire.check());
    await casewire.close();
    expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
    const said = lines.filter(({ mend }) => mend?.includes('ticket.priority'));
    expect(said.map(({ level, says }) => `${level}: ${/"\w+"/.exec(says)?.[0]}`)).toEqual(
      ['High', 'Medium', 'Low', 'Lowest', 'Highest'].map((name) => `warning: "${name}"`),
    );
    expect(said[0]?.mend).toContain('P1, P2, P3, P4, P5');
    const report = await world.run();
    expect(report.lines.filter(({ outcome }) => outcome === 'raised')).toHaveLength(15);
  });

  it('that name an assignee whom Jira does not know cost no ticket, and the summary says so', async () => {
    world = await World.start({
      config: withRules(`  - name: Nobody
    when: tenant == "contoso"
    then: { assignee: nobody@example.com }`),
    });
    const report = await world.run();
    expect(report.lines.filter(({ outcome }) => outcome === 'raised')).toHaveLength(15);
    expect(world.creates().filter(({ body }) => body?.includes('"assignee":'))).toEqual([]);
    const said = [...report.warnings, ...report.lines.flatMap(({ notes }) => notes)].join('\n');
    expect(said).toContain('nobody@example.com');
  });

  it('that change between two runs decide anew what is held by them', async () => {
    const rule = (component: string) => `  - name: Mail
    when: alert.type.contains("inbox") || alert.title.contains("inbox")
    then: { components: [${component}] }`;
    world = await World.start();
    world.editConfig = withRules(rule('Mail'));
    const first = await world.run();
    expect(first.lines.filter(({ outcome }) => outcome === 'held')).toMatchObject([
      { title: 'Suspicious inbox forwarding', why: expect.stringContaining('component "Mail" does not exist') },
    ]);
    expect(world.creates()).toHaveLength(14);
    world.editConfig = withRules(rule('Cloud'));
    const second = await world.run();
    expect(second.lines).toMatchObject([{ outcome: 'raised', title: 'Suspicious inbox forwarding' }]);
    expect(world.creates()).toHaveLength(15);
  });
});
