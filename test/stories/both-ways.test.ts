import { afterEach, describe, expect, it } from 'vitest';
import type { AlertId, TenantId } from '../../src/domain/alert.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/domain/time.ts';
import {
  commentsOf,
  firstPair,
  raisedWorld,
  resolutionOf,
  resolve,
  statusOf,
  syncOnce,
  syncUntilQuiet,
  writesOf,
} from '../sync-world.ts';
import type { World } from '../world.ts';

let world: World;
afterEach(() => world.stop());

/** A world that was kept in step once, five minutes ago. */
async function begun(...args: Parameters<typeof raisedWorld>): Promise<{ alert: string; issue: string }> {
  world = await raisedWorld(...args);
  await syncOnce(world);
  world.clock.advance(5 * MINUTE_MS);
  return firstPair(world);
}

/** Two passes after the last news write nothing. */
async function isQuiet(): Promise<void> {
  const before = writesOf(world).length;
  world.clock.advance(5 * MINUTE_MS);
  await syncOnce(world);
  world.clock.advance(2 * HOUR_MS);
  await syncOnce(world);
  expect(writesOf(world).slice(before)).toEqual([]);
}

describe('both ways', () => {
  it('does nothing while nothing happens', async () => {
    world = await raisedWorld();
    const before = writesOf(world).length;
    const first = await syncOnce(world);
    const second = await syncOnce(world);
    expect(first.tenants.map(({ tenant, failure }) => [tenant, failure])).toEqual([
      ['contoso', undefined],
      ['fabrikam', undefined],
      ['northwind', undefined],
    ]);
    expect(first.tenants.reduce((sum, { watched }) => sum + watched, 0)).toBe(15);
    expect([...first.lines, ...second.lines]).toEqual([]);
    expect(writesOf(world).slice(before)).toEqual([]);
  });

  it('can be explained: how both sides stand, and that the issue was told', async () => {
    const { alert } = await begun();
    world.scene.cloudApps.closeAlert('contoso', alert, 4, { by: 'ann@contoso.com' });
    await syncOnce(world);
    const casewire = await world.open(() => {}, 'use');
    const history = await casewire.explain('contoso' as TenantId, alert as AlertId);
    await casewire.close();
    expect(history?.inStep).toEqual({
      agreed: { alert: 'closed', verdict: 'benign', issue: 'done', at: expect.any(Number) },
      told: [{ notedAt: expect.any(Number), writtenAt: expect.any(Number) }],
    });
  });

  it('asks a quiet world with one search for all tenants and one call for each', async () => {
    await begun();
    const { jira, cloudApps } = world.scene;
    const before = { jira: jira.journal.length, cloudApps: cloudApps.journal.length };
    await syncOnce(world);
    const asked = jira.journal.slice(before.jira).map(({ path }) => path);
    expect(asked.filter((path) => path.includes('/search'))).toHaveLength(1);
    expect(asked.filter((path) => path.includes('/issue'))).toEqual([]);
    expect(cloudApps.journal.length - before.cloudApps).toBe(3);
  });
});

describe.each(['cloud', 'datacenter'] as const)('an issue that is done, on %s', (edition) => {
  it.each([
    ['False Positive', 3],
    ["won't do", 4],
    ['Fixed', 5],
    [undefined, 5],
  ])('with the resolution %s closes its alert as %i, once', async (resolution, verdict) => {
    const { alert, issue } = await begun(undefined, { edition });
    resolve(world, issue, resolution);
    const report = await syncOnce(world);
    expect(report.lines).toMatchObject([{ deed: 'close-alert', ending: 'done', ticket: { key: issue } }]);
    expect(report.tenants[0]).toMatchObject({ closed: 1, moved: 0, told: 0, waiting: 0 });
    expect(resolutionOf(world, alert)).toBe(verdict);
    expect(JSON.stringify(world.scene.cloudApps.requests(/close_/))).toContain(`/browse/${issue}`);
    expect(commentsOf(world, issue)).toEqual([]);
    await isQuiet();
  });
});

describe('an issue', () => {
  it('that is reopened is told that its alert stays closed where the API cannot open it', async () => {
    const { alert, issue } = await begun();
    resolve(world, issue);
    await syncOnce(world);
    world.clock.advance(5 * MINUTE_MS);
    world.scene.jira.setStatus(issue, 'In Progress');
    await syncOnce(world);
    expect(resolutionOf(world, alert)).toBe(5);
    expect(commentsOf(world, issue)).toEqual([expect.stringContaining('stays closed in Defender')]);
    await isQuiet();
  });

  it('is followed when it is moved to another project, and closes its alert from there', async () => {
    const { alert, issue } = await begun();
    const key = world.scene.jira.moveIssue(issue, 'FAB');
    await syncOnce(world);
    resolve(world, key);
    world.clock.advance(5 * MINUTE_MS);
    const report = await syncOnce(world);
    expect(report.lines).toMatchObject([{ deed: 'close-alert', ticket: { key } }]);
    expect(resolutionOf(world, alert)).toBe(5);
    await isQuiet();
  });

  it('that was deleted is let go and never raised again', async () => {
    const { alert, issue } = await begun();
    world.scene.jira.deleteIssue(issue);
    world.clock.advance(2 * HOUR_MS);
    const report = await syncOnce(world);
    expect(report.warnings).toEqual([expect.stringContaining(`${issue} is gone`)]);
    await isQuiet();
    await world.run();
    expect(world.issuesByAlert().get(`contoso/${alert}`)).toBeUndefined();
    expect(resolutionOf(world, alert)).toBe(0);
  });

  it('that may not be seen any more is not taken for gone', async () => {
    const { alert, issue } = await begun();
    world.scene.jira.hide(issue);
    world.clock.advance(2 * HOUR_MS);
    await syncOnce(world);
    world.scene.jira.hide(issue, false);
    resolve(world, issue);
    world.clock.advance(2 * HOUR_MS);
    await syncOnce(world);
    expect([resolutionOf(world, alert), await world.run().then(() => world.issuesByAlert().size)]).toEqual([5, 15]);
  });

  it('that the search does not show is found by its id within the hour', async () => {
    const { alert, issue } = await begun();
    world.scene.jira.searchLags(24 * HOUR_MS);
    resolve(world, issue);
    await syncOnce(world);
    world.clock.advance(HOUR_MS);
    await syncOnce(world);
    expect(resolutionOf(world, alert)).toBe(5);
  });
});

describe('an alert closed in Defender', () => {
  it('moves its issue and tells it who closed it, in one comment', async () => {
    const { alert, issue } = await begun();
    world.scene.cloudApps.closeAlert('contoso', alert, 3, { by: 'jane@contoso.com' });
    const report = await syncOnce(world);
    expect(report.lines).toMatchObject([{ deed: 'move-issue', ending: 'done', ticket: { key: issue } }]);
    expect(report.tenants[0]).toMatchObject({ moved: 1, told: 1, waiting: 0, refused: 0 });
    expect(statusOf(world, issue)).toBe('Done');
    expect(commentsOf(world, issue)).toEqual([expect.stringContaining('closed as false positive')]);
    await isQuiet();
  });

  it('only tells its issue where no status is configured', async () => {
    const { alert, issue } = await begun('\nsync:\n  fromDefender: {}\n');
    world.scene.cloudApps.closeAlert('contoso', alert, 4);
    const report = await syncOnce(world);
    expect(report.lines).toEqual([]);
    expect(statusOf(world, issue)).toBe('To Do');
    expect(commentsOf(world, issue)).toEqual([expect.stringContaining('closed as benign')]);
    await isQuiet();
  });

  it('is no word to its issue where Defender is not to be heard', async () => {
    const { alert, issue } = await begun('\nsync:\n  fromJira: {}\n');
    world.scene.cloudApps.closeAlert('contoso', alert, 4);
    await syncOnce(world);
    expect([statusOf(world, issue), commentsOf(world, issue)]).toEqual(['To Do', []]);
    await isQuiet();
  });

  it('tells its issue once where the workflow has no road to the wanted status', async () => {
    const { alert, issue } = await begun();
    world.scene.jira.setStatus(issue, 'In Progress');
    world.scene.jira.site.workflow.set('In Progress', [{ to: 'To Do' }]);
    world.scene.cloudApps.closeAlert('contoso', alert, 3);
    const report = await syncOnce(world);
    expect(report.lines).toMatchObject([
      { deed: 'move-issue', ending: 'refused', why: expect.stringContaining('To Do') },
    ]);
    expect(statusOf(world, issue)).toBe('In Progress');
    expect(commentsOf(world, issue)).toHaveLength(1);
    expect(commentsOf(world, issue)[0]).toContain('could not be moved to done');
    await isQuiet();
    const again = await syncOnce(world);
    expect([again.tenants[0]?.refused, again.warnings.length, again.lines]).toEqual([1, 1, []]);
    world.scene.jira.setStatus(issue, 'To Do');
    world.clock.advance(5 * MINUTE_MS);
    expect((await syncOnce(world)).lines).toMatchObject([{ deed: 'move-issue', ending: 'done' }]);
    expect([statusOf(world, issue), commentsOf(world, issue).length]).toEqual(['Done', 1]);
    await isQuiet();
  });

  it('has a refused move tried again each hour and when a person asks, with the present reason', async () => {
    const { alert, issue } = await begun();
    const { jira, cloudApps } = world.scene;
    const standing = async () => {
      const casewire = await world.open(() => {}, 'use');
      const { warnings } = await casewire.status();
      await casewire.close();
      return warnings.filter(({ kind }) => kind === 'sync-refused');
    };
    jira.setStatus(issue, 'In Progress');
    jira.site.workflow.set('In Progress', [{ to: 'To Do' }]);
    cloudApps.closeAlert('contoso', alert, 3);
    expect((await syncOnce(world)).lines).toMatchObject([{ ending: 'refused', why: expect.stringContaining('To Do') }]);
    expect(await standing()).toMatchObject([
      { tenant: 'contoso', says: expect.stringMatching(`1 link.*${issue}.*To Do`) },
    ]);
    world.clock.advance(5 * MINUTE_MS);
    expect((await syncOnce(world)).lines).toEqual([]);
    jira.site.workflow.set('In Progress', []);
    world.clock.advance(HOUR_MS);
    const [again] = (await syncOnce(world)).lines;
    expect(again).toMatchObject({ deed: 'move-issue', ending: 'refused' });
    expect(again?.why).not.toContain('To Do');
    world.clock.advance(5 * MINUTE_MS);
    const { warnings } = await syncOnce(world);
    expect(warnings).toEqual([expect.stringContaining(again?.why.slice(0, 40) ?? '')]);
    // The reason that a person reads after a try of their own is that of this try.
    jira.site.workflow.set('In Progress', [{ to: 'To Do' }]);
    const asked = await syncOnce(world, { retry: true });
    expect(asked.lines).toMatchObject([{ ending: 'refused', why: expect.stringContaining('To Do') }]);
    expect(asked.warnings).toEqual([expect.stringContaining('To Do')]);
    expect(asked.tenants[0]?.refused).toBe(1);
    jira.site.workflow.set('In Progress', [{ to: 'Done' }]);
    expect((await syncOnce(world, { retry: true })).lines).toMatchObject([{ deed: 'move-issue', ending: 'done' }]);
    expect([statusOf(world, issue), commentsOf(world, issue).length]).toEqual(['Done', 1]);
    expect(await standing()).toEqual([]);
  });

  it('has a refused move tried again when a person changed the issue within a minute', async () => {
    const { alert, issue } = await begun();
    const { jira, cloudApps } = world.scene;
    jira.setStatus(issue, 'In Progress');
    jira.site.workflow.set('In Progress', [{ to: 'To Do' }]);
    cloudApps.closeAlert('contoso', alert, 3);
    await syncOnce(world);
    world.clock.advance(MINUTE_MS / 2);
    expect((await syncOnce(world)).lines).toEqual([]);
    jira.setStatus(issue, 'To Do');
    world.clock.advance(MINUTE_MS / 2);
    expect((await syncOnce(world)).lines).toMatchObject([{ deed: 'move-issue', ending: 'done' }]);
  });

  it('moves its issue back when it is opened again', async () => {
    const { alert, issue } = await begun();
    world.scene.cloudApps.closeAlert('contoso', alert, 3);
    await syncOnce(world);
    world.clock.advance(5 * MINUTE_MS);
    world.scene.cloudApps.reopenAlert('contoso', alert);
    world.clock.advance(HOUR_MS);
    const report = await syncOnce(world);
    expect(report.lines).toMatchObject([{ deed: 'reopen-issue', ending: 'done' }]);
    expect(statusOf(world, issue)).not.toBe('Done');
    await isQuiet();
  });

  it('tells its issue of another verdict', async () => {
    const { alert, issue } = await begun();
    world.scene.cloudApps.closeAlert('contoso', alert, 3);
    await syncOnce(world);
    world.clock.advance(HOUR_MS);
    world.scene.cloudApps.closeAlert('contoso', alert, 5);
    await syncOnce(world);
    expect(commentsOf(world, issue).at(-1)).toContain('true positive');
    await isQuiet();
  });

  it('that Defender forgets tells its issue once', async () => {
    const { alert, issue } = await begun();
    world.scene.cloudApps.deleteAlert('contoso', alert);
    await syncOnce(world);
    expect(commentsOf(world, issue)).toEqual([expect.stringContaining('no longer knows it')]);
    expect(statusOf(world, issue)).toBe('To Do');
    await isQuiet();
  });

  it('with a hostile title is text on its issue and nothing else', async () => {
    const { alert, issue } = await begun();
    const title = '{html}<script>alert(1)</script>{html} [~accountid:x] !http://evil.example/x.png! \u202egnp.exe';
    world.scene.cloudApps.changeAlert('contoso', alert, { title });
    world.scene.cloudApps.closeAlert('contoso', alert, 3);
    await syncOnce(world);
    const [comment = ''] = commentsOf(world, issue);
    expect(comment).toContain('[~accountid:x]');
    expect(comment).not.toMatch(/"type":"(mention|media|inlineCard)"/);
    expect(comment).not.toContain('\u202e');
  });
});

describe('alert and issue that both change between two passes', () => {
  it('are left as they are when both were closed', async () => {
    const { alert, issue } = await begun();
    world.scene.cloudApps.closeAlert('contoso', alert, 5);
    resolve(world, issue);
    const report = await syncOnce(world);
    expect(report.lines).toEqual([]);
    expect([resolutionOf(world, alert), statusOf(world, issue)]).toEqual([5, 'Done']);
    await isQuiet();
  });

  it('follow each other pair by pair, without a word too many', async () => {
    const { alert, issue } = await begun();
    const other = firstPair(world, 'fabrikam');
    world.scene.cloudApps.closeAlert('contoso', alert, 3);
    resolve(world, other.issue, 'False Positive');
    await syncUntilQuiet(world);
    expect([statusOf(world, issue), resolutionOf(world, other.alert, 'fabrikam')]).toEqual(['Done', 3]);
    expect([commentsOf(world, issue).length, commentsOf(world, other.issue).length]).toEqual([1, 0]);
  });
});
