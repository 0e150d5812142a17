import { afterEach, describe, expect, it } from 'vitest';
import type { DedupKey } from '../../src/domain/alert.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/domain/time.ts';
import { sqlLedger } from '../../src/ledger/sql-ledger.ts';
import { openSqlite } from '../../src/ledger/store/sqlite.ts';
import { commentsOf, firstPair, raisedWorld, resolve, syncOnce } from '../sync-world.ts';
import type { World } from '../world.ts';

describe.each(['cloud', 'datacenter'] as const)('an issue that was done long ago, on %s', (edition) => {
  let world: World;

  afterEach(() => world.stop());

  /** The first issue of contoso was resolved, its alert closed, and nothing was heard of either for 45 days. */
  async function begin() {
    world = await raisedWorld(undefined, { edition });
    const { alert, issue } = firstPair(world);
    await syncOnce(world);
    world.clock.advance(HOUR_MS);
    resolve(world, issue);
    await syncOnce(world);
    for (let day = 0; day < 45; day += 15) {
      world.clock.advance(15 * DAY_MS);
      await syncOnce(world);
    }
    world.clock.advance(5 * MINUTE_MS);
    return { issue, key: `contoso/${alert}` as DedupKey };
  }

  async function factsOf(key: DedupKey) {
    const ledger = sqlLedger(await openSqlite(world.storePath));
    try {
      const facts = (await ledger.factLog.of([key])).get(key) ?? [];
      return facts.filter(({ fact }) => fact === 'resolved' || fact === 'reopened');
    } finally {
      await ledger.close();
    }
  }

  it('is known to be open again when a person reopens it', async () => {
    const { issue, key } = await begin();
    world.scene.jira.person().reopen(issue);
    const reopened = world.clock.now();
    world.clock.advance(5 * MINUTE_MS);
    await syncOnce(world);
    expect(await factsOf(key)).toMatchObject([{ fact: 'resolved' }, { fact: 'reopened', at: reopened }]);
    expect(commentsOf(world, issue)).toEqual([expect.stringContaining('stays closed in Defender')]);
  });

  it('is read again where its history could not be read at once', async () => {
    const { faults } = await import('../../src/simulators/fault.ts');
    const { issue, key } = await begin();
    const mira = world.scene.jira.person();
    mira.reopen(issue);
    world.clock.advance(MINUTE_MS);
    mira.close(issue);
    const again = world.clock.now();
    world.clock.advance(5 * MINUTE_MS);
    world.scene.jira.fault({ path: /changelog/ }, faults.status(500), { times: 20 });
    await syncOnce(world);
    world.scene.jira.heal();
    // By then the search for changes lists it no more.
    world.clock.advance(2 * HOUR_MS);
    await syncOnce(world);
    world.clock.advance(2 * HOUR_MS);
    await syncOnce(world);
    expect((await factsOf(key)).at(-1)).toMatchObject({ fact: 'resolved', at: again });
  });

  it('is followed from the search that is made anyway', async () => {
    const { issue } = await begin();
    const searches = () => world.scene.jira.journal.filter(({ path }) => path.includes('/search')).length;
    const quiet = searches();
    await syncOnce(world);
    const usual = searches() - quiet;
    world.clock.advance(5 * MINUTE_MS);
    world.scene.jira.person().reopen(issue);
    world.clock.advance(MINUTE_MS);
    const before = searches();
    await syncOnce(world);
    expect(searches() - before).toBe(usual);
  });

  it('is known to be open again after a pause of the sync that was longer than 30 days', async () => {
    const { issue, key } = await begin();
    world.scene.jira.person().reopen(issue);
    const reopened = world.clock.now();
    world.clock.advance(40 * DAY_MS);
    await syncOnce(world);
    expect((await factsOf(key)).at(-1)).toMatchObject({ fact: 'reopened', at: reopened });
  });
});
