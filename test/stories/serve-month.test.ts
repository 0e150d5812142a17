import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Month } from '../month.ts';
import type { Deed } from '../month-people.ts';
import { writesOf } from '../sync-world.ts';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

describe('a month of service for fifty tenants, with a trouble every day and people on both sides', () => {
  let month: Month;
  /** Calls that write, before two days on which nothing happens, and after. */
  let writes: readonly number[];

  beforeAll(async () => {
    month = await Month.start({ tenants: 50, every: '8h', syncEvery: '12h', daysBetweenAlerts: 10 });
    for (let day = 0; day < 30; day++) await month.day();
    await month.pass(DAY);
    const before = writesOf(month.world).length;
    await month.pass(2 * DAY);
    writes = [before, writesOf(month.world).length];
    await month.end();
  }, 900_000);

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

  it('ends with a recount of each tenant in which all fits together', () => {
    const reports = [...month.audits.values()];
    expect(reports).toHaveLength(50);
    expect(reports.flatMap(({ differences, failures }) => [...differences, ...failures])).toEqual([]);
    expect(reports.every(({ at }) => month.world.clock.now() - at <= DAY + HOUR)).toBe(true);
  });

  it('has both sides of each pair agree, whatever people did to either', () => {
    const deeds: Deed[] = ['issue done', 'alert closed', 'both closed', 'issue reopened', 'alert reopened'];
    for (const deed of deeds) expect([deed, (month.people.deeds.get(deed) ?? 0) > 4]).toEqual([deed, true]);
    expect(month.people.apart()).toEqual([]);
    expect(month.world.scene.cloudApps.takeCatastrophes()).toEqual([]);
  });

  it('writes nothing on days on which nothing happens', () => {
    expect(writes[0]).toBeGreaterThan(200);
    expect(writes[1]).toBe(writes[0]);
  });

  it('lives, works and can be measured at the end of each day, and takes the webhooks of Jira', () => {
    expect(month.scrapes).toHaveLength(30);
    for (const [day, scrape] of month.scrapes.entries())
      expect({ day, ...scrape }).toMatchObject({ health: 200, ready: 200, upToDate: true });
    const { calls } = month.world.scene.jira.webhooks;
    expect(calls.length).toBeGreaterThan(100);
    // The birth of an issue tells nothing new.
    const taken = (event: string) => (event === 'jira:issue_created' ? 200 : 202);
    expect(calls.filter(({ event, status }) => status !== taken(event))).toEqual([]);
  });

  it('asks each source no more often than its clock says', () => {
    const lists = month.world.scene.cloudApps.journal.length;
    const days = 50 * 33;
    const [polls, syncs, recounts] = [3 * days, 2 * days, days];
    expect(lists).toBeLessThan((polls + syncs) * 1.5 + recounts);
  });
});
