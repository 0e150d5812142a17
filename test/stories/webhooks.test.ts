import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { faults } from '../../src/simulators/fault.ts';
import { HOOK_SECRET, hookCall, originOf, sendHook, WITH_HOOKS } from '../jira-hooks.ts';
import { Serving } from '../serving.ts';
import { BOTH_WAYS, writesOf } from '../sync-world.ts';
import { World } from '../world.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
const CREATE = /\/issue(\?|$)/;

describe('webhooks', () => {
  let world: World;
  let serving: Serving;

  beforeEach(async () => {
    world = await World.start({ config: (yaml) => yaml + BOTH_WAYS + WITH_HOOKS });
    world.write('hook-secret', HOOK_SECRET);
    serving = new Serving(world);
  });

  afterEach(async () => {
    await serving.stop();
    expect(serving.of('job-failed')).toEqual([]);
    expect(world.scene.jira.unexpected).toEqual([]);
    expect(world.scene.cloudApps.unexpected).toEqual([]);
    expect(world.scene.jira.twins()).toEqual([]);
    await world.stop();
  });

  /** All is raised, and all pairs were looked at once. */
  async function settled(): Promise<void> {
    await serving.pass(30 * SECOND);
    expect(serving.of('sync-ended').length).toBeGreaterThanOrEqual(3);
  }

  /** Alerts of contoso with an issue of their own. */
  function pairs(): { alert: string; issue: string }[] {
    return [...world.issuesByAlert()].flatMap(([key, [issue]]) =>
      key.startsWith('contoso/') && issue ? [{ alert: key.slice('contoso/'.length), issue }] : [],
    );
  }

  function isClosed(alert: string): boolean {
    const found = world.scene.cloudApps.tenants
      .get('contoso')
      ?.alerts.find((one) => (one as { _id?: string })._id === alert) as { resolutionStatusValue?: number } | undefined;
    return (found?.resolutionStatusValue ?? 0) >= 2;
  }

  const pairAt = (index: number) => pairs()[index] as { alert: string; issue: string };
  const closes = () => writesOf(world).filter((call) => /\/alerts\/close/.test(call));

  it('close the alert at once when its issue is done', async () => {
    await settled();
    const { alert, issue } = pairAt(0);
    world.scene.jira.setStatus(issue, 'Done');
    await serving.pass(2 * SECOND);
    expect(isClosed(alert)).toBe(false);
    expect(await sendHook(serving, hookCall(world, issue))).toBe(202);
    await serving.pass(SECOND);
    expect(isClosed(alert)).toBe(true);
    expect(closes()).toHaveLength(1);
  });

  it('are not held up by a tenant that hangs', async () => {
    await settled();
    const { alert, issue } = pairAt(0);
    world.scene.cloudApps.fault({ path: '/fabrikam/' }, faults.hang(), { every: 1 });
    const of = (event: 'sync-started' | 'sync-ended') =>
      serving.events.filter((one) => one.event === event && one.tenant === 'fabrikam').length;
    while (of('sync-started') === of('sync-ended')) await serving.pass(SECOND);
    world.scene.jira.setStatus(issue, 'Done');
    expect(await sendHook(serving, hookCall(world, issue))).toBe(202);
    await serving.pass(SECOND);
    expect(of('sync-started')).toBe(of('sync-ended') + 1);
    expect(isClosed(alert)).toBe(true);
    world.scene.cloudApps.heal();
  });

  it('of a bulk edit close no more than is usual, however slowly they come, before a look at all pairs', async () => {
    const { cloudApps, jira } = world.scene;
    for (let n = 0; n < 60; n++)
      cloudApps.addAlert('contoso', {
        _id: n.toString(16).padStart(24, '7'),
        timestamp: world.clock.now() - MINUTE,
        title: `Alone ${n}`,
        severityValue: 1,
      });
    await serving.pass(5 * MINUTE);
    const before = closes().length;
    const many = pairs().filter(({ alert }) => alert.startsWith('7777'));
    expect(many).toHaveLength(60);
    const whole = () => serving.of('sync-ended').filter(({ tenant }) => tenant === 'northwind').length;
    const looks = whole();
    for (const { issue } of many.slice(0, 55)) {
      jira.setStatus(issue, 'Done');
      expect(await sendHook(serving, hookCall(world, issue))).toBe(202);
      await serving.pass(4 * SECOND);
    }
    expect(whole()).toBe(looks);
    const closed = closes().length - before;
    // Several that are waited for together may reach beyond the twenty: then all pairs are judged at once.
    expect(closed).toBeGreaterThan(15);
    expect(closed).toBeLessThanOrEqual(20);
    await serving.pass(5 * MINUTE);
    expect(serving.of('sync-stopped')).toContainEqual(expect.objectContaining({ tenant: 'contoso' }));
    expect(closes().length - before).toBe(closed);
  });

  it('of a bulk edit that come in bursts close no more than those that come one by one', async () => {
    const { cloudApps, jira } = world.scene;
    for (let n = 0; n < 60; n++)
      cloudApps.addAlert('contoso', {
        _id: n.toString(16).padStart(24, '7'),
        timestamp: world.clock.now() - MINUTE,
        title: `Alone ${n}`,
        severityValue: 1,
      });
    await serving.pass(5 * MINUTE);
    const before = closes().length;
    const many = pairs().filter(({ alert }) => alert.startsWith('7777'));
    for (const burst of [many.slice(0, 20), many.slice(20, 40)]) {
      for (const { issue } of burst) jira.setStatus(issue, 'Done');
      const calls = burst.map(({ issue }) => hookCall(world, issue));
      expect(new Set(await Promise.all(calls.map((call) => sendHook(serving, call))))).toEqual(new Set([202]));
      await serving.pass(2 * MINUTE);
    }
    await serving.pass(5 * MINUTE);
    expect(closes().length - before).toBe(20);
    // The stop holds for what webhooks say later, too, until a person has seen to it.
    const [later] = many.slice(50);
    jira.setStatus(later?.issue ?? '', 'Done');
    expect(await sendHook(serving, hookCall(world, later?.issue ?? ''))).toBe(202);
    await serving.pass(MINUTE);
    expect(closes().length - before).toBe(20);
    const casewire = await world.open(() => {}, 'use');
    const standing = await casewire.engine().ledger.links.standing();
    expect(standing.find(({ tenant }) => tenant === 'contoso')?.stopped).toMatch(/more than 20/);
    await casewire.close();
  });

  it('of many issues read their alerts in one list, and close each with one call', async () => {
    const { cloudApps, jira } = world.scene;
    for (let n = 0; n < 12; n++)
      cloudApps.addAlert('contoso', {
        _id: n.toString(16).padStart(24, '7'),
        timestamp: world.clock.now() - MINUTE,
        title: `Alone ${n}`,
        severityValue: 1,
      });
    await serving.pass(5 * MINUTE);
    const many = pairs().filter(({ alert }) => alert.startsWith('7777'));
    // Before the first is read, all of them have come.
    for (const { issue } of many) jira.setStatus(issue, 'Done');
    const calls = many.map(({ issue }) => hookCall(world, issue));
    const before = cloudApps.journal.length;
    await Promise.all(calls.map((call) => sendHook(serving, call)));
    await serving.pass(10 * SECOND);
    const sent = cloudApps.journal.slice(before).filter(({ path }) => path.includes('/contoso/'));
    const closed = sent.filter(({ path }) => path.includes('/close_'));
    expect(closed).toHaveLength(12);
    // Hints that come while the first are dealt with are read in a second list.
    expect(sent.length - closed.length).toBeLessThanOrEqual(2);
    expect(sent.filter(({ method }) => method === 'GET')).toEqual([]);
  });

  it('that wait for the calls of a minute are told in the log, in the metrics and by status', async () => {
    const { cloudApps, jira } = world.scene;
    await settled();
    const { alert, issue } = pairAt(0);
    cloudApps.fault(
      { path: /\/contoso\/.*close_/ },
      faults.status(429, { headers: { 'retry-after': '90' }, body: {} }),
    );
    jira.setStatus(issue, 'Done');
    await sendHook(serving, hookCall(world, issue));
    await serving.pass(2 * SECOND);
    jira.setStatus(pairAt(1).issue, 'Done');
    await sendHook(serving, hookCall(world, pairAt(1).issue));
    await serving.pass(60 * SECOND);
    expect(isClosed(alert)).toBe(false);
    const waits = serving.of('call-waits').filter(({ tenant }) => tenant === 'contoso');
    expect(waits[0]).toMatchObject({ service: 'Defender for Cloud Apps', waitMs: expect.any(Number) });
    const casewire = await world.open(() => {}, 'use');
    const { warnings } = await casewire.status();
    expect(warnings).toContainEqual(expect.objectContaining({ kind: 'hints-waiting', tenant: 'contoso' }));
    await casewire.close();
    await serving.pass(60 * SECOND);
    expect(isClosed(alert)).toBe(true);
  });

  it('that never arrive change nothing of the result: polling comes to the same, only later', async () => {
    await settled();
    const { alert, issue } = pairAt(0);
    world.scene.jira.setStatus(issue, 'Done');
    await serving.pass(5 * MINUTE);
    expect(isClosed(alert)).toBe(true);
    expect(closes()).toHaveLength(1);
  });

  it('that stop arriving leave polling as it was', async () => {
    await settled();
    const [first, second] = [pairAt(0), pairAt(1)];
    world.scene.jira.setStatus(first.issue, 'Done');
    await sendHook(serving, hookCall(world, first.issue));
    await serving.pass(SECOND);
    world.scene.jira.setStatus(second.issue, 'Done');
    await serving.pass(5 * MINUTE);
    expect([first, second].map(({ alert }) => isClosed(alert))).toEqual([true, true]);
    expect(closes()).toHaveLength(2);
  });

  it('replayed a thousand times, out of order or three days late come to the same end', async () => {
    await settled();
    const { alert, issue } = pairAt(0);
    const before = hookCall(world, issue);
    await serving.pass(SECOND);
    world.scene.jira.setStatus(issue, 'Done');
    const after = hookCall(world, issue);
    expect(await sendHook(serving, after)).toBe(202);
    expect(await sendHook(serving, before)).toBe(202);
    await serving.pass(SECOND);
    const told = serving.of('sync-started').length;
    for (let i = 0; i < 50; i++) {
      const again = Array.from({ length: 20 }, () => sendHook(serving, i % 2 ? before : after));
      expect(new Set(await Promise.all(again))).toEqual(new Set([200]));
    }
    await serving.pass(SECOND);
    expect(serving.of('sync-started')).toHaveLength(told);
    world.clock.advance(3 * DAY);
    await serving.pass(SECOND);
    expect(await sendHook(serving, after)).toBe(400);
    expect(isClosed(alert)).toBe(true);
    expect(closes()).toHaveLength(1);
  });

  it('about our own writes are read and not answered', async () => {
    await settled();
    const { alert, issue } = pairAt(0);
    world.scene.cloudApps.closeAlert('contoso', alert, 3);
    await serving.pass(5 * MINUTE);
    expect(world.scene.jira.issues().find(({ key }) => key === issue)?.status).toBe('Done');
    const writes = writesOf(world).length;
    for (let i = 0; i < 3; i++) {
      expect(await sendHook(serving, hookCall(world, issue))).toBe(202);
      await serving.pass(10 * SECOND);
    }
    expect(writesOf(world)).toHaveLength(writes);
  });

  it('of every change, our own too, end in silence on both sides', async () => {
    await settled();
    const { jira, cloudApps } = world.scene;
    jira.webhook = { url: `${originOf(serving)}/webhooks/jira`, secret: HOOK_SECRET, filter: 'labels = casewire' };
    const [closedHere, doneThere] = [pairAt(0), pairAt(1)];
    cloudApps.closeAlert('contoso', closedHere.alert, 3);
    jira.setStatus(doneThere.issue, 'Done');
    await jira.webhooks.settled();
    await serving.pass(6 * MINUTE);
    expect(isClosed(doneThere.alert)).toBe(true);
    expect(jira.issues().find(({ key }) => key === closedHere.issue)?.status).toBe('Done');
    expect(jira.webhooks.calls.length).toBeGreaterThan(2);
    const writes = writesOf(world).length;
    const calls = jira.webhooks.calls.length;
    await serving.pass(12 * MINUTE);
    expect(writesOf(world)).toHaveLength(writes);
    expect(jira.webhooks.calls).toHaveLength(calls);
    expect(serving.of('hint-refused')).toEqual([]);
  });

  it('that come before our create was recorded wait for it', async () => {
    world.scene.jira.fault({ path: CREATE, method: 'POST' }, faults.loseAnswer(), { times: 1_000 });
    await serving.pass(10 * SECOND);
    const [issue] = world.scene.jira.issues();
    expect(serving.of('settled').filter(({ line }) => line.outcome === 'raised')).toEqual([]);
    world.scene.jira.heal();
    world.scene.jira.setStatus(issue?.key ?? '', 'Done');
    expect(await sendHook(serving, hookCall(world, issue?.key ?? ''))).toBe(202);
    expect(serving.of('hint-taken')).toMatchObject([{ news: 'new', tenants: [] }]);
    await serving.pass(20 * MINUTE);
    expect(closes()).toHaveLength(1);
  });

  it('that are forged or unsigned change nothing', async () => {
    await settled();
    const { alert, issue } = pairAt(0);
    world.scene.jira.setStatus(issue, 'Done');
    const started = serving.of('sync-started').length;
    for (const secret of ['', 'a guess'])
      for (let i = 0; i < 5; i++) expect(await sendHook(serving, hookCall(world, issue), secret)).toBe(401);
    await serving.pass(2 * SECOND);
    expect(serving.of('sync-started')).toHaveLength(started);
    expect(isClosed(alert)).toBe(false);
    expect(serving.of('hint-refused')).toHaveLength(10);
    expect(serving.of('hint-refused').filter(({ quiet }) => !quiet)).toHaveLength(2);
  });
});

describe('the pass over all tenants', () => {
  it('goes on for the others while one tenant hangs', async () => {
    const world = await World.start({ config: (yaml) => `${yaml}${BOTH_WAYS}  every: 30s\n` });
    const serving = new Serving(world);
    await serving.pass(MINUTE);
    world.scene.cloudApps.fault({ path: '/fabrikam/' }, faults.hang(), { every: 1 });
    const ended = () => serving.of('sync-ended').filter(({ tenant }) => tenant === 'contoso').length;
    const before = ended();
    await serving.pass(5 * MINUTE);
    expect(ended() - before).toBeGreaterThanOrEqual(8);
    world.scene.cloudApps.heal();
    await serving.stop();
    expect(serving.of('job-failed')).toEqual([]);
    await world.stop();
  });
});
