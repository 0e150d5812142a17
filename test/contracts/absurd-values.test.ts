import { randomBytes } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { type Alert, dedupKeyOf, type TenantId } from '../../src/domain/alert.ts';
import { StoreRefusal } from '../../src/domain/failure.ts';
import type { EpochMs } from '../../src/domain/time.ts';
import type { Ledger, Owner } from '../../src/ledger/ledger.ts';
import { sqlMemberships } from '../../src/ledger/look-ups/memberships.ts';
import { anAlert } from '../builders.ts';
import { onEachStore, type TestStore } from '../stores.ts';

const T0 = Date.parse('2026-11-23T07:00:00Z');
const HOUR = 3_600_000;
const contoso = 'contoso' as TenantId;
const fabrikam = 'fabrikam' as TenantId;
const me = 'here/1/me' as Owner;

/** A text that no index can compress. */
const long = () => randomBytes(4_000).toString('base64');

onEachStore('a ledger that is given absurd values', ({ store }) => {
  let place: TestStore | undefined;
  let ledger: Ledger;

  async function opened(): Promise<void> {
    place = store();
    ledger = await place.open();
  }

  afterEach(async () => {
    await ledger.close();
    await place?.remove();
    place = undefined;
  });

  const begin = (tenant: TenantId) => ledger.reading.begin({ tenant, owner: me, now: T0, until: T0 + HOUR });
  const admit = (tenant: TenantId, alerts: readonly Alert[]) =>
    ledger.reading.admit({
      tenant,
      owner: me,
      page: { alerts, unreadable: [], warnings: [], position: { memo: 'read', watermark: T0 } },
      now: T0,
      until: T0 + HOUR,
    });
  const lease = () => ledger.inbox.lease({ tenant: contoso, owner: me, now: T0, until: T0 + HOUR, most: 10 });
  const keyOf = ({ tenant, id }: Alert) => dedupKeyOf(tenant, id);
  const stateOf = async (alert: Alert) => (await ledger.overview.history(keyOf(alert)))?.line;

  it('holds an alert that the store refuses, and stores those beside it and those of other tenants', async () => {
    await opened();
    await Promise.all([begin(contoso), begin(fabrikam)]);
    const absurd = anAlert({ id: 'absurd', createdAt: undefined as unknown as EpochMs });
    const good = [anAlert({ id: 'one' }), anAlert({ id: 'two' })];
    const others = [anAlert({ id: 'three', tenant: 'fabrikam' })];
    const [receipt, other] = await Promise.all([
      admit(contoso, [good[0] as Alert, absurd, good[1] as Alert]),
      admit(fabrikam, others),
    ]);
    expect(receipt).toMatchObject({ fresh: 3, held: ['absurd'], refused: [{ id: 'absurd', createdAt: T0 }] });
    expect(other).toEqual({ fresh: 1, held: [], refused: [] });
    expect((await lease()).map(({ alert }) => alert.id).sort()).toEqual(['one', 'two']);
    expect(await stateOf(absurd)).toMatchObject({
      state: 'held',
      why: expect.stringContaining('the store takes no such value'),
    });
    expect((await ledger.reading.peek(contoso, [])).position).toEqual({ memo: 'read', watermark: T0 });
  });

  it('stores a long title, detection, user and group', async () => {
    await opened();
    await begin(contoso);
    const user = `${long()}@contoso.com`;
    const alert = anAlert({ title: long(), type: long(), users: [{ name: user, address: user, origin: 'entity' }] });
    expect(await admit(contoso, [alert])).toMatchObject({ fresh: 1, refused: [] });
    await lease();
    const category = { class: 'other', type: 'uncategorised', tactics: [], techniques: [], phase: 'detection' };
    const line = { type: alert.type, category, createdAt: alert.createdAt };
    const place = await ledger.groups.join({
      key: keyOf(alert),
      tenant: contoso,
      owner: me,
      wish: { key: 'a hash', words: long(), rule: 'same user', withinMs: HOUR, whenDone: 'new' } as never,
      route: { site: 'default', project: 'SOC', issueType: 'Task' } as never,
      createdAt: alert.createdAt,
      proposal: JSON.stringify(line),
      now: T0,
    });
    expect(place).toBeDefined();
    const settlement = { key: keyOf(alert), state: 'suppressed', why: long(), proposal: JSON.stringify(line) } as const;
    await ledger.inbox.settle(me, settlement, T0);
    expect(await stateOf(alert)).toBeDefined();
  });

  it('keeps the groups of a user whose name is absurdly long', async () => {
    await opened();
    const db = await (place as TestStore).db();
    try {
      const memberships = sqlMemberships(db);
      const [one, other] = [long(), long()];
      await memberships.record(contoso, one, { groups: [{ id: '1', name: 'Finance' }], askedAt: T0 });
      expect(await memberships.recall(contoso, one)).toEqual({ groups: [{ id: '1', name: 'Finance' }], askedAt: T0 });
      expect(await memberships.recall(contoso, other)).toBeUndefined();
    } finally {
      await db.destroy();
    }
  });

  it('refuses one settlement of several that come together, and does the others', async () => {
    await opened();
    await begin(contoso);
    const alerts = [anAlert({ id: 'one' }), anAlert({ id: 'two' })];
    await admit(contoso, alerts);
    await lease();
    const settle = (alert: Alert, proposal: string) =>
      ledger.inbox.settle(me, { key: keyOf(alert), state: 'suppressed', why: 'a rule', proposal }, T0);
    const [one, two] = await Promise.allSettled([
      settle(alerts[0] as Alert, undefined as unknown as string),
      settle(alerts[1] as Alert, '{}'),
    ]);
    expect([one?.status, two?.status]).toEqual(['rejected', 'fulfilled']);
    expect(await stateOf(alerts[1] as Alert)).toMatchObject({ state: 'suppressed' });
    expect(await stateOf(alerts[0] as Alert)).not.toMatchObject({ state: 'suppressed' });
  });

  it('tells values that it refuses from a fault of ours', async () => {
    await opened();
    const db = await (place as TestStore).db();
    try {
      const insert = (raw: unknown) =>
        db
          .insertInto('records')
          .values({ dedup_key: 'a', alert: null, raw: raw as string })
          .execute();
      await expect(insert(null)).rejects.toBeInstanceOf(StoreRefusal);
      await insert('x');
      await expect(insert('x')).rejects.not.toBeInstanceOf(StoreRefusal);
    } finally {
      await db.destroy();
    }
  });
});
