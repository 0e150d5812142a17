import { afterEach, describe, expect, it } from 'vitest';
import { HandClock } from '../../test/hand-clock.ts';
import { parseConfig } from '../config/parse-config.ts';
import { isPrivateAddress } from './private-address.ts';
import { manyAlerts, publicAddress } from './scene/many-alerts.ts';
import { mondayAlerts } from './scene/monday.ts';
import { mondayReports } from './scene/reports.ts';
import { type Scene, startScene } from './scene.ts';

let scene: Scene | undefined;
afterEach(() => scene?.stop());

describe('Monday morning', () => {
  it.each(['cloud', 'datacenter'] as const)('comes with a configuration that loads, for %s', async (edition) => {
    scene = await startScene({ clock: new HandClock(), edition });
    const { env, jira } = scene;
    const loaded = parseConfig({ source: scene.configYaml(), path: '/casewire.yaml', file: 'casewire.yaml', env });
    expect(loaded).toMatchObject({ ok: true, config: { sites: [{ edition, url: jira.url }], tenants: [{}, {}, {}] } });
    for (const secret of Object.values(env)) expect(scene.configYaml()).not.toContain(secret);
  });

  it.each(['2026-11-23T07:00:00Z', '2026-11-24T12:00:00Z', '2026-11-22T23:59:00Z', '2026-11-23T00:00:30Z'])(
    'has fifteen open alerts of the weekend before %s',
    (instant) => {
      const now = Date.parse(instant);
      const all = Object.values(mondayAlerts(now)).flat();
      expect(all).toHaveLength(15);
      expect(new Set(all.map(({ _id }) => _id)).size).toBe(15);
      for (const { _id, timestamp, resolutionStatusValue } of all) {
        expect(_id).toMatch(/^[0-9a-f]{24}$/);
        expect([0, 6]).toContain(new Date(timestamp).getUTCDay());
        expect(timestamp).toBeLessThan(now);
        expect(now - timestamp).toBeLessThan(10 * 86_400_000);
        expect(resolutionStatusValue).toBe(0);
      }
    },
  );

  it('knows a report of every public address in it', () => {
    const now = Date.parse('2026-11-23T07:00:00Z');
    const entities = Object.values(mondayAlerts(now))
      .flat()
      .flatMap(({ entities }) => entities as { type: string; id: string }[]);
    const addresses = new Set(
      entities.filter(({ type, id }) => type === 'ip' && !isPrivateAddress(id)).map(({ id }) => id),
    );
    expect([...addresses].sort()).toEqual(Object.keys(mondayReports(now)).sort());
  });
});

describe('many alerts', () => {
  const before = Date.parse('2026-11-24T00:00:00Z');

  it('are the same for the same seed, and different for another', () => {
    const some = manyAlerts(50, { before, seed: 3 });
    expect(manyAlerts(50, { before, seed: 3 })).toEqual(some);
    expect(manyAlerts(50, { before, seed: 4 }).map(({ _id }) => _id)).not.toContain(some[0]?._id);
  });

  it('are distinct, in order, and name no more addresses than asked', () => {
    const many = manyAlerts(3_000, { before, distinctAddresses: 40 });
    expect(new Set(many.map(({ _id }) => _id)).size).toBe(3_000);
    expect(many.every(({ timestamp }, n) => n === 0 || timestamp > (many[n - 1]?.timestamp ?? 0))).toBe(true);
    const ips = many
      .flatMap(({ entities }) => entities as { type: string; id: string }[])
      .filter(({ type }) => type === 'ip');
    expect(new Set(ips.map(({ id }) => id)).size).toBe(40);
    expect(ips.some(({ id }) => isPrivateAddress(id))).toBe(false);
    expect(publicAddress(70_000)).toBe('45.65.17.112');
  });
});
