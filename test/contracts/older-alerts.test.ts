import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Alert, dedupKeyOf, type TenantId } from '../../src/domain/alert.ts';
import type { Happening } from '../../src/domain/facts.ts';
import type { Ledger, Owner, Settlement } from '../../src/ledger/ledger.ts';
import { anAlert } from '../builders.ts';
import { onEachStore } from '../stores.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const T0 = Date.parse('2026-11-23T00:00:00Z');
const contoso = 'contoso' as TenantId;
const me = 'here/1/me' as Owner;

onEachStore('alerts of before a span', ({ store }) => {
  let place: ReturnType<typeof store>;
  let ledger: Ledger;
  beforeEach(async () => {
    place = store();
    ledger = await place.open();
    const { reading, inbox } = ledger;
    const alerts = ['a', 'b', 'c', 'd'].map((id) => anAlert({ id, createdAt: T0 }));
    const page = { alerts, unreadable: [], warnings: [], position: { memo: '' } };
    await reading.begin({ tenant: contoso, owner: me, now: T0, until: T0 + HOUR });
    await reading.admit({ tenant: contoso, owner: me, page, now: T0, until: T0 + HOUR });
    await reading.end({ tenant: contoso, owner: me, now: T0, everyMs: HOUR });
    await inbox.lease({ tenant: contoso, owner: me, now: T0, until: T0 + HOUR, most: 10 });
  });
  afterEach(async () => {
    await ledger.close();
    await place.remove();
  });

  const keyOf = (id: string) => dedupKeyOf(contoso, id as Alert['id']);
  const happens = (id: string, at: number, what: Happening) =>
    ledger.factLog.record([{ key: keyOf(id), fact: { at, recordedAt: at, ...what } }]);

  async function settle(id: string, settlement: Partial<Settlement>): Promise<void> {
    const entry = { key: keyOf(id), why: 'because', proposal: '{}', ...settlement } as Settlement;
    await ledger.inbox.settle(me, entry, T0 + HOUR / 2);
  }

  async function between(from: number, to: number, asOf = T0 + 30 * DAY): Promise<string[]> {
    const ids: string[] = [];
    for await (const page of ledger.facts.between({ tenant: contoso, from, to, asOf }))
      ids.push(...page.map(({ alertId }) => alertId));
    return ids;
  }

  it('are told in each span while they are held, whatever becomes of them later', async () => {
    await settle('a', { state: 'held', reason: 'mapping' });
    await settle('b', { state: 'suppressed' });
    expect(await between(T0 + DAY, T0 + 2 * DAY)).toEqual(['a']);
    await ledger.held.drop(keyOf('a'), 'a test', T0 + 5 * DAY);
    expect(await between(T0 + DAY, T0 + 2 * DAY)).toEqual(['a']);
    expect(await between(T0 + 5 * DAY, T0 + 6 * DAY)).toEqual(['a']);
    expect(await between(T0 + 6 * DAY, T0 + 7 * DAY)).toEqual([]);
  });

  it('are told in the span in which anything happened to them', async () => {
    await settle('c', { state: 'suppressed' });
    await happens('c', T0 + 3 * DAY, { fact: 'closed', verdict: 'benign' });
    expect(await between(T0 + 3 * DAY, T0 + 4 * DAY)).toEqual(['c']);
    expect(await between(T0 + 2 * DAY, T0 + 3 * DAY)).toEqual([]);
    expect(await between(T0 + 3 * DAY, T0 + 4 * DAY, T0 + 2 * DAY)).toEqual([]);
  });
});
