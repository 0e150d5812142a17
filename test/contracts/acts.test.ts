import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ActId } from '../../src/domain/act.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { onEachStore, type TestStore } from '../stores.ts';

const T0 = Date.parse('2026-11-23T07:00:00Z');

onEachStore('acts in the ledger', ({ store }) => {
  let place: TestStore;
  let ledger: Ledger;

  beforeEach(async () => {
    place = store();
    ledger = await place.open();
  });

  afterEach(async () => {
    await ledger.close();
    await place.remove();
  });

  it('are on record before they are done', async () => {
    await ledger.acts.record({ at: T0, who: 'ada', what: 'drop a held alert', subject: 'contoso/1', detail: 'a test' });
    expect(await ledger.acts.page({ most: 10 })).toEqual([
      {
        id: expect.any(String),
        at: T0,
        who: 'ada',
        what: 'drop a held alert',
        subject: 'contoso/1',
        detail: 'a test',
      },
    ]);
  });

  it('end once', async () => {
    const id = await ledger.acts.record({ at: T0, who: 'ada', what: 'retry' });
    await ledger.acts.ended(id, { at: T0 + 5, outcome: 'failed', says: 'the ledger is locked' });
    await ledger.acts.ended(id, { at: T0 + 9, outcome: 'done', says: 'no' });
    await ledger.acts.ended('nobody' as ActId, { at: T0, outcome: 'done', says: 'no' });
    expect(await ledger.acts.page({ most: 10 })).toEqual([
      { id, at: T0, who: 'ada', what: 'retry', end: { at: T0 + 5, outcome: 'failed', says: 'the ledger is locked' } },
    ]);
  });

  it('are paged from the newest, each once, also where many are of one instant', async () => {
    for (const at of [T0, T0 + 1, T0 + 1, T0 + 1, 999_999_999_999, T0 + 2])
      await ledger.acts.record({ at, who: 'ada', what: 'retry' });
    const read: { id: ActId; at: number }[] = [];
    for (;;) {
      const after = read.at(-1)?.id;
      const page = await ledger.acts.page({ most: 2, ...(after === undefined ? {} : { after }) });
      if (page.length === 0) break;
      read.push(...page);
    }
    expect(read.map(({ at }) => at)).toEqual([T0 + 2, T0 + 1, T0 + 1, T0 + 1, T0, 999_999_999_999]);
    expect(new Set(read.map(({ id }) => id)).size).toBe(6);
  });
});
