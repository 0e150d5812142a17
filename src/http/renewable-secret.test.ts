import { describe, expect, it } from 'vitest';
import { HandClock } from '../../test/hand-clock.ts';
import { MINUTE_MS } from '../domain/time.ts';
import { RenewableSecret } from './renewable-secret.ts';

describe('a secret that may be replaced', () => {
  const clock = new HandClock();

  function kept(secret: string) {
    const store = { present: secret, looks: 0 };
    const newer = async (former: string) => {
      store.looks += 1;
      return store.present === former ? undefined : store.present;
    };
    return { store, own: new RenewableSecret({ secret, clock, newer }) };
  }

  it('is what it was until a service refuses it, then what its store holds', async () => {
    const { store, own } = kept('a');
    store.present = 'b';
    expect(own.value).toBe('a');
    expect(await own.refused('a')).toBe(true);
    expect(own.value).toBe('b');
  });

  it('is looked for once by all whose calls were refused', async () => {
    const { store, own } = kept('a');
    store.present = 'b';
    expect(await Promise.all([own.refused('a'), own.refused('a'), own.refused('a')])).toEqual([true, true, true]);
    expect(await own.refused('a')).toBe(true);
    expect(store.looks).toBe(1);
  });

  it('is looked for no more than once a minute where there is no other', async () => {
    const { store, own } = kept('a');
    expect([await own.refused('a'), await own.refused('a')]).toEqual([false, false]);
    expect(store.looks).toBe(1);
    clock.advance(MINUTE_MS);
    store.present = 'b';
    expect(await own.refused('a')).toBe(true);
  });

  it('stays what it is where nobody keeps it', async () => {
    const own = new RenewableSecret({ secret: 'a', clock });
    expect(await own.refused('a')).toBe(false);
    expect(own.value).toBe('a');
  });
});
