import { afterEach, beforeEach, expect, it } from 'vitest';
import { dedupKeyOf, type TenantId } from '../../src/domain/alert.ts';
import type { Fact } from '../../src/domain/facts.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { anAlert } from '../builders.ts';
import { onEachStore } from '../stores.ts';

const T0 = Date.parse('2026-11-23T07:00:00Z');
const key = dedupKeyOf('contoso' as TenantId, anAlert().id);

onEachStore('the log of facts', ({ store }) => {
  let place: ReturnType<typeof store>;
  let ledger: Ledger;
  beforeEach(async () => {
    place = store();
    ledger = await place.open();
  });
  afterEach(async () => {
    await ledger.close();
    await place.remove();
  });

  const resolved = (at: number, recordedAt: number): Fact => ({ fact: 'resolved', at, recordedAt });
  const of = async () => (await ledger.factLog.of([key])).get(key);

  it('counts what happens again, and takes a fact that is told twice once', async () => {
    const [one, two] = [resolved(T0, T0 + 5), resolved(T0 + 10, T0 + 15)];
    await ledger.factLog.record([{ key, fact: one }]);
    await ledger.factLog.record([
      { key, fact: { ...one, recordedAt: T0 + 15 } },
      { key, fact: { fact: 'reopened', at: T0 + 7, recordedAt: T0 + 15 } },
      { key, fact: two },
    ]);
    expect((await of())?.map(({ fact, at, recordedAt }) => [fact, at - T0, recordedAt - T0])).toEqual([
      ['resolved', 0, 5],
      ['reopened', 7, 15],
      ['resolved', 10, 15],
    ]);
  });

  it('lets a later word on the same turn take the place of the earlier', async () => {
    await ledger.factLog.record([{ key, fact: resolved(T0 + 300, T0 + 300) }]);
    const exact: Fact = { fact: 'resolved', at: T0 + 20, recordedAt: T0 + 900, resolution: 'Done' };
    await ledger.factLog.record([{ key, fact: exact, turn: 1 }]);
    expect(await of()).toEqual([exact]);
  });

  it('keeps one acknowledgement', async () => {
    await ledger.factLog.record([{ key, fact: { fact: 'acknowledged', by: 'status', at: T0 + 9, recordedAt: T0 } }]);
    const earlier: Fact = { fact: 'acknowledged', by: 'assignee', at: T0 + 3, recordedAt: T0 + 20 };
    await ledger.factLog.record([{ key, fact: earlier }]);
    expect(await of()).toEqual([earlier]);
  });

  it('records later than every frozen edition, so that none of them changes', async () => {
    const edition = {
      kind: 'daily',
      from: T0 - 100,
      to: T0,
      revision: 1,
      asOf: T0 + 1_000,
      counting: '{}',
    } as const;
    expect(await ledger.editions.freeze(edition)).toEqual(edition);
    await ledger.factLog.record([{ key, fact: resolved(T0 - 1, T0 + 999) }]);
    expect(await of()).toEqual([resolved(T0 - 1, T0 + 1_001)]);
  });
});

onEachStore('the editions of reports', ({ store }) => {
  it('are fixed by the first of two, for all reports of the period, and found by their newest revision', async () => {
    const place = store();
    const ledger = await place.open();
    const { editions } = ledger;
    const first = {
      kind: 'daily',
      from: T0,
      to: T0 + 9,
      revision: 1,
      asOf: T0 + 10,
      counting: '{"by":"these targets"}',
    } as const;
    const late = { ...first, asOf: T0 + 99 };
    expect(await editions.find(first)).toBeUndefined();
    expect(await Promise.all([editions.freeze(first), editions.freeze(late)])).toEqual([first, first]);
    const second = { ...first, revision: 2, asOf: T0 + 200 };
    await editions.freeze(second);
    expect(await editions.find(first)).toEqual(second);
    // With the clock of another zone the period may end at another instant, and is another one.
    const other = { ...first, to: T0 + 8, asOf: T0 + 150 } as const;
    expect(await editions.find(other)).toBeUndefined();
    expect(await editions.freeze(other)).toEqual(other);
    expect(await editions.find(first)).toEqual(second);
    await ledger.close();
    await place.remove();
  });
});
