import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { categoryPath, UNCATEGORISED } from '../../src/domain/category.ts';
import { World } from '../world.ts';

describe.each(['cloud', 'datacenter'] as const)('what kind of incident an alert is, Jira %s', (edition) => {
  let world: World;

  beforeEach(async () => {
    world = await World.start({ edition });
  });
  afterEach(async () => {
    expect(world.scene.jira.unexpected).toEqual([]);
    await world.stop();
  });

  const own = (title: string, more: object = {}) =>
    world.scene.cloudApps.addAlert('contoso', {
      _id: 'c0ffee000000000000000001',
      timestamp: world.clock.now() - 60_000,
      title,
      description: 'A policy of our own spoke.',
      severityValue: 2,
      resolutionStatusValue: 0,
      entities: [],
      ...more,
    });
  const opened = async <T>(work: (casewire: Awaited<ReturnType<World['open']>>) => Promise<T>) => {
    const casewire = await world.open();
    try {
      return await world.drive(work(casewire));
    } finally {
      await casewire.close();
    }
  };

  const findings = async () =>
    (await opened((casewire) => casewire.check())).filter(
      ({ subject, level }) => subject.startsWith('jira') && level !== 'ok',
    );

  it('is known of all fifteen on Monday', async () => {
    const { lines } = await world.run();
    const paths = lines.map(({ category }) => (category ? categoryPath(category) : ''));
    expect(paths).toHaveLength(15);
    expect(paths.filter((path) => path === UNCATEGORISED || path === '')).toEqual([]);
    expect(new Set(paths).size).toBeGreaterThan(5);
    expect((await opened((casewire) => casewire.status())).uncategorised.types).toEqual([]);
  });

  it('stands on each issue: in a cascading select, in labels, and in its description', async () => {
    await world.run();
    const issues = world.scene.jira.issues();
    const named = (id: string) => issues.map(({ fields }) => fields[id]);
    const chosen = named('customfield_10128') as { id: string; child: { id: string } }[];
    expect(chosen.filter((option) => !option?.id || !option.child?.id)).toEqual([]);
    expect(new Set(chosen.map(({ child }) => child.id)).size).toBeGreaterThan(5);
    expect(named('customfield_10129')).toContainEqual(['T1078', 'T1078.004']);
    expect(issues.filter(({ fields }) => !JSON.stringify(fields.description).includes('Suspected: '))).toEqual([]);
  });

  it('is looked at by check: options that the field lacks are printed ready to paste', async () => {
    expect(await findings()).toEqual([]);
    world.editConfig = (yaml) =>
      yaml.replace('Incident category: "{{ alert.categoryName }}"', 'Category: "{{ alert.categoryName }}"');
    const [finding, ...others] = await findings();
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      level: 'warning',
      says: expect.stringMatching(
        /^field "Category" \(customfield_10127\) lacks \d\d options for categories of alerts/,
      ),
      paste: expect.arrayContaining(['Intrusion Attempts', '  Login Attempts', 'Other', '  Uncategorised']),
    });
    expect(finding?.paste).not.toContain('  Phishing');
  });

  it('is counted by detection where nothing is known of it, and told of the alert', async () => {
    own('ACME: door 7');
    await world.run();
    const { uncategorised } = await opened((casewire) => casewire.status());
    expect(uncategorised).toEqual({ days: 30, types: [{ tenant: 'contoso', type: 'ACME: door 7', alerts: 1 }] });
    const history = await opened((casewire) =>
      casewire.explain('contoso' as never, 'c0ffee000000000000000001' as never),
    );
    expect(history?.line).toMatchObject({ type: 'ACME: door 7', category: { rsitType: 'uncategorised' } });
    world.clock.advance(31 * 24 * 3_600_000);
    expect((await opened((casewire) => casewire.status())).uncategorised.types).toEqual([]);
  });
});
