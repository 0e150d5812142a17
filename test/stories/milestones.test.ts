import { afterEach, describe, expect, it } from 'vitest';
import type { DedupKey } from '../../src/domain/alert.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/domain/time.ts';
import { sqlLedger } from '../../src/ledger/sql-ledger.ts';
import { openSqlite } from '../../src/ledger/store/sqlite.ts';
import { faults } from '../../src/simulators/fault.ts';
import type { SimRequest } from '../../src/simulators/wire.ts';
import { firstPair, raisedWorld, syncOnce } from '../sync-world.ts';
import type { World } from '../world.ts';

describe.each(['cloud', 'datacenter'] as const)('what people do to issues on Jira %s', (edition) => {
  let world: World | undefined;

  afterEach(async () => {
    await world?.stop();
    world = undefined;
  });

  async function begin() {
    world = await raisedWorld(undefined, { edition });
    const { alert, issue } = firstPair(world);
    world.clock.advance(HOUR_MS);
    await syncOnce(world);
    return { world, issue, key: `contoso/${alert}` as DedupKey };
  }

  const milestones = async (at: World, key: DedupKey) => {
    const ledger = sqlLedger(await openSqlite(at.storePath));
    try {
      const facts = (await ledger.factLog.of([key])).get(key) ?? [];
      return facts
        .filter(({ fact }) => fact === 'acknowledged' || fact === 'resolved' || fact === 'reopened')
        .map(({ recordedAt: _, ...fact }) => fact);
    } finally {
      await ledger.close();
    }
  };

  const assign = ({ scene }: World, issue: string) => {
    const mira = scene.jira.person();
    mira.edit(issue, 'assignee', edition === 'cloud' ? { accountId: mira.user.accountId } : { name: mira.user.name });
  };

  const readsOf = (at: World) =>
    at.scene.jira.journal.filter(({ path }) => /changelog/.test(path) && !/webhook/.test(path)).length;

  it('is known with its own times', async () => {
    const { world, issue, key } = await begin();
    const mira = world.scene.jira.person();
    assign(world, issue);
    const assigned = world.clock.now();
    world.clock.advance(20 * MINUTE_MS);
    await syncOnce(world);
    expect(await milestones(world, key)).toEqual([{ fact: 'acknowledged', by: 'assignee', at: assigned }]);
    mira.close(issue, { resolution: 'False Positive' });
    const resolved = world.clock.now();
    world.clock.advance(7 * MINUTE_MS);
    mira.reopen(issue);
    const reopened = world.clock.now();
    world.clock.advance(7 * MINUTE_MS);
    mira.close(issue);
    const again = world.clock.now();
    world.clock.advance(7 * MINUTE_MS);
    await syncOnce(world);
    expect(await milestones(world, key)).toMatchObject([
      { fact: 'acknowledged', at: assigned },
      { fact: 'resolved', at: resolved, resolution: 'False Positive' },
      { fact: 'reopened', at: reopened },
      { fact: 'resolved', at: again },
    ]);
  });

  it('is read once a change, and nothing of issues that did not change', async () => {
    const { world, issue } = await begin();
    world.clock.advance(HOUR_MS);
    await syncOnce(world);
    const before = readsOf(world);
    world.clock.advance(MINUTE_MS);
    await syncOnce(world);
    expect(readsOf(world)).toBe(before);
    assign(world, issue);
    world.clock.advance(MINUTE_MS);
    await syncOnce(world);
    expect(readsOf(world)).toBe(before + 1);
    world.clock.advance(MINUTE_MS);
    await syncOnce(world);
    expect(readsOf(world)).toBe(before + 1);
  });

  it('is read later where a history cannot be read, and holds nothing up', async () => {
    const { world, issue, key } = await begin();
    assign(world, issue);
    const assigned = world.clock.now();
    world.clock.advance(MINUTE_MS);
    let broken = true;
    const where = ({ path, query }: SimRequest) => broken && /changelog/.test(`${path}?${query}`);
    world.scene.jira.fault({ where }, faults.status(500, { body: {} }), { every: 1 });
    const failed = await syncOnce(world);
    expect(failed.warnings.filter((words) => words.includes('its history could not be read'))).toHaveLength(1);
    expect(failed.tenants.every(({ failure }) => failure === undefined)).toBe(true);
    expect(await milestones(world, key)).toEqual([]);
    broken = false;
    // Long after the search has ceased to list the change.
    world.clock.advance(50 * HOUR_MS);
    await syncOnce(world);
    expect(await milestones(world, key)).toEqual([{ fact: 'acknowledged', by: 'assignee', at: assigned }]);
  });

  it('is not recorded by a plan', async () => {
    const { world, issue, key } = await begin();
    world.scene.jira.person().close(issue);
    world.clock.advance(MINUTE_MS);
    const before = readsOf(world);
    await syncOnce(world, { plan: true });
    expect(await milestones(world, key)).toEqual([]);
    expect(readsOf(world) - before).toBeLessThan(3);
  });
});
