import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  type Alert,
  type AlertId,
  type DedupKey,
  dedupKeyOf,
  type Severity,
  type TenantId,
} from '../../src/domain/alert.ts';
import { DAY_MS, HOUR_MS } from '../../src/domain/time.ts';
import type { CatalogueFilter, CataloguePage, CataloguePlace } from '../../src/ledger/catalogue/catalogue-port.ts';
import type { Ledger, Owner } from '../../src/ledger/ledger.ts';
import { anAlert } from '../builders.ts';
import { onEachStore, type TestStore } from '../stores.ts';

const T0 = Date.parse('2026-11-23T07:00:00Z');
const contoso = 'contoso' as TenantId;
const fabrikam = 'fabrikam' as TenantId;
const me = 'here/1/me' as Owner;
const login = { rsitClass: 'intrusion-attempts', rsitType: 'login-attempts' };

onEachStore('the catalogue', ({ store }) => {
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

  async function admit(tenant: TenantId, alerts: readonly Alert[], unreadable: { id: string; why: string }[] = []) {
    const ask = { tenant, owner: me, now: T0, until: T0 + HOUR_MS };
    await ledger.reading.begin(ask);
    const records = unreadable.map((record) => ({ ...record, raw: '{', createdAt: T0 }));
    const page = { alerts, unreadable: records, warnings: [], position: { memo: '' } };
    await ledger.reading.admit({ ...ask, page } as Parameters<Ledger['reading']['admit']>[0]);
    await ledger.reading.end({ tenant, owner: me, now: T0 });
  }

  async function settle(
    ids: readonly string[],
    end: { state: 'suppressed' | 'held'; why: string; category?: object; retryAt?: number },
    tenant = contoso,
  ) {
    await ledger.inbox.lease({ tenant, owner: me, now: T0, until: T0 + HOUR_MS, most: 1_000 });
    for (const id of ids) {
      const key = dedupKeyOf(tenant, id as AlertId);
      const line = { users: ['told@contoso.com'], createdAt: T0, ...(end.category ? { category: end.category } : {}) };
      const { state, why, retryAt } = end;
      const settlement =
        state === 'held'
          ? {
              key,
              state,
              reason: 'refused' as const,
              why,
              ...(retryAt ? { retryAt } : {}),
              proposal: JSON.stringify(line),
            }
          : { key, state, why, proposal: JSON.stringify(line) };
      await ledger.inbox.settle(me, settlement, T0);
    }
  }

  const idsOf = ({ lines }: CataloguePage) => lines.map(({ alertId }) => alertId);
  const page = (filter: CatalogueFilter, most = 50) => ledger.catalogue.page({ filter, most });
  const found = async (filter: CatalogueFilter) => idsOf(await page(filter)).toSorted();

  it('walks all alerts once from the newest, over those of one instant, and back the same way', async () => {
    const times = [0, 0, 0, 0, 0, 1, 1, 2, 3, 3, 3];
    const alerts = times.map((age, i) => anAlert({ id: `a${String(i).padStart(2, '0')}`, createdAt: T0 - age }));
    await admit(contoso, alerts);
    const inOrder = alerts.toSorted((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1)).map(({ id }) => id);
    const down: CataloguePage[] = [];
    for (let place: CataloguePlace | undefined; down.length < 10; ) {
      const from = place ? { from: { place, towards: 'older' as const } } : {};
      down.push(await ledger.catalogue.page({ filter: {}, most: 4, ...from }));
      place = down.at(-1)?.older;
      if (!place) break;
    }
    expect(down.map(idsOf)).toEqual([inOrder.slice(0, 4), inOrder.slice(4, 8), inOrder.slice(8)]);
    expect(down[0]?.newer).toBeUndefined();
    expect(down.map(({ lookedTo }) => lookedTo)).toEqual([undefined, undefined, undefined]);

    const up: (readonly string[])[] = [];
    for (let place = down.at(-1)?.newer; place && up.length < 10; ) {
      const newer = await ledger.catalogue.page({ filter: {}, most: 4, from: { place, towards: 'newer' } });
      up.push(idsOf(newer));
      expect(newer.older).toBeDefined();
      place = newer.newer;
    }
    expect(up).toEqual([inOrder.slice(4, 8), inOrder.slice(0, 4)]);
  });

  it('shows an alert with what people look for, decided or not', async () => {
    await admit(contoso, [anAlert({ id: 'a1', createdAt: T0 }), anAlert({ id: 'a2', createdAt: T0 - 1 })]);
    await settle(['a1'], { state: 'suppressed', why: 'The lab', category: login });
    expect((await page({})).lines).toEqual([
      {
        key: 'contoso/a1',
        tenant: contoso,
        alertId: 'a1',
        title: 'Impossible travel activity',
        severity: 'high',
        createdAt: T0,
        standing: 'suppressed',
        why: 'The lab',
        users: ['told@contoso.com'],
        category: 'intrusion-attempts/login-attempts',
      },
      expect.objectContaining({ alertId: 'a2', standing: 'waiting', why: '', users: ['jane@contoso.com'] }),
    ]);
  });

  it('finds by each word of the filter, and by all of them together', async () => {
    const jane = anAlert({ id: 'a1', createdAt: T0, ips: [{ address: '203.0.113.7', origin: 'entity' }] });
    const users = [{ name: 'Ada Lovelace', address: 'ada@contoso.com', origin: 'entity' as const }];
    const ada = anAlert({ id: 'a2', createdAt: T0, severity: 'low', title: 'Öffentlicher Zugriff', users });
    const other = anAlert({ id: 'b1', tenant: 'fabrikam', createdAt: T0 - DAY_MS, users, ips: jane.ips });
    await admit(contoso, [jane, ada]);
    await admit(fabrikam, [other]);
    await settle(['a1'], { state: 'held', why: 'no', category: login });
    await settle(['a2'], { state: 'suppressed', why: 'no', category: { rsitClass: 'fraud', rsitType: 'phishing' } });

    expect(await found({ tenant: contoso })).toEqual(['a1', 'a2']);
    expect(await found({ severity: 'low' })).toEqual(['a2']);
    expect(await found({ standing: 'held' })).toEqual(['a1']);
    expect(await found({ standing: 'waiting' })).toEqual(['b1']);
    expect(await found({ category: 'fraud/phishing' })).toEqual(['a2']);
    expect(await found({ user: ' JANE doe ' })).toEqual(['a1']);
    expect(await found({ user: 'ada@contoso.com' })).toEqual(['a2', 'b1']);
    expect(await found({ user: 'ada' })).toEqual([]);
    expect(await found({ address: '203.0.113.7' })).toEqual(['a1', 'b1']);
    expect(await found({ since: T0 })).toEqual(['a1', 'a2']);
    expect(await found({ until: T0 })).toEqual(['b1']);
    expect(await found({ text: 'öFFENT' })).toEqual(['a2']);
    expect(await found({ text: 'B1' })).toEqual(['b1']);
    expect(await found({ text: '%' })).toEqual([]);

    expect(await found({ user: 'ada lovelace', address: '203.0.113.7' })).toEqual(['b1']);
    expect(await found({ user: 'jane@contoso.com', address: '203.0.113.7', standing: 'held' })).toEqual(['a1']);
    expect(await found({ address: '203.0.113.7', tenant: contoso, category: 'fraud/phishing' })).toEqual([]);
    expect(await found({ tenant: contoso, standing: 'suppressed', severity: 'low', text: 'zugriff' })).toEqual(['a2']);
  });

  it('tells held from dropped alerts', async () => {
    await admit(contoso, [anAlert({ id: 'a1' }), anAlert({ id: 'a2' })]);
    await settle(['a1', 'a2'], { state: 'held', why: 'no' });
    await ledger.held.drop('contoso/a2' as DedupKey, 'a test', T0);
    expect(await found({ standing: 'held' })).toEqual(['a1']);
    expect(await found({ standing: 'dropped', tenant: contoso })).toEqual(['a2']);
  });

  it('finds an alert by its newest category alone, and by the users of a record that came later', async () => {
    await admit(contoso, [anAlert({ id: 'a1', createdAt: T0 })]);
    const users = [{ name: 'ada@contoso.com', origin: 'entity' as const }];
    await admit(contoso, [anAlert({ id: 'a1', createdAt: T0, users, raw: '{"newer":1}' })]);
    await settle(['a1'], { state: 'held', why: 'no', category: login });
    await ledger.held.retry(['contoso/a1' as DedupKey], new Map(), T0);
    await settle(['a1'], { state: 'held', why: 'no', category: { rsitClass: 'fraud', rsitType: 'phishing' } });
    expect(await found({ user: 'ada@contoso.com' })).toEqual(['a1']);
    expect(await found({ category: 'fraud/phishing' })).toEqual(['a1']);
    expect(await found({ category: 'intrusion-attempts/login-attempts' })).toEqual([]);
  });

  it('stops looking after many alerts of which few are wanted, says how far it looked, and goes on from there', async () => {
    const alerts = Array.from({ length: 25_000 }, (_, i) =>
      anAlert({
        id: `a${String(i).padStart(5, '0')}`,
        createdAt: T0 - i * 1_000,
        title: i === 30 || i === 24_000 ? 'Needle' : 'Hay',
        users: [],
      }),
    );
    for (let i = 0; i < alerts.length; i += 1_000) await admit(contoso, alerts.slice(i, i + 1_000));
    const first = await page({ text: 'needle' });
    expect(idsOf(first)).toEqual(['a00030']);
    expect(first.lookedTo).toBe(first.older?.createdAt);
    if (!first.older) throw new Error('it did not say where to go on');
    const from = { place: first.older, towards: 'older' as const };
    const second = await ledger.catalogue.page({ filter: { text: 'needle' }, from, most: 50 });
    expect(idsOf(second)).toEqual(['a24000']);
    expect(second.older).toBeUndefined();
    expect(second.lookedTo).toBeUndefined();
  });

  it('names users and addresses by how they begin, each once', async () => {
    const named = (name: string) => [{ name, origin: 'entity' as const }];
    const names = ['ada@contoso.com', 'Ada Lovelace', 'adam@contoso.com', 'bob@contoso.com', 'ada@contoso.com'];
    await admit(
      contoso,
      names.map((name, i) => anAlert({ id: `a${i}`, users: named(name) })),
    );
    const { catalogue } = ledger;
    expect(await catalogue.named({ kind: 'user', begins: 'ADA', most: 5 })).toEqual([
      'ada lovelace',
      'ada@contoso.com',
      'adam@contoso.com',
    ]);
    expect(await catalogue.named({ kind: 'user', begins: 'a', most: 1 })).toEqual(['ada lovelace']);
    expect(await catalogue.named({ kind: 'user', begins: ' ', most: 5 })).toEqual([]);
    expect(await catalogue.named({ kind: 'address', begins: '203', most: 5 })).toEqual([]);
  });

  it('counts alerts by span and severity, of all tenants or of one, and those since an instant', async () => {
    const at = (tenant: TenantId, id: string, severity: Severity, age: number) =>
      anAlert({ tenant, id, severity, createdAt: T0 - age });
    await admit(contoso, [at(contoso, 'a1', 'high', 1), at(contoso, 'a2', 'low', DAY_MS), at(contoso, 'a3', 'low', 0)]);
    await admit(fabrikam, [at(fabrikam, 'b1', 'high', 2), at(fabrikam, 'b2', 'high', 9 * DAY_MS)]);
    const edges = [T0 - 2 * DAY_MS, T0 - DAY_MS, T0];
    const none = { high: 0, medium: 0, low: 0, informational: 0 };
    expect(await ledger.catalogue.volumes({ edges })).toEqual([none, { ...none, high: 2, low: 1 }]);
    expect(await ledger.catalogue.volumes({ tenant: contoso, edges })).toEqual([none, { ...none, high: 1, low: 1 }]);
    expect(await ledger.catalogue.volumes({ edges: [T0] })).toEqual([]);
    expect([...(await ledger.catalogue.createdSince([contoso, fabrikam], T0 - 1))]).toEqual([[contoso, 2]]);
  });

  it('counts why alerts are held, and lists those of one cause page by page', async () => {
    const ids = ['a1', 'a2', 'a3', 'a4'];
    await admit(
      contoso,
      ids.map((id) => anAlert({ id, createdAt: T0 })),
      [{ id: 'u1', why: 'it has no time' }],
    );
    await admit(fabrikam, [anAlert({ tenant: 'fabrikam', id: 'b1', createdAt: T0 })]);
    await settle(['a1', 'a2', 'a3'], { state: 'held', why: 'Field Team is required', retryAt: T0 + HOUR_MS });
    await settle(['b1'], { state: 'held', why: 'Field Team is required' }, fabrikam);
    await settle(['a4'], { state: 'held', why: 'gone' });
    await ledger.held.drop('contoso/a4' as DedupKey, 'a test', T0);
    const [team, unread] = [
      { reason: 'refused', why: 'Field Team is required', alerts: 4, tenants: 2, since: T0, nextRetry: T0 + HOUR_MS },
      { reason: 'unreadable', why: 'it has no time', alerts: 1, tenants: 1, since: T0 },
    ] as const;
    expect(await ledger.catalogue.causes({ most: 5 })).toEqual({ causes: [team, unread], more: 0 });
    expect(await ledger.catalogue.causes({ most: 1 })).toEqual({ causes: [team], more: 1 });
    expect((await ledger.catalogue.causes({ tenant: fabrikam, most: 5 })).causes).toMatchObject([{ alerts: 1 }]);

    const first = await ledger.catalogue.heldFor({ cause: team, most: 3 });
    expect(first.alerts.map(({ key }) => key)).toEqual(['fabrikam/b1', 'contoso/a3', 'contoso/a2']);
    if (!first.next) throw new Error('there is a fourth');
    const rest = await ledger.catalogue.heldFor({ cause: team, after: first.next, most: 3 });
    expect(rest.alerts).toEqual([expect.objectContaining({ key: 'contoso/a1', heldAt: T0, retryAt: T0 + HOUR_MS })]);
    expect(rest.next).toBeUndefined();
  });
});
