import { afterEach, describe, expect, it } from 'vitest';
import type { TenantId } from '../../src/domain/alert.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/domain/time.ts';
import { faults } from '../../src/simulators/fault.ts';
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

const closes = () => world.scene.cloudApps.requests(/\/close_/).filter(({ status }) => status === 200);

describe('a close in Defender', () => {
  it.each([
    ['answered 500 after it was done', faults.failAfterCommit(500)],
    ['whose answer was lost', faults.loseAnswer()],
    ['answered 500 before anything was done', faults.status(500)],
    ['answered 429', faults.status(429, { headers: { 'retry-after': '600' } })],
  ])('%s is done once in the end', async (_what, fault) => {
    const { alert, issue } = await begun();
    const { cloudApps } = world.scene;
    cloudApps.fault({ method: 'POST', path: /close_/ }, fault);
    resolve(world, issue, 'False Positive');
    await syncUntilQuiet(world);
    expect(resolutionOf(world, alert)).toBe(3);
    const done = cloudApps.requests(/close_/).filter(({ status }) => status === 200);
    expect(done.length).toBeLessThanOrEqual(1);
    expect(commentsOf(world, issue)).toEqual([]);
  });

  it('that the token does not allow is waited for, said with its mend, and done once it may', async () => {
    const { alert, issue } = await begun();
    const refusal = world.scene.cloudApps.fault({ method: 'POST', path: /close_/ }, faults.status(403), { every: 1 });
    resolve(world, issue);
    const report = await syncOnce(world);
    expect(report.tenants[0]).toMatchObject({ waiting: 1, closed: 0 });
    expect(report.warnings).toHaveLength(1);
    refusal.cancel();
    await syncUntilQuiet(world);
    expect(resolutionOf(world, alert)).toBe(5);
  });
});

describe('a move in Jira', () => {
  it.each([
    ['answered 500 after it was done', faults.failAfterCommit(500)],
    ['whose answer was lost', faults.loseAnswer()],
    ['answered 503 before anything was done', faults.status(503)],
  ])('%s is done and told once in the end', async (_what, fault) => {
    const { alert, issue } = await begun();
    world.scene.jira.fault({ method: 'POST', path: /\/transitions/ }, fault);
    world.scene.cloudApps.closeAlert('contoso', alert, 5);
    await syncUntilQuiet(world);
    expect(statusOf(world, issue)).toBe('Done');
    expect(commentsOf(world, issue).length).toBeLessThanOrEqual(1);
    expect(closes()).toEqual([]);
  });
});

describe('a comment', () => {
  it.each([
    ['whose answer was lost', faults.loseAnswer()],
    ['answered 502 after it was written', faults.failAfterCommit(502)],
    ['answered 502 before it was written', faults.status(502)],
    ['answered 429', faults.status(429, { headers: { 'retry-after': '60' } })],
  ])('%s stands on the issue once in the end', async (_what, fault) => {
    const { alert, issue } = await begun();
    world.scene.jira.fault({ method: 'POST', path: /\/comment/ }, fault);
    world.scene.cloudApps.closeAlert('contoso', alert, 5);
    await syncUntilQuiet(world);
    world.clock.advance(HOUR_MS);
    await syncUntilQuiet(world);
    expect(commentsOf(world, issue)).toHaveLength(1);
  });

  it('on an issue that takes no more is given up with a warning, and the issue is moved all the same', async () => {
    const { alert, issue } = await begun();
    world.scene.jira.fault({ method: 'POST', path: /\/comment/ }, faults.status(413), { every: 1 });
    world.scene.cloudApps.closeAlert('contoso', alert, 5);
    const report = await syncOnce(world);
    expect(report.warnings).toEqual([expect.stringContaining(`${issue} could not be told`)]);
    expect(statusOf(world, issue)).toBe('Done');
    const before = writesOf(world).length;
    await syncOnce(world);
    expect(writesOf(world).slice(before)).toEqual([]);
  });
});

describe('a service that closed more than was named', () => {
  it('is asked to close nothing more, and everything that waits after a restart', async () => {
    await begun();
    const { cloudApps } = world.scene;
    const pairs = [...world.issuesByAlert()].filter(([key]) => key.startsWith('contoso/')).slice(0, 3);
    for (const [, [issue = '']] of pairs) resolve(world, issue);
    cloudApps.fault({ path: /close_/ }, faults.status(200, { body: { closed_true_positive: 7 } }), { times: 1 });
    const report = await syncOnce(world);
    expect(report.warnings).toContainEqual(expect.stringContaining('nothing is closed any more'));
    await syncUntilQuiet(world);
    expect(pairs.map(([key]) => resolutionOf(world, key.split('/')[1] ?? ''))).toEqual([5, 5, 5]);
    for (const [, [issue = '']] of pairs) expect(commentsOf(world, issue)).toEqual([]);
  });
});

describe('trouble', () => {
  it('of one tenant is its own', async () => {
    const { issue } = await begun();
    const other = firstPair(world, 'fabrikam');
    world.scene.cloudApps.fault({ path: '/contoso/' }, faults.status(500), { every: 1 });
    resolve(world, issue);
    resolve(world, other.issue);
    const { tenants } = await syncOnce(world);
    expect(tenants.map(({ tenant, closed, failure }) => [tenant, closed, failure !== undefined])).toEqual([
      ['contoso', 0, true],
      ['fabrikam', 1, false],
      ['northwind', 0, false],
    ]);
  });

  it('of one tenant for days does not make the others ask Jira for days', async () => {
    await begun();
    const { cloudApps, jira } = world.scene;
    cloudApps.fault({ path: /fabrikam/ }, faults.status(503), { every: 1 });
    for (let day = 0; day < 3; day++) {
      world.clock.advance(24 * HOUR_MS);
      await syncOnce(world);
    }
    world.clock.advance(5 * MINUTE_MS);
    const before = jira.journal.length;
    await syncOnce(world);
    const spans = jira.journal.slice(before).flatMap(({ body }) => /updated >= \\"-(\d+)m/.exec(body ?? '')?.[1] ?? []);
    expect(spans.map(Number)).toEqual([expect.any(Number)]);
    expect(Number(spans[0])).toBeLessThan(60);
  });

  it('of the site fails each of its tenants, and what changed meanwhile is found afterwards', async () => {
    const { alert, issue } = await begun();
    const down = world.scene.jira.fault({ path: /\/search/ }, faults.status(503), { every: 1 });
    resolve(world, issue);
    const { tenants } = await syncOnce(world);
    expect(tenants.every(({ failure }) => failure !== undefined)).toBe(true);
    down.cancel();
    world.clock.advance(30 * MINUTE_MS);
    await syncOnce(world);
    expect(resolutionOf(world, alert)).toBe(5);
  });

  it('with a process that has a tenant in hand names it and lets it be', async () => {
    const { alert, issue } = await begun();
    resolve(world, issue);
    const [one, two] = await Promise.all([world.open(), world.open()]);
    const ask = { yes: false, signal: new AbortController().signal };
    const [first, second] = await world.drive(Promise.all([one.sync(ask), two.sync(ask)]));
    await Promise.all([one.close(), two.close()]);
    expect([first, second].map(({ tenants }) => tenants[0]?.closed).sort()).toEqual([0, 1]);
    expect(resolutionOf(world, alert)).toBe(5);
    expect(closes()).toHaveLength(1);
  });
});

describe('a process that was stopped for long and goes on', () => {
  it('writes nothing on what it saw before, since the tenant may have been in other hands', async () => {
    const { alert, issue } = await begun();
    resolve(world, issue);
    const late = await syncOnce(world, {
      tenants: ['contoso' as TenantId],
      onEvent: ({ event }) => {
        if (event === 'sync-read') world.clock.advance(20 * MINUTE_MS);
      },
    });
    expect(closes()).toEqual([]);
    expect(late.tenants[0]?.waiting).toBe(1);
    await syncOnce(world);
    expect(resolutionOf(world, alert)).toBe(5);
    expect(closes()).toHaveLength(1);
  });
});

describe('a process that ends', () => {
  it('between any two steps leaves what the next pass takes up, and nothing is done twice', async () => {
    for (let step = 1; ; step++) {
      const { alert, issue } = await begun();
      const other = firstPair(world, 'fabrikam');
      world.scene.cloudApps.closeAlert('contoso', alert, 3);
      resolve(world, other.issue, 'False Positive');
      let seen = 0;
      await syncOnce(world, {
        onEvent: () => {
          if (++seen === step) throw new Error('the process ends here');
        },
      }).catch(() => {});
      world.clock.advance(16 * MINUTE_MS);
      await syncUntilQuiet(world);
      expect([step, statusOf(world, issue), resolutionOf(world, other.alert, 'fabrikam')]).toEqual([step, 'Done', 3]);
      expect([step, commentsOf(world, issue).length, closes().length]).toEqual([step, 1, 1]);
      if (seen < step) break;
      await world.stop();
    }
  }, 120_000);

  it('on a stop has finished the step in hand', async () => {
    const { alert, issue } = await begun();
    resolve(world, issue);
    const stop = new AbortController();
    const report = await syncOnce(world, {
      signal: stop.signal,
      onEvent: ({ event }) => event === 'sync-read' && stop.abort(),
    });
    expect(report.stopped).toBe(true);
    await syncUntilQuiet(world);
    expect(resolutionOf(world, alert)).toBe(5);
    expect(closes()).toHaveLength(1);
  });
});

describe('a plan that is unusually large', () => {
  it('is told and not done, until a person says so', async () => {
    await begun();
    const { cloudApps, jira } = world.scene;
    const template = cloudApps.tenants.get('contoso')?.alerts[0] as Record<string, unknown>;
    for (let n = 0; n < 25; n++)
      cloudApps.addAlert('contoso', {
        ...template,
        _id: n.toString(16).padStart(24, '7'),
        timestamp: world.clock.now(),
      });
    world.clock.advance(HOUR_MS);
    await world.run();
    await syncOnce(world);
    world.clock.advance(5 * MINUTE_MS);
    for (const [key, [issue = '']] of world.issuesByAlert()) if (key.startsWith('contoso/7')) resolve(world, issue);
    const stopped = await syncOnce(world);
    expect(stopped.tenants[0]?.stopped).toContain('25 of 30 open alerts');
    expect(stopped.lines.filter(({ ending }) => ending === 'would')).toHaveLength(25);
    expect(closes()).toEqual([]);
    world.clock.advance(HOUR_MS);
    const before = jira.journal.length;
    const planned = await syncOnce(world, { plan: true });
    expect(planned.lines.filter(({ ending }) => ending === 'would')).toHaveLength(25);
    expect(jira.journal.length).toBeGreaterThan(before);
    const done = await syncOnce(world, { yes: true });
    expect(done.tenants[0]?.closed).toBeGreaterThan(20);
    await syncUntilQuiet(world);
    expect(closes()).toHaveLength(25);
  });
});

describe('a bulk edit of what is left open', () => {
  it('waits for a person however many pairs were closed before', async () => {
    await begun();
    const { cloudApps } = world.scene;
    const template = cloudApps.tenants.get('contoso')?.alerts[0] as Record<string, unknown>;
    const ids = Array.from({ length: 75 }, (_, n) => n.toString(16).padStart(24, '7'));
    for (const _id of ids) cloudApps.addAlert('contoso', { ...template, _id, timestamp: world.clock.now() });
    world.clock.advance(HOUR_MS);
    await world.run();
    await syncOnce(world);
    const issues = world.issuesByAlert();
    const resolveAll = (some: readonly string[]) => {
      for (const id of some) resolve(world, issues.get(`contoso/${id}`)?.[0] ?? '', 'True Positive');
    };
    // Both sides of these are closed by people: nothing is left to do to them.
    for (const id of ids.slice(0, 54)) cloudApps.closeAlert('contoso', id, 5);
    resolveAll(ids.slice(0, 54));
    world.clock.advance(5 * MINUTE_MS);
    expect((await syncOnce(world)).tenants[0]).not.toHaveProperty('stopped');
    resolveAll(ids.slice(54));
    world.clock.advance(5 * MINUTE_MS);
    const report = await syncOnce(world);
    expect(report.tenants[0]?.stopped).toContain('21 of 26 open alerts');
    expect(closes()).toEqual([]);
  });
});

describe('alerts that are closed all at once where issues are only told', () => {
  it('fill no queue with comments until a person says so', async () => {
    await begun('sync:\n  fromDefender: {}\n');
    const { cloudApps, jira } = world.scene;
    const ids = Array.from({ length: 25 }, (_, n) => n.toString(16).padStart(24, '7'));
    const template = cloudApps.tenants.get('contoso')?.alerts[0] as Record<string, unknown>;
    for (const _id of ids) cloudApps.addAlert('contoso', { ...template, _id, timestamp: world.clock.now() });
    world.clock.advance(HOUR_MS);
    await world.run();
    await syncOnce(world);
    for (const id of ids) cloudApps.closeAlert('contoso', id, 4);
    world.clock.advance(5 * MINUTE_MS);
    const comments = () => jira.issues().flatMap(({ key }) => jira.commentsOf(key)).length;
    expect((await syncOnce(world)).tenants[0]?.stopped).toContain('25 of 30 open issues');
    expect(comments()).toBe(0);
    await syncOnce(world, { yes: true });
    await syncUntilQuiet(world);
    expect(comments()).toBe(25);
  });
});

describe('issues that are gone all at once', () => {
  it('are rather hidden: none is given up until a person says so', async () => {
    await begun();
    const { cloudApps, jira } = world.scene;
    const ids = Array.from({ length: 25 }, (_, n) => n.toString(16).padStart(24, '7'));
    const template = cloudApps.tenants.get('contoso')?.alerts[0] as Record<string, unknown>;
    for (const _id of ids) cloudApps.addAlert('contoso', { ...template, _id, timestamp: world.clock.now() });
    world.clock.advance(HOUR_MS);
    await world.run();
    await syncOnce(world);
    for (const [key, [issue = '']] of world.issuesByAlert()) if (key.startsWith('contoso/7')) jira.deleteIssue(issue);
    world.clock.advance(2 * HOUR_MS);
    const report = await syncOnce(world);
    expect(report.tenants[0]?.stopped).toContain('25 of 30 open issues');
    expect(report.lines).toHaveLength(25);
    expect(report.lines[0]).toMatchObject({
      deed: 'give-up-issue',
      ending: 'would',
      why: expect.stringContaining('deleted'),
    });
    expect((await syncOnce(world, { yes: true })).tenants[0]).not.toHaveProperty('stopped');
    world.clock.advance(2 * HOUR_MS);
    expect((await syncOnce(world)).tenants[0]).toMatchObject({ changed: 0 });
  });
});

describe('pairs of which one side is not known', () => {
  it('do not keep more than twenty deleted alerts from being told of, each once', async () => {
    await begun();
    const { cloudApps } = world.scene;
    const template = cloudApps.tenants.get('contoso')?.alerts[0] as Record<string, unknown>;
    const ids = Array.from({ length: 45 }, (_, n) => n.toString(16).padStart(24, '7'));
    for (const _id of ids) cloudApps.addAlert('contoso', { ...template, _id, timestamp: world.clock.now() });
    world.clock.advance(HOUR_MS);
    await world.run();
    await syncOnce(world);
    for (const id of ids) cloudApps.deleteAlert('contoso', id);
    for (let hour = 0; hour < 4; hour++) {
      world.clock.advance(HOUR_MS);
      await syncOnce(world);
    }
    const told = [...world.issuesByAlert()].filter(
      ([key, [issue = '']]) => key.startsWith('contoso/7') && commentsOf(world, issue).length === 1,
    );
    expect(told).toHaveLength(45);
    const { tenants } = await syncOnce(world);
    expect(tenants[0]).toMatchObject({ waiting: 0, told: 0 });
  });

  it('of a tenant that was renamed in the configuration are told by status', async () => {
    await begun();
    world.editConfig = (yaml) => yaml.replace(/^ {2}contoso:/m, '  contoso-renamed:');
    const casewire = await world.open(() => {}, 'use');
    const { warnings } = await casewire.status();
    await casewire.close();
    expect(warnings).toContainEqual(
      expect.objectContaining({ kind: 'not-configured', tenant: 'contoso', says: expect.stringContaining('5 links') }),
    );
  });

  it('of a site that is no longer configured are named, and cost no more than others', async () => {
    await begun();
    world.editConfig = (yaml) =>
      yaml.replace(/^jira:\n((?: .*\n)+)/m, (_all, body: string) => `jira:\n  other:\n${body.replace(/^/gm, '  ')}`);
    world.clock.advance(2 * HOUR_MS);
    const report = await syncOnce(world);
    expect(report.warnings).toContainEqual(
      expect.stringMatching(
        /^contoso: SOC-\d+.* cannot be kept in step: the Jira site default is no longer configured/,
      ),
    );
    world.clock.advance(MINUTE_MS);
    const before = world.scene.cloudApps.journal.length;
    const next = await syncOnce(world);
    expect(next.warnings).toContainEqual(expect.stringContaining('no longer configured'));
    expect(world.scene.cloudApps.journal.length - before).toBeLessThanOrEqual(next.tenants.length);
  });
});
