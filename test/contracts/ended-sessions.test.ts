import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { onEachStore, type TestStore } from '../stores.ts';

const T0 = Date.parse('2026-11-01T00:00:00Z');
const HOUR = 3_600_000;

onEachStore('ended sessions in the ledger', ({ store }) => {
  let ledger: Ledger;
  let other: Ledger;
  let place: TestStore;

  beforeEach(async () => {
    place = store();
    ledger = await place.open();
    other = await place.open();
  });

  afterEach(async () => {
    await ledger.close();
    await other.close();
    await place.remove();
  });

  it('are ended for every process, and no other session is', async () => {
    await ledger.endedSessions.end({ id: 'one', until: T0 + 8 * HOUR }, T0);
    expect(await other.endedSessions.has('one')).toBe(true);
    expect(await other.endedSessions.has('two')).toBe(false);
  });

  it('may be ended twice', async () => {
    await ledger.endedSessions.end({ id: 'one', until: T0 + 8 * HOUR }, T0);
    await other.endedSessions.end({ id: 'one', until: T0 + 8 * HOUR }, T0 + 1);
    expect(await ledger.endedSessions.has('one')).toBe(true);
  });

  it('are kept until they would have ended by themselves, and no longer', async () => {
    await ledger.endedSessions.end({ id: 'one', until: T0 + 8 * HOUR }, T0);
    await ledger.endedSessions.end({ id: 'two', until: T0 + 9 * HOUR }, T0 + 8 * HOUR - 1);
    expect(await ledger.endedSessions.has('one')).toBe(true);
    await ledger.endedSessions.end({ id: 'three', until: T0 + 16 * HOUR }, T0 + 8 * HOUR);
    expect(await ledger.endedSessions.has('one')).toBe(false);
    expect(await ledger.endedSessions.has('two')).toBe(true);
  });
});
