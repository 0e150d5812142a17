import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Month } from '../month.ts';

const DAY = 24 * 60 * 60_000;

describe('a month of service for fifty tenants, with a trouble every day', () => {
  let month: Month;

  beforeAll(async () => {
    month = await Month.start({ tenants: 50, every: '6h', daysBetweenAlerts: 10 });
    for (let day = 0; day < 30; day++) await month.day();
    await month.pass(DAY);
    await month.end();
  }, 180_000);

  afterAll(() => month.world.stop());

  it('gives each alert its issue, and none two', () => {
    const issues = month.world.issuesByAlert();
    expect(month.alerts).toHaveLength(150);
    expect([...issues.keys()].sort()).toEqual([...month.alerts].sort());
    expect([...issues.values()].filter((keys) => keys.length !== 1)).toEqual([]);
    expect(month.world.scene.jira.twins()).toEqual([]);
  });

  it('meets no fault of its own, and asks nothing that the services do not know', () => {
    const { jira, cloudApps, abuseipdb } = month.world.scene;
    expect(month.failures).toEqual([]);
    expect([jira, cloudApps, abuseipdb].flatMap(({ unexpected }) => unexpected)).toEqual([]);
  });

  it('leaves nothing waiting and nothing held', async () => {
    const casewire = await month.world.open(undefined, 'use');
    const { tenants } = await casewire.status();
    await casewire.close();
    const states = new Set(tenants.flatMap(({ counts }) => Object.keys(counts)));
    expect([...states]).toEqual(['raised']);
    expect(tenants.filter(({ failure }) => failure !== undefined)).toEqual([]);
  });

  it('asks each source no more often than its clock says', () => {
    const lists = month.world.scene.cloudApps.journal.length;
    const polls = 50 * 31 * 4;
    expect(lists).toBeLessThan(polls * 1.5);
  });
});
