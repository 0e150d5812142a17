import { describe, expect, it } from 'vitest';
import { HandClock } from '../../test/hand-clock.ts';
import type { Standing } from '../domain/vitals.ts';
import { Standings } from './standings.ts';

function scene() {
  const clock = new HandClock();
  const asked: PromiseWithResolvers<Standing>[] = [];
  const ask = () => {
    const one = Promise.withResolvers<Standing>();
    asked.push(one);
    return one.promise;
  };
  const is = (): Standing => ({ vitals: { at: clock.now(), tenants: [], sweeps: [], credentials: [] }, warnings: [] });
  return { clock, asked, is, standings: new Standings(clock, ask) };
}

describe('how all stands', () => {
  it('is asked once for all who look at once, and told again for two seconds', async () => {
    const { clock, asked, is, standings } = scene();
    const looks = [standings.now(), standings.now(), standings.fresh()];
    asked[0]?.resolve(is());
    const [first] = await Promise.all(looks);
    clock.advance(1_999);
    expect(await standings.now()).toBe(first);
    expect(asked).toHaveLength(1);
  });

  it('is told as it was, and made anew meanwhile, when it is a little older', async () => {
    const { clock, asked, is, standings } = scene();
    const before = standings.now();
    asked[0]?.resolve(is());
    await before;
    clock.advance(2_000);
    expect(await standings.now()).toBe(await before);
    const after = is();
    asked[1]?.resolve(after);
    await asked[1]?.promise;
    await Promise.resolve();
    expect(await standings.now()).toBe(after);
    expect(asked).toHaveLength(2);
  });

  it('is waited for when it is ten seconds old, or was told before a person did something', async () => {
    const { clock, asked, is, standings } = scene();
    const first = standings.now();
    asked[0]?.resolve(is());
    await first;
    clock.advance(10_000);
    const second = standings.now();
    standings.forget();
    const third = standings.now();
    asked[1]?.resolve(is());
    await second;
    const after = is();
    asked[2]?.resolve(after);
    expect(await third).toBe(after);
    expect(await standings.now()).toBe(after);
  });

  it('is asked again by the next who looks when it failed', async () => {
    const { asked, is, standings } = scene();
    const first = standings.now();
    asked[0]?.reject(new Error('the ledger is closed'));
    await expect(first).rejects.toThrow('the ledger is closed');
    const second = standings.now();
    asked[1]?.resolve(is());
    expect(await second).toEqual(is());
  });
});
