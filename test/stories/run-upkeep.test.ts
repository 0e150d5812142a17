import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../src/cli/exit-code.ts';
import { upkeepLines } from '../../src/cli/render/upkeep-lines.ts';
import { faults } from '../../src/simulators/fault.ts';
import { World } from '../world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const CREATE = { method: 'POST', path: /\/issue(\?|$)/ };

describe.each(['cloud', 'datacenter'] as const)(
  'the duplicate scan and the reconciliation of `run`, on Jira %s',
  (edition) => {
    let world: World;

    beforeEach(async () => {
      world = await World.start({ edition });
    });
    afterEach(() => world.stop());

    const calls = () => world.scene.jira.requests(/\/rest\//).length + world.scene.cloudApps.journal.length;

    it('are done when they are due by the ledger, and cost nothing when they are not', async () => {
      expect((await world.run()).upkeep).toBeUndefined();
      world.clock.advance(HOUR);
      const first = await world.run();
      expect(first.upkeep?.scan).toMatchObject({ issues: 15, closed: [], left: [], failures: [] });
      expect(first.upkeep?.reconciliation?.map(({ tenant }) => tenant).sort()).toEqual([
        'contoso',
        'fabrikam',
        'northwind',
      ]);
      expect(upkeepLines(first.upkeep ?? {})).toEqual([
        'duplicate scan: 15 issues looked through, 0 duplicates closed',
        'reconciliation: 3 tenants, 0 with differences',
      ]);
      expect(exitCodeOf(first, ['default'])).toBe(0);

      const before = calls();
      expect((await world.run()).upkeep).toBeUndefined();
      expect(calls() - before).toBe(3);
      world.clock.advance(HOUR);
      expect((await world.run()).upkeep).toMatchObject({ scan: { issues: 15 } });
      world.clock.advance(24 * HOUR);
      expect((await world.run()).upkeep).toMatchObject({ scan: {}, reconciliation: [{}, {}, {}] });
    });

    it('close a duplicate, and say so', async () => {
      const { jira } = world.scene;
      jira.searchLags(30 * MINUTE);
      jira.skipNumbers('SOC', 1_500);
      jira.fault(CREATE, faults.loseAnswer(), { times: 1 });
      await world.run();
      world.clock.advance(12 * MINUTE);
      await world.run();
      expect(jira.twins()).toHaveLength(1);
      world.clock.advance(50 * MINUTE);
      const { upkeep } = await world.run();
      expect(upkeep?.scan?.closed).toHaveLength(1);
      expect(upkeepLines(upkeep ?? {})[0]).toBe('duplicate scan: 16 issues looked through, 1 duplicate closed');
      expect(jira.twins()).toHaveLength(0);
    });
  },
);
