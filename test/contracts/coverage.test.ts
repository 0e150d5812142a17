import { afterEach, beforeEach, expect, it } from 'vitest';
import type { TenantId } from '../../src/domain/alert.ts';
import type { Ledger, Owner } from '../../src/ledger/ledger.ts';
import { anAlert } from '../builders.ts';
import { onEachStore, type TestStore } from '../stores.ts';

const T0 = Date.parse('2026-11-23T07:00:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const me = 'here/1/me' as Owner;
const contoso = 'contoso' as TenantId;
const zurich = 'Zürich' as TenantId;

onEachStore('of which time the ledger knows', ({ store }) => {
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

  async function read(tenant: TenantId, at: number, more: { failure?: string; alerts?: number[] } = {}): Promise<void> {
    const { failure, alerts = [] } = more;
    await ledger.reading.begin({ tenant, owner: me, now: at, until: at + HOUR });
    const page = {
      alerts: alerts.map((createdAt) => anAlert({ id: `a${createdAt}`, tenant, createdAt })),
      unreadable: [],
      warnings: [],
      position: { memo: '' },
    };
    await ledger.reading.admit({ tenant, owner: me, page, now: at, until: at + HOUR });
    await ledger.reading.end({ tenant, owner: me, now: at + 60_000, ...(failure ? { failure } : { readTo: at }) });
  }

  const of = (from: number, to: number) => ledger.coverage.of({ from, to });

  it('is nothing of a ledger that read nothing', async () => {
    expect(await of(T0, T0 + DAY)).toEqual([]);
    expect(await ledger.coverage.tenants()).toEqual([]);
  });

  it('reaches to the beginning of the last reading that came to its end', async () => {
    await read(contoso, T0);
    await read(contoso, T0 + HOUR);
    await read(contoso, T0 + 2 * HOUR, { failure: 'refused' });
    expect(await of(T0, T0 + DAY)).toEqual([{ tenant: contoso, since: T0 + 60_000, readTo: T0 + HOUR, present: true }]);
    // Admitted by a reconciliation, which reads no further.
    await ledger.reading.begin({ tenant: contoso, owner: me, now: T0 + 3 * HOUR, until: T0 + 4 * HOUR });
    await ledger.reading.end({ tenant: contoso, owner: me, now: T0 + 3 * HOUR });
    expect(await of(T0, T0 + DAY)).toMatchObject([{ readTo: T0 + HOUR }]);
  });

  it('begins with the first alert where that is older than the first reading', async () => {
    await read(zurich, T0, { alerts: [T0 - 3 * DAY, T0 - DAY] });
    expect(await of(T0 - 3 * DAY, T0 - 2 * DAY)).toEqual([
      { tenant: zurich, since: T0 - 3 * DAY, readTo: T0, present: true },
    ]);
  });

  it('tells whether a tenant was read in a span, or had alerts in it', async () => {
    await read(contoso, T0, { alerts: [T0 - DAY] });
    await read(contoso, T0 + 2 * DAY, { failure: 'refused' });
    const present = async (from: number, to: number) => (await of(from, to)).map((one) => one.present);
    expect(await present(T0 - DAY, T0 - DAY + 1)).toEqual([true]);
    expect(await present(T0 - DAY + 1, T0)).toEqual([false]);
    expect(await present(T0 + 60_000, T0 + 60_001)).toEqual([true]);
    expect(await present(T0 + 60_001, T0 + 2 * DAY)).toEqual([false]);
    expect(await present(T0 + 2 * DAY, T0 + 3 * DAY)).toEqual([true]);
  });

  it('says how far the issues were seen, and has every tenant by name', async () => {
    await read(zurich, T0);
    await read(contoso, T0);
    await ledger.links.begin({ tenant: contoso, owner: me, now: T0, until: T0 + HOUR });
    await ledger.links.end({ tenant: contoso, owner: me, now: T0 + 9, position: { issuesSince: T0 + 5 } });
    expect(await of(T0, T0 + DAY)).toMatchObject([{ tenant: zurich }, { tenant: contoso, syncedTo: T0 + 5 }]);
    expect(await ledger.coverage.tenants()).toEqual([zurich, contoso]);
  });
});
