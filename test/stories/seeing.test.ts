import { afterEach, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/domain/time.ts';
import { faults } from '../../src/simulators/fault.ts';
import { Serving } from '../serving.ts';
import { World } from '../world.ts';

describe('a service that is looked at', () => {
  let world: World;
  let serving: Serving | undefined;

  afterEach(async () => {
    await serving?.stop();
    serving = undefined;
    await world.stop();
  });

  it('tells once that a tenant cannot be read, and once that it can again', async () => {
    world = await World.start();
    serving = new Serving(world);
    await serving.pass(10 * MINUTE_MS);
    expect(serving.of('trouble-began')).toEqual([]);
    world.scene.cloudApps.fault({ path: '/contoso/' }, faults.status(401, { body: {} }), { times: 50 });
    await serving.pass(40 * MINUTE_MS);
    expect(serving.of('trouble-began')).toMatchObject([
      { kind: 'reading-failed', tenant: 'contoso', mend: 'casewire check --tenant contoso' },
    ]);
    expect(serving.of('trouble-ended')).toEqual([]);
    world.scene.cloudApps.heal();
    await serving.pass(2 * HOUR_MS);
    expect(serving.of('trouble-began')).toHaveLength(1);
    expect(serving.of('trouble-ended')).toMatchObject([{ kind: 'reading-failed', tenant: 'contoso' }]);
  });

  it('says in status what is not well and what to do, without a service', async () => {
    world = await World.start();
    await world.run();
    const status = async () => {
      const casewire = await world.open(() => {}, 'use');
      try {
        return await casewire.status();
      } finally {
        await casewire.close();
      }
    };
    const before = await status();
    expect(before.warnings).toEqual([]);
    expect(before.clocks.polledAt).toBeDefined();
    world.clock.advance(DAY_MS);
    expect((await status()).warnings).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'not-read', tenant: 'contoso', mend: 'casewire run --tenant contoso' }),
      ]),
    );
  });
});
