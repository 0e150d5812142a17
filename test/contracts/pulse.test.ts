import { afterEach, beforeEach, expect, it } from 'vitest';
import { type AlertId, dedupKeyOf, type TenantId } from '../../src/domain/alert.ts';
import type { Route, SiteId } from '../../src/domain/ticket.ts';
import { DAY_MS, HOUR_MS } from '../../src/domain/time.ts';
import type { Ledger, Owner } from '../../src/ledger/ledger.ts';
import { anAlert } from '../builders.ts';
import { onEachStore, type TestStore } from '../stores.ts';

const T0 = Date.parse('2026-11-23T07:00:00Z');
const contoso = 'contoso' as TenantId;
const fabrikam = 'fabrikam' as TenantId;
const me = 'here/1/me' as Owner;
const route: Route = { site: 'default' as SiteId, project: 'SOC', issueType: 'Task' };

onEachStore('the pulse', ({ store }) => {
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

  /** Admits alerts of these ages; answers their keys, oldest last. */
  async function admit(tenant: TenantId, ages: readonly number[], now = T0) {
    const alerts = ages.map((age, i) =>
      anAlert({ tenant, id: `${String(i).padStart(24, '0')}` as AlertId, createdAt: T0 - age }),
    );
    const position = { memo: '', watermark: T0 - HOUR_MS };
    const ask = { tenant, owner: me, now, until: now + HOUR_MS };
    await ledger.reading.begin(ask);
    await ledger.reading.admit({ ...ask, page: { alerts, unreadable: [], warnings: [], position } });
    await ledger.reading.end({ tenant, owner: me, now });
    return alerts.map(({ id }) => dedupKeyOf(tenant, id));
  }

  async function hold(reason: 'refused' | 'mapping', now: number) {
    const [leased] = await ledger.inbox.lease({ tenant: contoso, owner: me, now, until: now + HOUR_MS, most: 1 });
    if (!leased) throw new Error('nothing to hold');
    await ledger.inbox.settle(
      me,
      { key: leased.key, state: 'held', reason, why: 'no', retryAt: now + DAY_MS, proposal: '{}' },
      now,
    );
    return leased.key;
  }

  it('names tenants of the ledger that are not among those asked after, with their links that are watched', async () => {
    const [key] = await admit(fabrikam, [1_000]);
    await admit(contoso, [1_000]);
    if (!key) throw new Error('nothing was admitted');
    const ask = { tenant: fabrikam, owner: me, now: T0, until: T0 + HOUR_MS };
    await ledger.inbox.lease({ ...ask, most: 1 });
    const claim = await ledger.outbox.claim({ key, owner: me, route, now: T0, until: T0 + HOUR_MS, proposal: '{}' });
    const ticket = { id: '10000', key: 'SOC-1', url: 'https://jira.example/browse/SOC-1' };
    const { site } = route;
    await ledger.outbox.end({ key, outcome: 'created', attempt: claim?.attempt ?? 0, site, ticket }, T0);
    expect(await ledger.pulse.besides([contoso, fabrikam])).toEqual([]);
    expect(await ledger.pulse.besides([contoso])).toEqual([{ tenant: fabrikam, links: 1 }]);
    expect(await ledger.pulse.besides([fabrikam])).toEqual([{ tenant: contoso, links: 0 }]);
  });

  it('tells of each tenant that is asked after, also of one that was never read', async () => {
    await admit(contoso, [1_000, 3 * HOUR_MS]);
    expect(await ledger.pulse.tenants([contoso, fabrikam], T0)).toEqual([
      {
        tenant: contoso,
        watermark: T0 - HOUR_MS,
        polledAt: T0,
        open: 2,
        oldestOpen: T0 - 3 * HOUR_MS,
        openSince: T0,
        unknown: 0,
        heldBy: {},
        heldLately: 0,
        newestAlert: T0 - 1_000,
      },
      { tenant: fabrikam, open: 0, unknown: 0, heldBy: {}, heldLately: 0 },
    ]);
  });

  it('counts held alerts by reason, those of the last day, and none that was dropped', async () => {
    await admit(contoso, [1_000, 2_000, 3_000]);
    await hold('refused', T0 - DAY_MS);
    await hold('mapping', T0);
    const dropped = await hold('refused', T0);
    await ledger.held.drop(dropped, 'a test', T0);
    const [own] = await ledger.pulse.tenants([contoso], T0);
    expect(own).toMatchObject({ open: 0, heldBy: { refused: 1, mapping: 1 }, heldLately: 1 });
  });

  it('counts creates without an answer since they were sent', async () => {
    await admit(contoso, [1_000]);
    const [leased] = await ledger.inbox.lease({ tenant: contoso, owner: me, now: T0, until: T0 + HOUR_MS, most: 1 });
    const key = leased?.key ?? dedupKeyOf(contoso, '' as AlertId);
    const claim = await ledger.outbox.claim({ key, owner: me, route, now: T0, until: T0 + HOUR_MS, proposal: '{}' });
    const attempt = claim?.attempt ?? 0;
    await ledger.outbox.end({ key, outcome: 'unknown', attempt, why: 'lost', lookAt: T0 }, T0 + 1);
    expect((await ledger.pulse.tenants([contoso], T0))[0]).toMatchObject({ open: 1, unknown: 1, oldestUnknown: T0 });
  });

  it('tells why the last reading failed', async () => {
    const ask = { tenant: contoso, owner: me, now: T0, until: T0 + HOUR_MS };
    await ledger.reading.begin(ask);
    await ledger.reading.end({ tenant: contoso, owner: me, now: T0, failure: '401' });
    const [own] = await ledger.pulse.tenants([contoso], T0);
    expect(own).toMatchObject({ failure: '401' });
    expect(own?.polledAt).toBeUndefined();
  });

  it('names the days on which a tenant had alerts within a span, each once', async () => {
    await admit(contoso, [0, HOUR_MS, 2 * DAY_MS, 20 * DAY_MS]);
    await admit(fabrikam, [DAY_MS]);
    const today = Math.floor(T0 / DAY_MS);
    const [from, to] = [T0 - 14 * DAY_MS, T0];
    const spans = [
      { tenant: contoso, from, to },
      { tenant: fabrikam, from: T0 - 2 * DAY_MS, to },
    ];
    expect(await ledger.pulse.activeDays(spans)).toEqual(
      new Map([
        [contoso, [today - 2, today]],
        [fabrikam, [today - 1]],
      ]),
    );
    // More than a statement takes at once.
    const many = [...Array.from({ length: 250 }, (_, i) => ({ tenant: `t${i}` as TenantId, from, to })), ...spans];
    expect((await ledger.pulse.activeDays(many)).get(contoso)).toEqual([today - 2, today]);
    expect(await ledger.pulse.activeDays([])).toEqual(new Map());
  });
});
