import { afterEach, expect, it } from 'vitest';
import { type Alert, dedupKeyOf, type TenantId } from '../../src/domain/alert.ts';
import type { GroupWish } from '../../src/domain/decision.ts';
import type { Route, SiteId, TicketRef } from '../../src/domain/ticket.ts';
import type { Ledger, Owner } from '../../src/ledger/ledger.ts';
import { anAlert } from '../builders.ts';
import { onEachStore } from '../stores.ts';

const T0 = Date.parse('2026-11-23T07:00:00Z');
const HOUR = 3_600_000;
const contoso = 'contoso' as TenantId;
const me = 'here/1/me' as Owner;
const other = 'elsewhere/2/other' as Owner;
const route: Route = { site: 'default' as SiteId, project: 'SOC', issueType: 'Task' };
const wish: GroupWish = { key: 'k1', words: 'user ada', rule: 'Daily', withinMs: 24 * HOUR, whenDone: 'raise' };
const ticket: TicketRef = { id: '10041', key: 'SOC-41', url: 'https://jira.example/browse/SOC-41' };

onEachStore('groups in the ledger', ({ store }) => {
  let open: Ledger[] = [];
  let remove = async () => {};

  /** Two processes on one store, and alerts in it, the first of which is the oldest. */
  async function twoWith(count: number, hoursApart = 1): Promise<[Ledger, Ledger, readonly Alert[]]> {
    const place = store();
    remove = place.remove;
    const both: [Ledger, Ledger] = [await place.open(), await place.open()];
    open = both;
    const alerts = Array.from({ length: count }, (_, n) =>
      anAlert({ id: `a${n}`, createdAt: T0 + n * hoursApart * HOUR }),
    );
    const { reading } = both[0];
    await reading.begin({ tenant: contoso, owner: me, now: T0, until: T0 + HOUR });
    const page = { alerts, unreadable: [], warnings: [], position: { memo: '', watermark: T0 } };
    await reading.admit({ tenant: contoso, owner: me, page, now: T0, until: T0 + HOUR });
    return [...both, alerts];
  }

  const keyOf = (alert: Alert) => dedupKeyOf(alert.tenant, alert.id);
  const lease = (ledger: Ledger, owner = me, most = 100, now = T0) =>
    ledger.inbox.lease({ tenant: contoso, owner, now, until: now + HOUR, most });
  const joinAs = (ledger: Ledger, alert: Alert, more: { owner?: Owner; wish?: GroupWish; priority?: string } = {}) =>
    ledger.groups.join({
      key: keyOf(alert),
      tenant: contoso,
      owner: me,
      wish,
      route,
      createdAt: alert.createdAt,
      proposal: JSON.stringify({ priority: more.priority }),
      now: T0,
      ...more,
    });
  const raise = async (ledger: Ledger, alert: Alert, owner = me) => {
    const key = keyOf(alert);
    const claim = await ledger.outbox.claim({ key, owner, route, now: T0, until: T0 + HOUR, proposal: '{}' });
    if (!claim) throw new Error('not claimed');
    await ledger.outbox.end({ key, outcome: 'created', attempt: claim.attempt, site: route.site, ticket }, T0);
  };
  const gather = (ledger: Ledger, owner = me, now = T0) =>
    ledger.attachments.gather({ tenant: contoso, owner, now, until: now + HOUR, except: new Set() });
  const stateOf = async (ledger: Ledger, alert: Alert) => (await ledger.overview.history(keyOf(alert)))?.line.state;
  const states = (ledger: Ledger, alerts: readonly Alert[]) => Promise.all(alerts.map((one) => stateOf(ledger, one)));
  const due = (ledger: Ledger, owner = me, now = T0) =>
    ledger.groups.due({ tenant: contoso, owner, now, until: now + HOUR });

  afterEach(async () => {
    for (const ledger of open) await ledger.close();
    open = [];
    await remove();
  });

  it('let the oldest of those that come together lead, and the rest wait for its issue', async () => {
    const [one, two, alerts] = await twoWith(5);
    await lease(one);
    const places = await Promise.all(alerts.toReversed().map((alert) => joinAs(one, alert)));
    expect(places).toEqual([...Array(4).fill({ leads: false }), { leads: true }]);
    expect(await states(two, alerts)).toEqual(['pending', ...Array(4).fill('attaching')]);
    expect(await gather(two, other)).toEqual({ freed: 0, attachments: [] });
    expect(await two.overview.waiting(contoso, 5)).toMatchObject({
      count: 5,
      first: [{}, { state: 'attaching', why: expect.stringContaining('contoso/a0') }, {}, {}, {}],
    });
  });

  it('let one of two processes lead', async () => {
    const [one, two, alerts] = await twoWith(2);
    const [a, b] = alerts as [Alert, Alert];
    await lease(one, me, 1);
    await lease(two, other, 1);
    const places = await Promise.all([joinAs(two, b, { owner: other }), joinAs(one, a)]);
    expect(places.filter((place) => place?.leads)).toHaveLength(1);
    expect(await joinAs(one, b)).toBeUndefined();
  });

  it('take in an alert created less than the span away, and open another for the next', async () => {
    const [one, , alerts] = await twoWith(4, 12);
    await lease(one);
    const places = [];
    for (const alert of alerts) places.push((await joinAs(one, alert))?.leads);
    expect(places).toEqual([true, false, true, false]);
    expect(await one.groups.peek({ wish, route, createdAt: T0 + 13 * HOUR })).toBe('contoso/a0');
    expect(await one.groups.peek({ wish, route, createdAt: T0 + 30 * HOUR })).toBe('contoso/a2');
    expect(await one.groups.peek({ wish, route, createdAt: T0 - HOUR })).toBe('contoso/a0');
    expect(await one.groups.peek({ wish, route, createdAt: T0 - 24 * HOUR })).toBeUndefined();
    expect(await one.groups.peek({ wish: { ...wish, key: 'k2' }, route, createdAt: T0 })).toBeUndefined();
    expect(await one.groups.peek({ wish, route: { ...route, project: 'FAB' }, createdAt: T0 })).toBeUndefined();
  });

  it('free those that wait when the first goes elsewhere, and let it join them afterwards', async () => {
    const [one, , alerts] = await twoWith(3);
    const [first, second, third] = alerts as [Alert, Alert, Alert];
    await lease(one);
    await Promise.all(alerts.map((alert) => joinAs(one, alert)));
    const key = keyOf(first);
    await one.inbox.settle(me, { key, state: 'held', reason: 'refused', why: 'no', retryAt: T0, proposal: '{}' }, T0);
    expect(await gather(one)).toEqual({ freed: 2, attachments: [] });
    await lease(one);
    expect(await joinAs(one, second)).toEqual({ leads: true });
    expect(await joinAs(one, third)).toEqual({ leads: false });
    await raise(one, second);
    await one.inbox.release({ tenant: contoso, now: T0, policy: 'p' });
    await lease(one);
    expect(await joinAs(one, first)).toEqual({ leads: false });
    expect((await gather(one)).attachments.map(({ group, alerts }) => [group, alerts.length])).toEqual([
      ['contoso/a1', 2],
    ]);
  });

  it('keep the first leading when it was put back, or its create got lost', async () => {
    const [one, , alerts] = await twoWith(2);
    const [first] = alerts as [Alert];
    await lease(one);
    await Promise.all(alerts.map((alert) => joinAs(one, alert)));
    const key = keyOf(first);
    await one.outbox.claim({ key, owner: me, route, now: T0, until: T0 + HOUR, proposal: '{}' });
    await one.outbox.end({ key, outcome: 'unknown', attempt: 1, why: 'lost', lookAt: T0 + 7 }, T0);
    expect(await gather(one)).toEqual({ freed: 0, attachments: [] });
    expect(await one.overview.waiting(contoso, 0)).toMatchObject({ count: 2, nextDue: T0 + 7 });
    await one.outbox.notSeen({ key, attempt: 1, lookAt: 'send-again', now: T0 });
    await lease(one);
    expect(await joinAs(one, first)).toEqual({ leads: true });
    await raise(one, first);
    expect((await gather(one)).attachments).toHaveLength(1);
  });

  it("put each alert into one comment, in one process's hand, until it is written", async () => {
    const [one, two, alerts] = await twoWith(4);
    await lease(one);
    await Promise.all(alerts.map((alert) => joinAs(one, alert, { priority: 'High' })));
    await raise(one, alerts[0] as Alert);
    const [mine] = (await gather(one)).attachments;
    expect(mine).toMatchObject({ ticket, total: 4, rule: 'Daily', alerts: [{}, {}, {}] });
    const id = mine?.id ?? '';
    expect((await gather(two, other)).attachments).toEqual([]);
    expect(await two.attachments.sending({ id, owner: other, now: T0, until: T0 + HOUR })).toBe(false);
    expect(await one.attachments.sending({ id, owner: me, now: T0, until: T0 + HOUR })).toBe(true);
    const [theirs] = (await gather(two, other, T0 + HOUR)).attachments;
    expect(theirs).toMatchObject({ id, sent: { first: T0, last: T0 } });
    expect(await one.attachments.sending({ id, owner: me, now: T0 + HOUR, until: T0 + 2 * HOUR })).toBe(false);
    await one.attachments.end({ id, owner: me, now: T0, outcome: 'closed', for: 'done' });
    expect(await states(one, alerts)).toEqual(['raised', 'attaching', 'attaching', 'attaching']);
    for (const owner of [other, me]) await one.attachments.end({ id, owner, now: T0, outcome: 'written', ticket });
    expect(await states(one, alerts)).toEqual(['raised', 'attached', 'attached', 'attached']);
    expect((await one.overview.history(keyOf(alerts[2] as Alert)))?.line).toMatchObject({
      ticket,
      why: 'added to SOC-41 by rule "Daily" (user ada)',
    });
    const facts = await one.factLog.of(alerts.map(keyOf));
    const attached = { fact: 'attached', at: T0, recordedAt: T0, ticket, site: 'default', project: 'SOC' };
    expect([...facts].toSorted().map(([, told]) => told)).toMatchObject([
      [{ fact: 'raised' }],
      ...Array(3).fill([attached]),
    ]);
    expect(await due(one)).toMatchObject([
      { group: 'contoso/a0', alerts: 4, asked: ['High'], lastSeen: T0 + 3 * HOUR },
    ]);
    expect(await gather(one, me, T0 + 9 * HOUR)).toEqual({ freed: 0, attachments: [] });
  });

  it('forget a sending that surely did not leave, and remember one that may have', async () => {
    const [one, , alerts] = await twoWith(2);
    await lease(one);
    await Promise.all(alerts.map((alert) => joinAs(one, alert)));
    await raise(one, alerts[0] as Alert);
    const id = (await gather(one)).attachments[0]?.id ?? '';
    const send = (now: number) => one.attachments.sending({ id, owner: me, now, until: now + HOUR });
    const wait = (sent: 'surely not' | 'maybe', now: number) =>
      one.attachments.end({ id, owner: me, now, outcome: 'waits', why: 'w', notBefore: now + 1, sent });
    await send(T0);
    await wait('surely not', T0);
    expect((await gather(one)).attachments).toEqual([]);
    expect((await gather(one, me, T0 + 1)).attachments[0]).not.toHaveProperty('sent');
    await send(T0 + 2);
    await wait('maybe', T0 + 2);
    expect(await one.overview.waiting(contoso, 1)).toMatchObject({ count: 1, nextDue: T0 + 3, first: [{ why: 'w' }] });
    expect((await gather(one, me, T0 + 3)).attachments[0]?.sent).toEqual({ first: T0 + 2, last: T0 + 2 });
    await send(T0 + 4);
    await wait('surely not', T0 + 4);
    expect((await gather(one, me, T0 + 5)).attachments[0]?.sent).toEqual({ first: T0 + 2, last: T0 + 2 });
  });

  it('send the alerts of a closed group back, for one whose issue follows the done one', async () => {
    const [one, , alerts] = await twoWith(3);
    const [first, second, third] = alerts as [Alert, Alert, Alert];
    await lease(one);
    await joinAs(one, first);
    await raise(one, first);
    await joinAs(one, second);
    const id = (await gather(one)).attachments[0]?.id ?? '';
    await one.attachments.end({ id, owner: me, now: T0, outcome: 'closed', for: 'done' });
    await lease(one);
    expect(await joinAs(one, second)).toEqual({ leads: true });
    await raise(one, second);
    expect(await joinAs(one, third)).toEqual({ leads: false });
    const [news] = await due(one);
    expect(news).toMatchObject({ group: 'contoso/a1', follows: ticket });
    expect(news).not.toHaveProperty('asked');
    await one.groups.told({ group: keyOf(second), owner: me, alerts: 1 });
    expect(await due(one)).toEqual([]);
  });

  it('hold the alerts of a comment, which then join anew', async () => {
    const [one, , alerts] = await twoWith(2);
    const [first, second] = alerts as [Alert, Alert];
    await lease(one);
    await Promise.all(alerts.map((alert) => joinAs(one, alert)));
    await raise(one, first);
    const id = (await gather(one)).attachments[0]?.id ?? '';
    const why = 'cannot be seen';
    const held = { outcome: 'held', reason: 'group', why, retryAt: T0 + HOUR, policy: 'p' } as const;
    await one.attachments.end({ id, owner: me, now: T0, ...held });
    expect(await one.held.list()).toMatchObject([{ reason: 'group', why, retryAt: T0 + HOUR }]);
    await one.inbox.release({ tenant: contoso, now: T0 + HOUR, policy: 'p' });
    await lease(one, me, 1, T0 + HOUR);
    expect(await joinAs(one, second)).toEqual({ leads: false });
  });

  it('take news up again that could not be told, and what came meanwhile', async () => {
    const [one, two, alerts] = await twoWith(3);
    const [first, second, third] = alerts as [Alert, Alert, Alert];
    await lease(one);
    await joinAs(one, first);
    await raise(one, first);
    const write = async (alert: Alert) => {
      await joinAs(one, alert);
      const id = (await gather(one)).attachments[0]?.id ?? '';
      await one.attachments.end({ id, owner: me, now: T0, outcome: 'written', ticket });
    };
    await write(second);
    const group = keyOf(first);
    expect(await due(one)).toMatchObject([{ alerts: 2 }]);
    expect(await due(two, other)).toEqual([]);
    await one.groups.told({ group, owner: me, notBefore: T0 + 5 });
    expect(await due(two, other, T0 + 4)).toEqual([]);
    expect(await due(two, other, T0 + 5)).toMatchObject([{ alerts: 2 }]);
    await write(third);
    await two.groups.told({ group, owner: other, alerts: 2, given: 'High' });
    expect(await due(one, me, T0 + 6)).toMatchObject([{ alerts: 3, given: 'High' }]);
  });

  it('name many alerts in as many comments as hold their names', async () => {
    const [one, , alerts] = await twoWith(1_001, 0);
    await lease(one, me, 2_000);
    await Promise.all(alerts.map((alert) => joinAs(one, alert)));
    await raise(one, alerts[0] as Alert);
    const { attachments } = await gather(one);
    expect(attachments.map(({ alerts, total }) => [alerts.length, total])).toEqual([
      [300, 301],
      [300, 601],
      [300, 901],
      [100, 1001],
    ]);
  });
});
