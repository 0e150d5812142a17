import { afterEach, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/domain/time.ts';
import { BOTH_WAYS, commentsOf, firstPair, raisedWorld, syncOnce, syncUntilQuiet, writesOf } from '../sync-world.ts';
import { World } from '../world.ts';

let world: World;
afterEach(() => world.stop());

/** A world that was kept in step once, an hour ago. */
async function begun(edition: 'cloud' | 'datacenter' = 'cloud'): Promise<{ alert: string; issue: string }> {
  world = await raisedWorld(undefined, { edition });
  await syncOnce(world);
  world.clock.advance(HOUR_MS);
  return firstPair(world);
}

function fieldsOf(issue: string): string {
  return JSON.stringify(world.scene.jira.issues().find(({ key }) => key === issue)?.fields);
}

type Listed = { _id: string; severityValue: number; entities: unknown[] };
const records = () => (world.scene.cloudApps.tenants.get('contoso')?.alerts ?? []) as readonly Listed[];

/** More activities joined the alert: another user, another address, other words. */
function grow(alert: string, more: Record<string, unknown> = {}): void {
  const entities = [
    ...(records().find(({ _id }) => _id === alert)?.entities ?? []),
    { type: 'ip', id: '9.9.9.9', label: '9.9.9.9' },
    { type: 'account', id: 'late@contoso.com', label: 'late@contoso.com' },
  ];
  world.scene.cloudApps.changeAlert('contoso', alert, { description: 'It went on.', entities, ...more });
}

async function isQuiet(): Promise<void> {
  const before = writesOf(world).length;
  world.clock.advance(2 * HOUR_MS);
  await syncOnce(world);
  await syncOnce(world);
  expect(writesOf(world).slice(before)).toEqual([]);
}

describe.each(['cloud', 'datacenter'] as const)('late news, on %s,', (edition) => {
  it('bring the fields of an issue up to date that nobody touched, in one write', async () => {
    const { alert, issue } = await begun(edition);
    const before = writesOf(world).length;
    grow(alert);
    const report = await syncOnce(world);
    expect(report.tenants.find(({ tenant }) => tenant === 'contoso')).toMatchObject({
      updated: 1,
      told: 0,
      waiting: 0,
    });
    expect(fieldsOf(issue)).toContain('It went on.');
    expect(fieldsOf(issue)).toContain('9.9.9.9');
    expect(commentsOf(world, issue)).toEqual([]);
    expect(writesOf(world).slice(before)).toHaveLength(1);
    await isQuiet();
  });

  it('are told in one comment where a person wrote into the issue', async () => {
    const { alert, issue } = await begun(edition);
    const mine = fieldsOf(issue).includes('"type":"doc"')
      ? { type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text: 'my notes' }] }] }
      : 'my notes';
    world.scene.jira.person().edit(issue, 'description', mine);
    world.clock.advance(HOUR_MS);
    grow(alert);
    await syncUntilQuiet(world);
    expect(fieldsOf(issue)).toContain('my notes');
    const told = commentsOf(world, issue);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('It went on.');
    await isQuiet();
  });
});

describe('late news', () => {
  it.each(['news-found', 'news-intended', 'news-written'])(
    'are neither lost nor told twice when a pass breaks off at %s',
    async (at) => {
      const { alert, issue } = await begun();
      grow(alert);
      await syncOnce(world, {
        onEvent: ({ event }) => {
          if (event === at) throw new Error('broken off');
        },
      });
      world.clock.advance(15 * MINUTE_MS);
      await syncUntilQuiet(world);
      expect(fieldsOf(issue)).toContain('It went on.');
      expect(commentsOf(world, issue)).toEqual([]);
      await isQuiet();
    },
  );

  it('raise a priority, and never lower it', async () => {
    await begun();
    const mild = records().find((one) => one.severityValue !== 2 && world.issuesByAlert().has(`contoso/${one._id}`));
    const alert = mild?._id ?? '';
    const [issue = ''] = world.issuesByAlert().get(`contoso/${alert}`) ?? [];
    const priority = () => JSON.stringify(world.scene.jira.issues().find(({ key }) => key === issue)?.fields.priority);
    const born = priority();
    const severities = [2, 0];
    const seen: string[] = [];
    for (const severityValue of severities) {
      world.scene.cloudApps.changeAlert('contoso', alert, { severityValue });
      await syncUntilQuiet(world);
      seen.push(priority() ?? '');
      world.clock.advance(HOUR_MS);
    }
    expect(seen[0]).not.toBe(born);
    expect(seen[1]).toBe(seen[0]);
    await isQuiet();
  });

  it('find the quota of a new day, and each issue gets its addresses once', async () => {
    world = await raisedWorld(undefined, {
      config: (yaml) => yaml.replace('abuseipdb:\n', 'abuseipdb:\n  dailyBudget: 2\n'),
    });
    const { abuseipdb } = world.scene;
    const missed = () =>
      world.scene.jira.issues().filter(({ key }) => fieldsOf(key).includes('look-ups is spent')).length;
    const first = missed();
    expect(first).toBeGreaterThan(0);
    for (let day = 0; day < 3; day++) {
      const asked = abuseipdb.asked().length;
      for (let hour = 0; hour < 24; hour += 6) {
        await syncOnce(world);
        world.clock.advance(DAY_MS / 4);
      }
      expect(abuseipdb.asked().length - asked).toBeLessThanOrEqual(4);
    }
    expect(missed()).toBeLessThan(first);
  });
});

describe('late news of an alert that is listed on the issue of its group', () => {
  it('are told there in one comment, and change no field', async () => {
    world = await World.start({
      config: (yaml) => `${yaml}${BOTH_WAYS}
rules:
  - name: Daily
    when: alert.title.startsWith("Repeated")
    then: { group: { by: [tenant], within: 24h } }
`,
    });
    const { cloudApps, jira } = world.scene;
    const id = (n: number) => String(n).padStart(24, 'a');
    for (const n of [1, 2]) {
      const timestamp = world.clock.now() - HOUR_MS + n * 1_000;
      cloudApps.addAlert('contoso', { _id: id(n), timestamp, title: 'Repeated sign-ins', severityValue: 0 });
    }
    await world.run();
    await world.run();
    await syncUntilQuiet(world);
    const [issue = ''] = world.issuesByAlert().get(`contoso/${id(1)}`) ?? [];
    expect(world.placesByAlert().get(`contoso/${id(2)}`)).toEqual([expect.stringMatching(`^${issue}#`)]);
    const fields = fieldsOf(issue);
    const comments = commentsOf(world, issue).length;
    const issues = jira.issues().length;
    world.clock.advance(HOUR_MS);
    grow(id(2), { severityValue: 2 });
    await syncUntilQuiet(world);
    expect(fieldsOf(issue)).toBe(fields);
    expect(commentsOf(world, issue)).toHaveLength(comments + 1);
    expect(commentsOf(world, issue).at(-1)).toContain('9.9.9.9');
    expect(jira.issues()).toHaveLength(issues);
    await isQuiet();
  });
});
