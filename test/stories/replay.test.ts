import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Casewire } from '../../src/assembly/casewire.ts';
import { World } from '../world.ts';

const DAY = 86_400_000;

const BEFORE = `rules:
  - name: Lab
    when: tenant == "northwind"
    then: { suppress: Alerts of the lab are not ticketed }
  - name: Ransomware
    when: alert.title.contains("Ransomware")
    then: { priority: Highest }
  - name: Silent
    when: tenant == "nobody"
    then: { labels: [never] }
`;

const AFTER = `rules:
  - name: Ransomware
    when: alert.title.contains("Ransomware")
    then: { raisePriorityBy: -1 }
  - name: Busy address
    when: alert.ips.exists(ip, ip.checked && ip.score >= 75)
    then: { raisePriorityBy: 1 }
  - name: One for each user
    when: tenant == "contoso"
    then: { group: { by: [user], within: 24h } }
  - name: Fabrikam
    when: tenant == "fabrikam" && alert.severity == "low"
    then: { suppress: Fabrikam looks at these itself }
`;

describe('past alerts under other rules', () => {
  let world: World;

  beforeEach(async () => {
    world = await World.start();
    world.editConfig = (yaml) => BEFORE + yaml;
    await world.run();
  });
  afterEach(() => world.stop());

  async function asked<T>(ask: (casewire: Casewire) => Promise<T>): Promise<T> {
    const casewire = await world.open(undefined, 'use');
    try {
      return await ask(casewire);
    } finally {
      await casewire.close();
    }
  }
  const replay = () => asked((casewire) => casewire.replay({ pastMs: 30 * DAY, signal: new AbortController().signal }));

  it('are the same under the same rules', async () => {
    expect(await replay()).toMatchObject({ alerts: 15, changed: 0, tickets: { before: 10, after: 10 } });
  });

  it('show by rule what would change, ask nobody and write nothing', async () => {
    const calls = () =>
      [world.scene.jira, world.scene.abuseipdb, world.scene.cloudApps].map(({ journal }) => journal.length);
    const [callsBefore, ledgerBefore] = [calls(), world.ledgerText()];
    world.editConfig = (yaml) => AFTER + yaml;
    const report = await replay();
    expect(calls()).toEqual(callsBefore);
    expect(world.ledgerText()).toBe(ledgerBefore);
    const of = (name: string) => report.rules.find(({ rule }) => rule === name);
    expect(of('Lab')).toMatchObject({ spokeThen: 5, speaksNow: 0, raised: 5, suppressed: 0 });
    expect(of('Ransomware')).toMatchObject({ spokeThen: 1, speaksNow: 1, priorityUp: 0, priorityDown: 1 });
    expect(of('Fabrikam')).toMatchObject({ spokeThen: 0, suppressed: 1 });
    expect(of('One for each user')).toMatchObject({ speaksNow: 5, grouped: 5 });
    expect(of('Busy address')?.priorityUp).toBeGreaterThan(0);
    expect(report.tickets).toEqual({ before: 10, after: 14 });
    expect(report.changes.find(({ title }) => title === 'Ransomware activity')).toMatchObject({
      before: { outcome: 'ticket', priority: 'Highest' },
      after: { outcome: 'ticket', priority: 'Medium' },
      rules: ['Ransomware'],
    });
  });

  it('are counted by rule, those that never spoke and those that are gone among them', async () => {
    world.editConfig = (yaml) => BEFORE.replace('name: Lab', 'name: Test tenant') + yaml;
    const { rules } = await asked((casewire) => casewire.rules());
    expect(rules).toMatchObject([
      { rule: 'Test tenant', spoke: 0, configured: true },
      { rule: 'Ransomware', spoke: 1, last: { title: 'Ransomware activity' }, says: 'priority Highest' },
      { rule: 'Silent', spoke: 0, configured: true },
      { rule: 'Lab', spoke: 5, suppressed: 5, configured: false },
    ]);
    expect(rules[2]).not.toHaveProperty('last');
    world.clock.advance(31 * DAY);
    const later = await asked((casewire) => casewire.rules());
    expect(later.rules.find(({ rule }) => rule === 'Ransomware')).toMatchObject({ spoke: 0, last: expect.anything() });
  });
});
