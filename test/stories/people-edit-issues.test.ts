import { afterEach, describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../src/domain/time.ts';
import { firstPair, raisedWorld, resolutionOf, resolve, syncOnce, writesOf } from '../sync-world.ts';
import type { World } from '../world.ts';

let world: World;
afterEach(() => world.stop());

describe.each(['cloud', 'datacenter'] as const)(
  'an issue whose labels and summary a person changed, on %s,',
  (edition) => {
    it('stays the issue of its alert: none is made in its place, and when it is done it closes its alert', async () => {
      world = await raisedWorld(undefined, { edition });
      await syncOnce(world);
      const { alert, issue } = firstPair(world);
      world.scene.jira.person().edit(issue, 'labels', []);
      world.scene.jira.person().edit(issue, 'summary', 'Taken over by Jane');
      world.clock.advance(HOUR_MS);
      const before = writesOf(world).length;
      await world.run();
      const casewire = await world.open();
      const { signal } = new AbortController();
      expect(await world.drive(casewire.sweep(signal))).toMatchObject({ closed: [], left: [] });
      const reports = await world.drive(casewire.audit(signal));
      expect(reports.flatMap(({ differences }) => differences)).toEqual([]);
      await casewire.close();
      expect(writesOf(world).slice(before)).toEqual([]);
      resolve(world, issue);
      world.clock.advance(HOUR_MS);
      await syncOnce(world);
      expect(resolutionOf(world, alert)).toBe(5);
      expect(world.creates()).toHaveLength(15);
    });
  },
);
