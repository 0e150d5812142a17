import { afterEach, beforeEach, expect, it } from 'vitest';
import type { TenantId } from '../../src/domain/alert.ts';
import type { Delivery, DeliveryEnd, RecipientEnd } from '../../src/ledger/deliveries/deliveries-port.ts';
import type { Ledger, Owner } from '../../src/ledger/ledger.ts';
import { goneOwner } from '../gone-owner.ts';
import { onEachStore, type TestStore } from '../stores.ts';

const T0 = Date.parse('2026-11-01T00:00:00Z');
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const me = 'here/1/me' as Owner;
const you = 'here/2/you' as Owner;

function delivery(more: Partial<Delivery> = {}): Delivery {
  return { scope: 'contoso' as TenantId, kind: 'daily', from: T0 - DAY, to: T0, channel: 'folder', ...more };
}

onEachStore('deliveries in the ledger', ({ store }) => {
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

  const take = (owner = me, now = T0) => ledger.deliveries.take({ owner, now, until: now + 10 * MINUTE });

  it('begin with the period that ran when a kind was first asked for, whoever asks later', async () => {
    expect(await ledger.deliveries.since('daily', T0)).toBe(T0);
    expect(await other.deliveries.since('daily', T0 + DAY)).toBe(T0);
    expect(await other.deliveries.since('weekly', T0 + DAY)).toBe(T0 + DAY);
  });

  it('are planned once', async () => {
    expect(await ledger.deliveries.plan([delivery(), delivery({ channel: 'mail', scope: 'all' })], T0)).toBe(2);
    expect(await other.deliveries.plan([delivery()], T0 + DAY)).toBe(0);
    expect(await ledger.deliveries.failed()).toEqual({ failed: 0 });
  });

  it('are in one hand at a time, and in the next when that one is gone', async () => {
    await ledger.deliveries.plan([delivery()], T0);
    expect(await take()).toMatchObject(delivery());
    expect(await other.deliveries.take({ owner: you, now: T0 + MINUTE, until: T0 + DAY })).toBeUndefined();
    expect(await other.deliveries.take({ owner: you, now: T0 + 11 * MINUTE, until: T0 + DAY })).toMatchObject(
      delivery(),
    );
    await ledger.deliveries.end({ delivery: delivery(), owner: me, now: T0 + 12 * MINUTE, outcome: { end: 'done' } });
    expect(await take(you, T0 + 2 * DAY)).toMatchObject(delivery());
  });

  it('are free at once when the process that had them is gone', async () => {
    await ledger.deliveries.plan([delivery()], T0);
    await take(goneOwner());
    expect(await take()).toBeUndefined();
    await ledger.leases.reclaim(me, T0);
    expect(await take()).toMatchObject(delivery());
  });

  it('come folders first, then the oldest period', async () => {
    const mail = delivery({ channel: 'mail', scope: 'all', from: T0 - 3 * DAY, to: T0 - 2 * DAY });
    const older = delivery({ from: T0 - 2 * DAY, to: T0 - DAY });
    await ledger.deliveries.plan([mail, delivery(), older], T0);
    const order = [await take(), await take(), await take(), await take()];
    expect(order.map((one) => one && [one.channel, one.to])).toEqual([
      ['folder', T0 - DAY],
      ['folder', T0],
      ['mail', T0 - 2 * DAY],
      undefined,
    ]);
  });

  it('by mail wait for the folder, but not for what failed there', async () => {
    const mail = delivery({ channel: 'mail', scope: 'all' });
    await ledger.deliveries.plan([mail, delivery(), delivery({ scope: 'fabrikam' as TenantId })], T0);
    const end = (outcome: DeliveryEnd, scope = 'contoso') =>
      ledger.deliveries.end({ delivery: delivery({ scope: scope as TenantId }), owner: me, now: T0, outcome });
    await take();
    await take();
    expect(await take()).toBeUndefined();
    await end({ end: 'done' });
    expect(await take()).toBeUndefined();
    await end({ end: 'failed', why: 'the disk is full', nextAt: T0 + DAY }, 'fabrikam');
    expect(await take()).toMatchObject(mail);
  });

  it('that failed keep why, and are tried again at their time or when a person asks', async () => {
    await ledger.deliveries.plan([delivery()], T0);
    await take();
    const outcome = { end: 'failed', why: 'the folder is read-only', nextAt: T0 + DAY } as const;
    await ledger.deliveries.end({ delivery: delivery(), owner: me, now: T0, outcome });
    expect(await take(me, T0 + MINUTE)).toBeUndefined();
    expect(await ledger.deliveries.failed()).toMatchObject({
      failed: 1,
      first: { failures: 1, why: 'the folder is read-only', nextAt: T0 + DAY, plannedAt: T0 },
    });
    expect(await ledger.deliveries.retry(T0 + 2 * MINUTE)).toBe(1);
    expect(await take(me, T0 + 2 * MINUTE)).toMatchObject({ failures: 1 });
  });

  it('are told of each period as they stand, with the mails', async () => {
    const mail = delivery({ scope: 'all', channel: 'mail' });
    await ledger.deliveries.plan([delivery(), delivery({ scope: 'fabrikam' as TenantId }), mail], T0);
    await take();
    await ledger.deliveries.end({ delivery: delivery(), owner: me, now: T0 + MINUTE, outcome: { end: 'done' } });
    const ask = { scope: 'contoso' as TenantId, kind: 'daily', from: T0 - DAY, to: T0 } as const;
    expect(await ledger.deliveryLog.of(ask)).toEqual([
      { ...delivery(), failures: 0, plannedAt: T0, nextAt: T0, doneAt: T0 + MINUTE },
      { ...mail, failures: 0, plannedAt: T0, nextAt: T0 },
    ]);
    expect(await ledger.deliveryLog.of({ ...ask, from: T0 })).toEqual([]);
    expect(await ledger.deliveryLog.of({ ...ask, kind: 'weekly' })).toEqual([]);
  });

  it('by mail keep how they ended for each recipient, and those refused for good are tried when a person asks', async () => {
    const mail = delivery({ scope: 'all', channel: 'mail' });
    const end = (outcome: DeliveryEnd, recipients: readonly RecipientEnd[]) =>
      ledger.deliveries.end({ delivery: mail, owner: me, now: T0, outcome, recipients });
    await ledger.deliveries.plan([mail], T0);
    expect(await take()).toMatchObject({ recipients: [] });
    const gone = { address: 'gone@example.com', refused: '550 no such mailbox' };
    const lead = { address: 'lead@example.com' };
    await end({ end: 'failed', why: 'full', nextAt: T0 + MINUTE }, [lead, gone]);
    expect(await take(me, T0 + MINUTE)).toMatchObject({ recipients: [gone, lead] });
    await end({ end: 'refused', why: 'gone@example.com' }, [{ address: 'full@example.com' }]);
    expect(await take(me, T0 + DAY)).toBeUndefined();
    expect(await ledger.deliveries.failed()).toMatchObject({
      failed: 1,
      first: { why: 'gone@example.com', doneAt: T0 },
    });
    expect(await ledger.deliveries.retry(T0 + DAY)).toBe(1);
    expect(await take(me, T0 + DAY)).toMatchObject({ recipients: [{ address: 'full@example.com' }, lead] });
    await end({ end: 'done' }, []);
    expect(await ledger.deliveries.failed()).toEqual({ failed: 0 });
  });

  it('that some refused for good count until the next mail of their kind is done', async () => {
    const mail = delivery({ scope: 'all', channel: 'mail' });
    const next = { ...mail, from: mail.from + DAY, to: mail.to + DAY };
    await ledger.deliveries.plan([mail, next], T0);
    await take();
    await ledger.deliveries.end({ delivery: mail, owner: me, now: T0, outcome: { end: 'refused', why: 'gone' } });
    expect((await ledger.deliveries.failed()).failed).toBe(1);
    await take();
    await ledger.deliveries.end({ delivery: next, owner: me, now: T0, outcome: { end: 'done' } });
    expect(await ledger.deliveries.failed()).toEqual({ failed: 0 });
  });

  it('that wait have not failed', async () => {
    await ledger.deliveries.plan([delivery()], T0);
    await take();
    const outcome = { end: 'waits', why: 'contoso is not read to the end yet', nextAt: T0 + MINUTE } as const;
    await ledger.deliveries.end({ delivery: delivery(), owner: me, now: T0, outcome });
    expect(await ledger.deliveries.failed()).toEqual({ failed: 0 });
    expect(await ledger.deliveries.retry(T0)).toBe(0);
  });

  it('that are done are never taken again', async () => {
    await ledger.deliveries.plan([delivery()], T0);
    await take();
    await ledger.deliveries.end({ delivery: delivery(), owner: me, now: T0, outcome: { end: 'done' } });
    await ledger.deliveries.plan([delivery()], T0 + DAY);
    expect(await take(me, T0 + 30 * DAY)).toBeUndefined();
    expect(await ledger.deliveries.failed()).toEqual({ failed: 0 });
  });
});
