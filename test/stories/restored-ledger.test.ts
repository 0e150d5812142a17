import { copyFileSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { faults } from '../../src/simulators/fault.ts';
import { Serving } from '../serving.ts';
import { World } from '../world.ts';

const MINUTE = 60_000;
const CREATE = { method: 'POST', path: /\/issue(\?|$)/ };
const TENANTS = ['contoso', 'fabrikam', 'northwind'];

describe.each(['cloud', 'datacenter'] as const)(
  'an older back-up of the ledger that is put back, on Jira %s',
  (edition) => {
    let world: World;

    beforeEach(async () => {
      world = await World.start({ edition });
    });
    afterEach(() => world.stop());

    const backUp = () => copyFileSync(world.storePath, `${world.storePath}.copy`);

    function restore(): void {
      for (const end of ['-wal', '-shm']) rmSync(`${world.storePath}${end}`, { force: true });
      copyFileSync(`${world.storePath}.copy`, world.storePath);
    }

    /** So many new alerts at once, two a tenant. */
    function addAlerts(count = 6, mark = 'd'): void {
      for (let n = 0; n < count; n++)
        world.scene.cloudApps.addAlert(TENANTS[n % 3] ?? '', {
          _id: `${mark.repeat(22)}${String(n).padStart(2, '0')}`,
          timestamp: world.clock.now() - MINUTE,
          title: `After the back-up ${mark}${n}`,
          severityValue: 1,
        });
    }

    /** Raises six alerts that the ledger which is put back does not know. */
    async function loseSix(): Promise<void> {
      await world.run();
      backUp();
      world.clock.advance(5 * MINUTE);
      addAlerts();
      await world.run();
      expect(world.issuesByAlert().size).toBe(21);
      restore();
    }

    const doubled = () => [...world.issuesByAlert()].filter(([, keys]) => keys.length > 1);

    it('raises none again that was raised after the back-up', async () => {
      await loseSix();
      const again = await world.run();
      expect(again.lines.map(({ outcome }) => outcome)).toEqual(Array(6).fill('adopted'));
      expect(doubled()).toEqual([]);
      expect(world.creates()).toHaveLength(21);
      const before = world.scene.jira.journal.length;
      expect((await world.run()).lines).toEqual([]);
      expect(world.scene.jira.journal.length).toBe(before);
    });

    it('raises none again of a tenant that can only be read later', async () => {
      await loseSix();
      world.scene.cloudApps.fault({ path: /./ }, faults.status(503), { times: 2 });
      const serving = new Serving(world);
      await serving.pass(MINUTE / 2);
      addAlerts(3, 'e');
      await serving.pass(30 * MINUTE);
      await serving.stop();
      expect(doubled()).toEqual([]);
      expect(world.issuesByAlert().size).toBe(24);
    });

    it('raises none again that the back-up has as waiting', async () => {
      await world.run();
      world.clock.advance(5 * MINUTE);
      addAlerts();
      world.scene.jira.fault(CREATE, faults.status(429, { headers: { 'Retry-After': '600' }, body: {} }), { times: 9 });
      await world.run();
      world.scene.jira.heal();
      backUp();
      world.clock.advance(15 * MINUTE);
      await world.run();
      expect(world.issuesByAlert().size).toBe(21);
      restore();
      await world.run();
      expect(doubled()).toEqual([]);
      expect(world.issuesByAlert().size).toBe(21);
    });

    it.runIf(edition === 'cloud')('raises none again that the search does not show yet', async () => {
      world.scene.jira.searchLags(90_000);
      await loseSix();
      await world.run();
      expect(doubled()).toEqual([]);
      expect(world.issuesByAlert().size).toBe(21);
    });

    it('closes what was raised twice because Jira hid it, and keeps the first', async () => {
      world.scene.jira.searchLags(30 * MINUTE);
      await world.run();
      backUp();
      world.clock.advance(5 * MINUTE);
      addAlerts(1);
      await world.run();
      restore();
      world.scene.jira.skipNumbers('SOC', 1_500);
      const [lost] = world.scene.jira.issues().slice(-1);
      world.scene.jira.hide(lost?.key ?? '');
      await world.run();
      world.scene.jira.hide(lost?.key ?? '', false);
      expect(doubled()).toHaveLength(1);
      world.clock.advance(40 * MINUTE);
      const casewire = await world.open();
      const summary = await world.drive(casewire.sweep(new AbortController().signal));
      await casewire.close();
      expect(summary.closed).toMatchObject([{ original: { key: lost?.key } }]);
    });

    it('looks once for forty new alerts of all tenants, and not again for the same', async () => {
      await world.run();
      world.clock.advance(5 * MINUTE);
      addAlerts();
      const calls = () => world.scene.jira.requests(/\/rest\//).length;
      const before = calls();
      await world.run();
      // One search for each tenant at the most, where their readings do not come at the same time; on Cloud one read by key.
      expect(calls() - before).toBeLessThanOrEqual(6 + 3 + 1);
      world.scene.jira.fault(CREATE, faults.status(429, { headers: { 'Retry-After': '60' }, body: {} }), { times: 3 });
      addAlerts(3, 'e');
      const searches = () => world.scene.jira.requests(/\/search/).length;
      const searched = searches();
      await world.run({ waitMs: 5 * MINUTE });
      expect(world.issuesByAlert().size).toBe(24);
      expect(searches() - searched).toBeLessThanOrEqual(3);
    });

    it('costs a running service no look for alerts that come while it runs', async () => {
      await world.run();
      const serving = new Serving(world);
      await serving.pass(20 * MINUTE);
      const before = world.scene.jira.requests(/\/search|bulkfetch/).length;
      addAlerts();
      await serving.pass(10 * MINUTE);
      expect(world.issuesByAlert().size).toBe(21);
      expect(world.scene.jira.requests(/\/search|bulkfetch/).length).toBe(before);
      await serving.stop();
    });
  },
);
