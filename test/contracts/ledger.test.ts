import { afterEach, describe, expect, it } from 'vitest';
import { type Alert, dedupKeyOf, type TenantId } from '../../src/domain/alert.ts';
import type { Route, SiteId, TicketRef } from '../../src/domain/ticket.ts';
import type { Ledger, Owner } from '../../src/ledger/ledger.ts';
import { thisOwner } from '../../src/ledger/store/owner.ts';
import { anAlert } from '../builders.ts';
import { goneOwner } from '../gone-owner.ts';
import { onEachStore } from '../stores.ts';

const T0 = Date.parse('2026-11-23T07:00:00Z');
const HOUR = 3_600_000;
const contoso = 'contoso' as TenantId;
const me = 'here/1/me' as Owner;
const other = 'elsewhere/2/other' as Owner;
const route: Route = { site: 'default' as SiteId, project: 'SOC', issueType: 'Task' };

onEachStore('the ledger', ({ store }) => {
  let open: Ledger[] = [];
  let remove: () => Promise<void> = async () => {};

  async function twoOnOneStore(): Promise<[Ledger, Ledger]> {
    const place = store();
    remove = place.remove;
    open = [await place.open(), await place.open()];
    return open as [Ledger, Ledger];
  }

  async function admitted(alerts: readonly Alert[], watermark?: number): Promise<[Ledger, Ledger]> {
    const both = await twoOnOneStore();
    const { reading } = both[0];
    await reading.begin({ tenant: contoso, owner: me, now: T0, until: T0 + HOUR });
    await reading.admit({
      tenant: contoso,
      owner: me,
      page: { alerts, unreadable: [], warnings: [], position: { memo: '', ...(watermark ? { watermark } : {}) } },
      now: T0,
      until: T0 + HOUR,
    });
    await reading.end({ tenant: contoso, owner: me, now: T0 });
    return both;
  }

  const lease = (ledger: Ledger, owner: Owner, most = 10, now = T0) =>
    ledger.inbox.lease({ tenant: contoso, owner, now, until: now + HOUR, most });

  const ticket = (n: number): TicketRef => ({
    id: String(10_000 + n),
    key: `SOC-${n}`,
    url: `https://jira.example/browse/SOC-${n}`,
  });

  const claim = (ledger: Ledger, alert: Alert, owner = me, now = T0) =>
    ledger.outbox.claim({
      key: dedupKeyOf(alert.tenant, alert.id),
      owner,
      route,
      now,
      until: now + HOUR,
      proposal: '{}',
    });

  const stateOf = async (ledger: Ledger, alert: Alert) =>
    (await ledger.overview.history(dedupKeyOf(alert.tenant, alert.id)))?.line.state;

  afterEach(async () => {
    for (const ledger of open) await ledger.close();
    open = [];
    await remove();
  });

  it('stores a page and its position together, and a page read twice once', async () => {
    const alerts = [anAlert({ id: 'a1' }), anAlert({ id: 'a2' })];
    const [ledger] = await admitted(alerts, T0 - 5);
    const page = { alerts, unreadable: [], warnings: [], position: { memo: 'm', watermark: T0 - 5 } };
    const begun = await ledger.reading.begin({ tenant: contoso, owner: me, now: T0, until: T0 + HOUR });
    expect(begun).toEqual({ position: { watermark: T0 - 5, memo: '' } });
    const receipt = await ledger.reading.admit({ tenant: contoso, owner: me, page, now: T0, until: T0 + HOUR });
    expect(receipt).toEqual({ fresh: 0, held: [], refused: [] });
    expect((await ledger.reading.peek(contoso, [])).position).toEqual({ memo: 'm', watermark: T0 - 5 });
    expect(await ledger.reading.knownSince(contoso, 0)).toBe(2);
  });

  it('counts the alerts of a time that are not categorised, by tenant and detection', async () => {
    const [one, two] = await admitted(['a1', 'a2', 'a3', 'a4'].map((id) => anAlert({ id })));
    await lease(one, me);
    const settle = (id: string, line: object) =>
      one.inbox.settle(
        me,
        { key: dedupKeyOf(contoso, id as Alert['id']), state: 'suppressed', why: 'x', proposal: JSON.stringify(line) },
        T0,
      );
    const unknown = { rsitClass: 'other', rsitType: 'uncategorised' };
    await settle('a1', { category: unknown, type: 'ACME: door' });
    await settle('a2', { category: unknown, type: 'ACME: gate' });
    await settle('a3', { category: unknown, type: 'ACME: gate' });
    await settle('a4', { category: { rsitClass: 'fraud', rsitType: 'phishing' }, type: 'ACME: gate' });
    expect(await two.overview.uncategorised(T0)).toEqual([
      { tenant: contoso, type: 'ACME: gate', alerts: 2 },
      { tenant: contoso, type: 'ACME: door', alerts: 1 },
    ]);
    expect(await two.overview.uncategorised(T0 + 1)).toEqual([]);
  });

  it('lets one process at a time read a tenant, until its right has run out', async () => {
    const [one, two] = await twoOnOneStore();
    await one.reading.begin({ tenant: contoso, owner: me, now: T0, until: T0 + 1000 });
    expect(await two.reading.begin({ tenant: contoso, owner: other, now: T0 + 999, until: T0 + HOUR })).toEqual({
      busyUntil: T0 + 1000,
    });
    expect(await two.reading.begin({ tenant: contoso, owner: other, now: T0 + 1000, until: T0 + HOUR })).toEqual({
      position: { memo: '' },
    });
    const page = { alerts: [anAlert({ id: 'late' })], unreadable: [], warnings: [], position: { memo: '' } };
    await expect(
      one.reading.admit({ tenant: contoso, owner: me, page, now: T0 + 1001, until: T0 + HOUR }),
    ).rejects.toThrow('another process took over');
  });

  it('keeps the newest record of an alert while nothing was decided on it', async () => {
    const [ledger] = await admitted([anAlert({ id: 'a1', title: 'before', raw: '{"v":1}' })]);
    await ledger.reading.begin({ tenant: contoso, owner: me, now: T0, until: T0 + HOUR });
    const page = {
      alerts: [anAlert({ id: 'a1', title: 'after', raw: '{"v":2}' })],
      unreadable: [],
      warnings: [],
      position: { memo: '' },
    };
    await ledger.reading.admit({ tenant: contoso, owner: me, page, now: T0, until: T0 + HOUR });
    const [leased] = await lease(ledger, me);
    expect(leased?.alert.title).toBe('after');
    expect(leased?.alert.raw).toBe('{"v":2}');
  });

  it('holds a record that cannot be read, with its raw text', async () => {
    const [ledger] = await twoOnOneStore();
    await ledger.reading.begin({ tenant: contoso, owner: me, now: T0, until: T0 + HOUR });
    const unreadable = [{ id: 'unreadable-1', createdAt: T0, why: 'not an object', raw: '[]' }];
    const page = { alerts: [], unreadable, warnings: [], position: { memo: '' } };
    await ledger.reading.admit({ tenant: contoso, owner: me, page, now: T0, until: T0 + HOUR });
    const [held] = await ledger.held.list();
    expect(held).toMatchObject({ reason: 'unreadable', why: 'not an object' });
    const key = dedupKeyOf(contoso, 'unreadable-1' as Alert['id']);
    expect(await ledger.held.unreadable([key])).toMatchObject([{ raw: '[]' }]);
    expect(await ledger.held.retry([key], new Map([[key, anAlert({ id: 'unreadable-1' })]]), T0)).toEqual([key]);
    expect(await lease(ledger, me)).toHaveLength(1);
  });

  it('leases oldest first, and no alert to two owners', async () => {
    const alerts = [3, 1, 2].map((n) => anAlert({ id: `a${n}`, createdAt: T0 + n }));
    const [one, two] = await admitted(alerts);
    const mine = await lease(one, me, 2);
    const theirs = await lease(two, other, 2);
    expect(mine.map(({ alert }) => alert.id)).toEqual(['a1', 'a2']);
    expect(theirs.map(({ alert }) => alert.id)).toEqual(['a3']);
  });

  it('leases again what an owner left in hand once the lease has run out', async () => {
    const [one, two] = await admitted([anAlert({ id: 'a1' })]);
    await lease(one, me);
    expect(await lease(two, other, 10, T0 + HOUR - 1)).toHaveLength(0);
    expect(await lease(two, other, 10, T0 + HOUR)).toHaveLength(1);
  });

  it('lets only the owner of a lease claim, and claims once', async () => {
    const alert = anAlert({ id: 'a1' });
    const [one, two] = await admitted([alert]);
    await lease(one, me);
    expect(await claim(two, alert, other)).toBeUndefined();
    expect(await claim(one, alert)).toEqual({ attempt: 1 });
    expect(await claim(one, alert)).toBeUndefined();
    expect(await stateOf(two, alert)).toBe('sending');
  });

  it('answers claims that arrive together each for itself', async () => {
    const alerts = Array.from({ length: 20 }, (_, n) => anAlert({ id: `a${n}` }));
    const [one] = await admitted(alerts);
    await lease(one, me, 15);
    const answers = await Promise.all(alerts.map((alert) => claim(one, alert)));
    expect(answers.filter((answer) => answer?.attempt === 1)).toHaveLength(15);
    expect(answers.filter((answer) => answer === undefined)).toHaveLength(5);
  });

  it('remembers the issue and the highest issue number of the project', async () => {
    const alerts = [anAlert({ id: 'a1' }), anAlert({ id: 'a2' })];
    const [one] = await admitted(alerts);
    await lease(one, me);
    const [first, second] = alerts as [Alert, Alert];
    await claim(one, first);
    const key = dedupKeyOf(contoso, first.id);
    await one.outbox.end({ key, outcome: 'created', attempt: 1, site: route.site, ticket: ticket(41) }, T0);
    expect(await one.overview.history(key)).toMatchObject({
      line: { state: 'raised', ticket: ticket(41) },
      attempts: [{ attempt: 1, outcome: 'created' }],
    });
    expect(await claim(one, second)).toEqual({ attempt: 1, highestNumber: 41 });
  });

  it('takes the number of an issue that was moved to another project for no number of this one', async () => {
    const alerts = [anAlert({ id: 'a1' }), anAlert({ id: 'a2' })];
    const [one] = await admitted(alerts);
    await lease(one, me);
    const [first, second] = alerts as [Alert, Alert];
    await claim(one, first);
    const moved = { ...ticket(41), key: 'OPS-9000' };
    const key = dedupKeyOf(contoso, first.id);
    await one.outbox.end({ key, outcome: 'created', attempt: 1, site: route.site, ticket: moved }, T0);
    expect(await claim(one, second)).toEqual({ attempt: 1 });
  });

  it('treats the create of an owner whose claim ran out as unknown, and of a living one not', async () => {
    const alert = anAlert({ id: 'a1' });
    const [one, two] = await admitted([alert]);
    await lease(one, me);
    await claim(one, alert);
    expect(await two.outbox.open({ tenant: contoso, now: T0 + HOUR - 1 })).toHaveLength(0);
    const [lost] = await two.outbox.open({ tenant: contoso, now: T0 + HOUR });
    expect(lost).toMatchObject({ attempt: 1, sentAt: T0, route });
  });

  it('takes an issue found late over any other state, and an ending of an older attempt over none', async () => {
    const alert = anAlert({ id: 'a1' });
    const [one] = await admitted([alert]);
    const key = dedupKeyOf(contoso, alert.id);
    await lease(one, me);
    await claim(one, alert);
    await one.outbox.end({ key, outcome: 'unknown', attempt: 1, why: 'time-out', lookAt: T0 }, T0);
    await one.outbox.notSeen({ key, attempt: 1, lookAt: 'send-again', now: T0 + 1 });
    await lease(one, me, 10, T0 + 2);
    expect(await claim(one, alert, me, T0 + 2)).toEqual({ attempt: 2 });
    await one.outbox.end({ key, outcome: 'not-sent', attempt: 1, why: 'stale', notBefore: 0 }, T0 + 3);
    expect(await stateOf(one, alert)).toBe('sending');
    await one.outbox.notSeen({ key, attempt: 1, lookAt: 'send-again', now: T0 + 3 });
    expect(await stateOf(one, alert)).toBe('sending');
    await one.outbox.end({ key, outcome: 'created', attempt: 1, site: route.site, ticket: ticket(7) }, T0 + 4);
    expect(await stateOf(one, alert)).toBe('raised');
  });

  it("stores no decision of a process whose lease is over in place of a newer one's", async () => {
    const alert = anAlert({ id: 'a1' });
    const [one, two] = await admitted([alert]);
    const key = dedupKeyOf(contoso, alert.id);
    await one.inbox.lease({ tenant: contoso, owner: other, now: T0, until: T0 + 1_000, most: 1 });
    await lease(two, me, 1, T0 + 2_000);
    const settle = (owner: Owner, project: string) =>
      two.inbox.settle(
        owner,
        { key, state: 'held', reason: 'refused', why: 'no', proposal: JSON.stringify({ project }) },
        T0 + 3_000,
      );
    await settle(me, 'newer');
    await settle(other, 'older');
    expect((await one.overview.history(key))?.line.project).toBe('newer');
    // In one commit with the decision that counts, too.
    await two.held.retry([key], new Map(), T0 + 4_000);
    await lease(two, me, 1, T0 + 4_000);
    await Promise.all([settle(me, 'newest'), settle(other, 'oldest')]);
    expect((await one.overview.history(key))?.line.project).toBe('newest');
  });

  it('settles only what the owner has in hand', async () => {
    const alert = anAlert({ id: 'a1' });
    const [one, two] = await admitted([alert]);
    await lease(one, me);
    const key = dedupKeyOf(contoso, alert.id);
    await two.inbox.settle(other, { key, state: 'suppressed', why: 'not mine', proposal: '{}' }, T0);
    expect(await stateOf(one, alert)).toBe('pending');
    await one.inbox.settle(me, { key, state: 'suppressed', why: 'closed', proposal: '{}' }, T0);
    expect(await stateOf(one, alert)).toBe('suppressed');
  });

  it('releases held alerts when their time has come or the policy has changed', async () => {
    const alerts = ['a1', 'a2', 'a3'].map((id) => anAlert({ id }));
    const [one] = await admitted(alerts);
    await lease(one, me);
    const hold = (id: string, more: object) =>
      one.inbox.settle(
        me,
        {
          key: dedupKeyOf(contoso, id as Alert['id']),
          state: 'held',
          reason: 'refused',
          why: 'no',
          proposal: '{}',
          ...more,
        },
        T0,
      );
    await hold('a1', { retryAt: T0 + 10, policy: 'p1' });
    await hold('a2', { retryAt: T0 + 1000, policy: 'p1' });
    await hold('a3', { retryAt: T0 + 1000, policy: 'p2' });
    expect(await one.inbox.release({ tenant: contoso, now: T0 + 10, policy: 'p1' })).toBe(2);
    expect((await one.held.list()).map(({ alertId }) => alertId)).toEqual(['a2']);
  });

  it('drops a held alert with a reason and never takes it up again', async () => {
    const alert = anAlert({ id: 'a1' });
    const [one] = await admitted([alert]);
    const key = dedupKeyOf(contoso, alert.id);
    await lease(one, me);
    await one.inbox.settle(me, { key, state: 'held', reason: 'refused', why: 'no', retryAt: T0, proposal: '{}' }, T0);
    expect(await one.held.drop(key, 'a test alert', T0)).toBe(true);
    expect(await one.held.drop(key, 'again', T0)).toBe(false);
    await one.inbox.release({ tenant: contoso, now: T0 + HOUR, policy: 'p' });
    expect(await one.overview.history(key)).toMatchObject({
      line: { state: 'held', reason: 'dropped', why: 'a test alert' },
    });
  });

  it('counts new tickets within the hour and holds the rest as a storm', async () => {
    const alerts = [1, 2, 3].map((n) => anAlert({ id: `a${n}`, createdAt: T0 + n }));
    const [one] = await admitted(alerts);
    const [first] = alerts as [Alert];
    await lease(one, me, 1);
    await claim(one, first);
    expect(await one.inbox.ticketsWithinHour(contoso, T0)).toEqual({ count: 1, nextFreeAt: T0 + HOUR });
    expect(await one.inbox.ticketsWithinHour(contoso, T0 + HOUR)).toEqual({ count: 0 });
    const held = await one.inbox.holdStorm({ tenant: contoso, now: T0, retryAt: T0 + HOUR, why: 'storm' });
    expect(held.map(({ id }) => id)).toEqual(['a2', 'a3']);
    expect(await one.inbox.release({ tenant: contoso, now: T0 + HOUR, policy: 'p' })).toBe(2);
  });

  it('says what waits and when it is due', async () => {
    const alert = anAlert({ id: 'a1' });
    const [one] = await admitted([alert]);
    const key = dedupKeyOf(contoso, alert.id);
    await lease(one, me);
    await one.inbox.settle(
      me,
      { key, state: 'pending', reason: 'throttled', why: 'busy', notBefore: T0 + 77, proposal: '{}' },
      T0,
    );
    expect(await one.overview.waiting(contoso, 5)).toMatchObject({
      count: 1,
      nextDue: T0 + 77,
      first: [{ state: 'pending', why: 'busy' }],
    });
    expect(await lease(one, me, 10, T0 + 76)).toHaveLength(0);
    expect(await lease(one, me, 10, T0 + 77)).toHaveLength(1);
  });

  describe('towards the hourly limit', () => {
    const within = (ledger: Ledger, now: number) => ledger.inbox.ticketsWithinHour(contoso, now);

    it('counts what is in hand as long as its lease lasts', async () => {
      const [one] = await admitted([1, 2, 3].map((n) => anAlert({ id: `a${n}` })));
      await one.inbox.lease({ tenant: contoso, owner: other, now: T0, until: T0 + 600_000, most: 2 });
      expect(await within(one, T0)).toEqual({ count: 2, nextFreeAt: T0 + 600_000 });
      expect(await within(one, T0 + 600_000)).toEqual({ count: 0 });
    });

    it('counts nothing that an ended process had in hand, once that is freed', async () => {
      const [one] = await admitted([1, 2, 3].map((n) => anAlert({ id: `a${n}` })));
      await lease(one, goneOwner(), 2);
      await one.leases.reclaim(me, T0);
      expect(await within(one, T0)).toEqual({ count: 0 });
      expect(await lease(one, me)).toHaveLength(3);
    });

    it('counts no alert that is held, or was released again', async () => {
      const [one] = await admitted([1, 2, 3].map((n) => anAlert({ id: `a${n}` })));
      await one.inbox.lease({ tenant: contoso, owner: other, now: T0, until: T0 + 1, most: 2 });
      const held = await one.inbox.holdStorm({ tenant: contoso, now: T0 + 1, retryAt: T0 + HOUR, why: 'storm' });
      expect(held).toHaveLength(3);
      expect(await within(one, T0)).toEqual({ count: 0 });
      await one.inbox.release({ tenant: contoso, now: T0 + HOUR, policy: 'p' });
      expect(await within(one, T0)).toEqual({ count: 0 });
    });

    it('neither counts nor holds what a person put back, until it is held once more', async () => {
      const [one, two] = await admitted([1, 2, 3].map((n) => anAlert({ id: `a${n}` })));
      const hold = () => one.inbox.holdStorm({ tenant: contoso, now: T0, retryAt: T0 + HOUR, why: 'storm' });
      await hold();
      const key = dedupKeyOf(contoso, 'a2' as Alert['id']);
      await two.held.retry([key], new Map(), T0);
      expect(await hold()).toEqual([]);
      const ask = { tenant: contoso, owner: me, now: T0, until: T0 + HOUR, most: 10, pastLimit: true as const };
      expect((await one.inbox.lease(ask)).map((leased) => leased.key)).toEqual([key]);
      expect(await within(one, T0)).toEqual({ count: 0 });
      const refused = { key, state: 'held', reason: 'refused', why: 'no', retryAt: T0, proposal: '{}' } as const;
      await one.inbox.settle(me, refused, T0);
      await one.inbox.release({ tenant: contoso, now: T0, policy: 'p' });
      expect(await one.inbox.lease(ask)).toEqual([]);
    });

    it('counts nothing that was sent by a clock that was a day ahead', async () => {
      const alert = anAlert({ id: 'a1' });
      const [one] = await admitted([alert]);
      await lease(one, me, 1, T0 + 24 * HOUR);
      await claim(one, alert, me, T0 + 24 * HOUR);
      expect(await within(one, T0)).toEqual({ count: 0 });
    });
  });

  describe('leases', () => {
    it('of a process that ends politely are given back, and none of another', async () => {
      const alerts = [1, 2, 3].map((n) => anAlert({ id: `a${n}` }));
      const [one, two] = await admitted(alerts);
      const [sent] = await lease(one, me, 2);
      await lease(two, other, 1);
      await claim(one, sent?.alert as Alert);
      await one.reading.begin({ tenant: contoso, owner: me, now: T0, until: T0 + HOUR });
      await one.leases.giveBack(me, T0);
      expect(await two.outbox.open({ tenant: contoso, now: T0 })).toHaveLength(1);
      expect((await lease(two, other)).map(({ alert }) => alert.id)).toEqual(['a2']);
      expect(await two.reading.begin({ tenant: contoso, owner: other, now: T0, until: T0 + HOUR })).toEqual({
        position: { memo: '' },
      });
    });

    it('that end later than a lease can are ended, whoever has them', async () => {
      const alerts = [1, 2, 3].map((n) => anAlert({ id: `a${n}` }));
      const [one, two] = await admitted(alerts);
      const ahead = T0 + 3 * HOUR;
      const [sent] = await lease(one, other, 1, ahead);
      await claim(one, sent?.alert as Alert, other, ahead);
      await lease(one, other, 1, ahead);
      await one.inbox.lease({ tenant: contoso, owner: other, now: T0, until: T0 + HOUR, most: 1 });
      await one.reading.begin({ tenant: contoso, owner: other, now: ahead, until: ahead + 1 });
      await two.leases.reclaim(me, T0);
      expect(await two.outbox.open({ tenant: contoso, now: T0 })).toHaveLength(1);
      expect((await lease(two, me)).map(({ alert }) => alert.id)).toEqual(['a2']);
      expect(await two.reading.begin({ tenant: contoso, owner: me, now: T0, until: T0 + HOUR })).toEqual({
        position: { memo: '' },
      });
    });

    it.each([
      ['with the same process id', (named: string) => named],
      ['in a container of the same name', (named: string) => named.replace(/:[^/]*/, ':elsewhere.4026')],
    ])('of the process before this one, %s, are free at once', async (_, before) => {
      const [one, two] = await admitted([anAlert({ id: 'a1' })]);
      const predecessor = before(thisOwner()).replace(/[^/]*$/, 'earlier.1') as Owner;
      await lease(one, predecessor);
      await two.leases.reclaim(thisOwner(), T0);
      expect(await lease(two, me)).toHaveLength(1);
    });

    it.each([
      ['of this very process', (named: string) => named.replace(/[^.]*$/, '1')],
      ['of another machine', (named: string) => named.replace(/[^/]*$/, 'earlier.1').replace(/^/, 'not-')],
      ['of a container of the same name, in another place', (named: string) => named.replace(/:.*$/, ':x.1/99999/e.1')],
    ])('%s are left', async (_, whose) => {
      const [one, two] = await admitted([anAlert({ id: 'a1' })]);
      await lease(one, whose(thisOwner()) as Owner);
      await two.leases.reclaim(me, T0);
      expect(await lease(two, me)).toEqual([]);
    });

    it('of a container of the same name are left by one that has begun already', async () => {
      const [one, two] = await admitted([anAlert({ id: 'a1' })]);
      await two.leases.reclaim(me, T0);
      await lease(
        one,
        thisOwner()
          .replace(/:[^/]*/, ':elsewhere.4026')
          .replace(/[^/]*$/, 'other.1') as Owner,
      );
      await two.leases.reclaim(me, T0);
      expect(await lease(two, me)).toEqual([]);
    });
  });
});
