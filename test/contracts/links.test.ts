import { afterEach, describe, expect, it } from 'vitest';
import { type DedupKey, dedupKeyOf, type TenantId } from '../../src/domain/alert.ts';
import { paragraph, text } from '../../src/domain/document.ts';
import type { Agreement } from '../../src/domain/link.ts';
import type { Route, SiteId, TicketRef } from '../../src/domain/ticket.ts';
import type { IssueNote } from '../../src/ledger/in-step/links-port.ts';
import type { Ledger, Owner } from '../../src/ledger/ledger.ts';
import { anAlert } from '../builders.ts';
import { goneOwner } from '../gone-owner.ts';
import { onEachStore } from '../stores.ts';

const T0 = Date.parse('2026-11-23T07:00:00Z');
const HOUR = 3_600_000;
const contoso = 'contoso' as TenantId;
const fabrikam = 'fabrikam' as TenantId;
const me = 'here/1/me' as Owner;
const other = 'elsewhere/2/other' as Owner;
const route: Route = { site: 'default' as SiteId, project: 'SOC', issueType: 'Task' };
const ticketOf = (n: number): TicketRef => ({
  id: String(10_000 + n),
  key: `SOC-${n}`,
  url: `https://jira.example/browse/SOC-${n}`,
});
const keyOf = (n: number, tenant = contoso) => dedupKeyOf(tenant, anAlert({ id: `a${n}` }).id);
const bothClosed: Agreement = { alert: 'closed', verdict: 'benign', issue: 'done', at: T0 + HOUR };

onEachStore('the ledger', ({ store }) => {
  let open: Ledger[] = [];
  let remove = async () => {};

  /** Two processes on one store in which each alert of a tenant has its issue, number n of alert n. */
  async function twoWith(count: number, tenant = contoso): Promise<[Ledger, Ledger]> {
    const place = store();
    remove = place.remove;
    const both: [Ledger, Ledger] = [await place.open(), await place.open()];
    open = both;
    await raise(both[0], count, tenant);
    return both;
  }

  async function raise(ledger: Ledger, count: number, tenant: TenantId): Promise<void> {
    const alerts = Array.from({ length: count }, (_, n) => anAlert({ id: `a${n}`, tenant, createdAt: T0 + n }));
    const { reading, inbox, outbox } = ledger;
    await reading.begin({ tenant, owner: me, now: T0, until: T0 + HOUR });
    const page = { alerts, unreadable: [], warnings: [], position: { memo: '', watermark: T0 } };
    await reading.admit({ tenant, owner: me, page, now: T0, until: T0 + HOUR });
    await reading.end({ tenant, owner: me, now: T0 });
    await inbox.lease({ tenant, owner: me, now: T0, until: T0 + HOUR, most: count });
    await Promise.all(
      alerts.map(async (_, n) => {
        const key = keyOf(n, tenant);
        const claim = await outbox.claim({ key, owner: me, route, now: T0, until: T0 + HOUR, proposal: '{}' });
        if (!claim) throw new Error('not claimed');
        const ticket = ticketOf(n);
        await outbox.end({ key, outcome: 'created', attempt: claim.attempt, site: route.site, ticket }, T0);
      }),
    );
  }

  const watched = (ledger: Ledger, more: { agreedSince?: number; after?: DedupKey; most?: number } = {}) =>
    ledger.links.watched({ tenant: contoso, agreedSince: Number.MAX_SAFE_INTEGER, most: 100, ...more });
  const keysOf = (links: readonly { key: DedupKey }[]) => links.map(({ key }) => key);
  const agree = (ledger: Ledger, n: number, agreed: Agreement | undefined, notes: readonly IssueNote[] = []) =>
    ledger.links.agree({ key: keyOf(n), ...(agreed ? { agreed } : {}), notes });
  const aNote = (id: string, n = 0, words = id): IssueNote => ({
    id,
    site: route.site,
    ticket: ticketOf(n),
    project: 'SOC',
    key: keyOf(n),
    document: { blocks: [paragraph(text(words))] },
    at: T0,
  });
  const gather = (ledger: Ledger, owner = me, now = T0) =>
    ledger.notes.gather({ tenant: contoso, owner, now, until: now + HOUR, most: 10 });

  afterEach(async () => {
    for (const ledger of open) await ledger.close();
    open = [];
    await remove();
  });

  describe('pairs', () => {
    it('are open on both sides from their birth, and watched', async () => {
      const [, two] = await twoWith(2);
      const born = { alert: 'open', issue: 'open', at: T0 };
      expect(await watched(two)).toEqual([
        {
          key: 'contoso/a0',
          tenant: 'contoso',
          alertId: 'a0',
          site: 'default',
          ticket: ticketOf(0),
          project: 'SOC',
          agreed: born,
        },
        expect.objectContaining({ key: 'contoso/a1', agreed: born }),
      ]);
    });

    it('are no longer watched once over, except those agreed on since', async () => {
      const [one, two] = await twoWith(6);
      await agree(one, 0, bothClosed);
      await agree(one, 1, { alert: 'open', issue: 'gone', at: T0 + 2 * HOUR });
      await agree(one, 2, { alert: 'gone', issue: 'open', at: T0 + 3 * HOUR });
      await agree(one, 3, { alert: 'closed', verdict: 'benign', issue: 'open', at: T0 });
      await agree(one, 4, { alert: 'open', issue: 'done', at: T0 });
      expect(keysOf(await watched(two))).toEqual([3, 4, 5].map((n) => keyOf(n)));
      expect(keysOf(await watched(two, { agreedSince: T0 + 2 * HOUR }))).toEqual([1, 2, 3, 4, 5].map((n) => keyOf(n)));
      expect((await watched(two, { agreedSince: T0 }))[0]?.agreed).toEqual(bothClosed);
      await agree(one, 0, { alert: 'open', issue: 'open', at: T0 + HOUR });
      expect((await watched(two))[0]?.agreed).toEqual({ alert: 'open', issue: 'open', at: T0 + HOUR });
    });

    it('come page by page, each once', async () => {
      const [one] = await twoWith(7);
      for (const n of [1, 4, 6]) await agree(one, n, bothClosed);
      const seen: DedupKey[] = [];
      for (;;) {
        const after = seen.at(-1);
        const page = await watched(one, { agreedSince: T0, most: 3, ...(after ? { after } : {}) });
        seen.push(...keysOf(page));
        if (page.length < 3) break;
      }
      expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6].map((n) => keyOf(n)));
    });

    it('are watched, however old, until a history that is known to have changed was read', async () => {
      const [one, two] = await twoWith(4);
      for (const n of [0, 1, 2]) await agree(one, n, bothClosed);
      const read = (n: number, changedAt: number, readTo?: number) =>
        one.factLog.record([], [{ key: keyOf(n), read: { changedAt, ...(readTo === undefined ? {} : { readTo }) } }]);
      await read(0, T0 + 5);
      await read(1, T0 + 5, T0 + 4);
      await read(2, T0 + 5, T0 + 5);
      expect(keysOf(await watched(two))).toEqual([0, 1, 3].map((n) => keyOf(n)));
      // Each once, also where it was agreed on lately.
      expect(keysOf(await watched(two, { agreedSince: T0 }))).toEqual([0, 1, 2, 3].map((n) => keyOf(n)));
      await read(0, T0 + 5, T0 + 5);
      expect(keysOf(await watched(two))).toEqual([1, 3].map((n) => keyOf(n)));
    });

    it('are found by their issue, of whichever tenant', async () => {
      const [one, two] = await twoWith(3);
      await raise(two, 2, fabrikam);
      expect(keysOf(await one.links.ofTickets(route.site, ['10001', '10002', '999']))).toEqual([
        'contoso/a1',
        'contoso/a2',
        'fabrikam/a1',
      ]);
      expect(await one.links.ofTickets('second' as SiteId, ['10001'])).toEqual([]);
      expect(await watched(one)).toHaveLength(3);
    });

    it('follow an issue that was moved, for all of its alerts', async () => {
      const [one, two] = await twoWith(1);
      await raise(two, 1, fabrikam);
      const moved = { id: '10000', key: 'FAB-7', url: 'https://jira.example/browse/FAB-7' };
      await one.links.agree({ key: keyOf(0), ticket: moved, notes: [] });
      const links = await two.links.ofTickets(route.site, ['10000']);
      expect(links.map(({ ticket, project }) => [ticket, project])).toEqual([
        [moved, 'SOC'],
        [moved, 'SOC'],
      ]);
    });

    it('of an alert can be given another issue, and the other alerts keep theirs', async () => {
      const [one, two] = await twoWith(2);
      await one.links.agree({ key: keyOf(1), ticket: ticketOf(0), notes: [] });
      expect(keysOf(await two.links.ofTickets(route.site, ['10000']))).toEqual(['contoso/a0', 'contoso/a1']);
      expect(await two.links.ofTickets(route.site, ['10001'])).toEqual([]);
    });

    it('include alerts that were added to the issue of another', async () => {
      const [one, two] = await twoWith(1);
      const alert = anAlert({ id: 'b1' });
      await one.reading.begin({ tenant: contoso, owner: me, now: T0, until: T0 + HOUR });
      const page = { alerts: [alert], unreadable: [], warnings: [], position: { memo: '' } };
      await one.reading.admit({ tenant: contoso, owner: me, page, now: T0, until: T0 + HOUR });
      const first = anAlert({ id: 'b0' });
      await one.reading.admit({
        tenant: contoso,
        owner: me,
        page: { ...page, alerts: [first] },
        now: T0,
        until: T0 + HOUR,
      });
      await one.inbox.lease({ tenant: contoso, owner: me, now: T0, until: T0 + HOUR, most: 9 });
      const wish = { key: 'k', words: 'user ada', rule: 'Daily', withinMs: HOUR, whenDone: 'raise' } as const;
      const groupRoute = { ...route, project: 'FAB' };
      for (const { id, createdAt } of [first, alert])
        await one.groups.join({
          key: dedupKeyOf(contoso, id),
          tenant: contoso,
          owner: me,
          wish,
          route: groupRoute,
          createdAt,
          proposal: '{}',
          now: T0,
        });
      const key = dedupKeyOf(contoso, first.id);
      const until = T0 + HOUR;
      await one.outbox.claim({ key, owner: me, route: groupRoute, now: T0, until, proposal: '{}' });
      const ticket = { id: '20000', key: 'FAB-1', url: 'https://jira.example/browse/FAB-1' };
      await one.outbox.end({ key, outcome: 'created', attempt: 1, site: route.site, ticket }, T0);
      const [comment] = (
        await one.attachments.gather({ tenant: contoso, owner: me, now: T0, until, except: new Set() })
      ).attachments;
      await one.attachments.end({ id: comment?.id ?? '', owner: me, now: T0, outcome: 'written', ticket });
      const links = await two.links.ofTickets(route.site, ['20000']);
      expect(links.map(({ alertId, project }) => [alertId, project])).toEqual([
        ['b0', 'FAB'],
        ['b1', 'FAB'],
      ]);
      expect(await watched(two)).toHaveLength(3);
    });

    it('of a group over tenants are each watched by their own tenant', async () => {
      const [one] = await twoWith(0);
      const wish = { key: 'k', words: 'user ada', rule: 'Daily', withinMs: HOUR, whenDone: 'raise' } as const;
      const until = T0 + HOUR;
      for (const tenant of [contoso, fabrikam]) {
        const alert = anAlert({ id: 'a0', tenant });
        await one.reading.begin({ tenant, owner: me, now: T0, until });
        const page = { alerts: [alert], unreadable: [], warnings: [], position: { memo: '' } };
        await one.reading.admit({ tenant, owner: me, page, now: T0, until });
        await one.inbox.lease({ tenant, owner: me, now: T0, until, most: 9 });
        const key = keyOf(0, tenant);
        const { createdAt } = alert;
        await one.groups.join({ key, tenant, owner: me, wish, route, createdAt, proposal: '{}', now: T0 });
      }
      const key = keyOf(0);
      await one.outbox.claim({ key, owner: me, route, now: T0, until, proposal: '{}' });
      const ticket = ticketOf(0);
      await one.outbox.end({ key, outcome: 'created', attempt: 1, site: route.site, ticket }, T0);
      const gathered = await one.attachments.gather({ tenant: fabrikam, owner: me, now: T0, until, except: new Set() });
      const id = gathered.attachments[0]?.id ?? '';
      await one.attachments.end({ id, owner: me, now: T0, outcome: 'written', ticket });
      for (const tenant of [contoso, fabrikam]) {
        const links = await one.links.watched({ tenant, agreedSince: T0, most: 9 });
        expect(links.map((link) => [link.key, link.tenant])).toEqual([[keyOf(0, tenant), tenant]]);
      }
    });
  });

  describe("a tenant's pairs", () => {
    const begin = (ledger: Ledger, owner: Owner, now = T0) =>
      ledger.links.begin({ tenant: contoso, owner, now, until: now + HOUR });

    it('are kept in step by one process at a time, from where the last one ended', async () => {
      const [one, two] = await twoWith(0);
      expect(await begin(one, me)).toEqual({ position: {}, sites: [] });
      expect(await begin(two, other)).toEqual({ busyUntil: T0 + HOUR });
      const onHints = { alerts: 3, issues: 1 };
      const position = { alertsSince: T0 - 5, issuesSince: T0 - 6, closedAt: T0 - 7, onHints };
      await two.links.end({ tenant: contoso, owner: other, now: T0, position: {} });
      expect(await begin(two, other)).toEqual({ busyUntil: T0 + HOUR });
      await one.links.end({ tenant: contoso, owner: me, now: T0, position });
      expect(await begin(two, other)).toEqual({ position, sites: [] });
      expect(await begin(one, me, T0 + HOUR)).toEqual({ position, sites: [] });
    });

    it('say at which sites they are, however old', async () => {
      const [one, two] = await twoWith(3);
      await agree(one, 0, { ...bothClosed, at: T0 - 900 * HOUR });
      expect(await begin(two, me)).toEqual({ position: {}, sites: [route.site] });
    });

    it('say how many links one side refused to follow, and one of them with why', async () => {
      const [one] = await twoWith(2);
      await begin(one, me);
      const left = { what: 'move-issue', why: 'no road', policy: 'Done', seenTo: T0 } as const;
      const refused: Agreement = { alert: 'closed', verdict: 'benign', issue: 'open', at: T0, left };
      for (const n of [0, 1]) await agree(one, n, refused);
      expect(await one.links.standing()).toMatchObject([{ left: { count: 2, issue: 'SOC-0', why: 'no road' } }]);
      for (const n of [0, 1]) await agree(one, n, bothClosed);
      expect((await one.links.standing())[0]).not.toHaveProperty('left');
    });

    it('name the stop of the guard to the next pass, until one goes through', async () => {
      const [one] = await twoWith(0);
      await begin(one, me);
      await one.links.end({ tenant: contoso, owner: me, now: T0, position: {}, stopped: 'too many' });
      expect(await begin(one, me)).toEqual({ position: {}, sites: [], stopped: 'too many' });
      await one.links.end({ tenant: contoso, owner: me, now: T0, position: {} });
      expect(await begin(one, me)).toEqual({ position: {}, sites: [] });
    });

    it('are free at once when the process that had them is gone', async () => {
      const [one, two] = await twoWith(0);
      await begin(one, goneOwner());
      expect(await begin(two, me)).toEqual({ busyUntil: T0 + HOUR });
      await two.leases.reclaim(me, T0);
      expect(await begin(two, me)).toEqual({ position: {}, sites: [] });
    });

    it('say how the last pass went', async () => {
      const [one, two] = await twoWith(0);
      const end = async (now: number, more: { failure?: string; stopped?: string }) => {
        await begin(one, me, now);
        await one.links.end({ tenant: contoso, owner: me, now, position: {}, ...more });
      };
      expect(await two.links.standing()).toEqual([]);
      await end(T0, {});
      await end(T0 + 1, { stopped: '30 of 40' });
      expect(await two.links.standing()).toEqual([{ tenant: contoso, syncedAt: T0, stopped: '30 of 40' }]);
      await end(T0 + 2, { failure: 'no answer' });
      expect(await two.links.standing()).toEqual([{ tenant: contoso, syncedAt: T0, failure: 'no answer' }]);
      await begin(one, me, T0 + 3);
      const position = { issuesSince: T0 + 2 };
      await one.links.end({ tenant: contoso, owner: me, now: T0 + 3, position });
      expect(await two.links.standing()).toEqual([{ tenant: contoso, syncedAt: T0 + 3, issuesSince: T0 + 2 }]);
    });
  });

  describe('notes', () => {
    it('of one issue become one comment, each stored once', async () => {
      const [one, two] = await twoWith(2);
      await agree(one, 0, bothClosed, [aNote('n1'), aNote('n2'), aNote('n1', 0, 'again')]);
      await agree(two, 1, undefined, [aNote('n3', 1), aNote('n2', 1, 'again')]);
      expect(await two.notes.open()).toEqual([{ tenant: contoso, count: 3, oldest: T0 }]);
      const comments = await gather(one);
      expect(comments).toMatchObject([
        { ticket: ticketOf(0), site: 'default', project: 'SOC', notes: [aNote('n1'), aNote('n2')] },
        { ticket: ticketOf(1), notes: [aNote('n3', 1)] },
      ]);
      expect(comments[0]).not.toHaveProperty('sent');
      expect(comments.every(({ id }) => /^[a-z0-9]+$/.test(id))).toBe(true);
    });

    it('of a refused write count as our own change of the issue once they stand on it', async () => {
      const [one] = await twoWith(1);
      const left = { what: 'move-issue', why: 'no road', policy: 'Done', seenTo: T0 } as const;
      await agree(one, 0, { alert: 'closed', verdict: 'benign', issue: 'open', at: T0, left }, [aNote('refused')]);
      const [comment] = await one.notes.gather({ tenant: contoso, owner: me, now: T0, until: T0 + HOUR, most: 9 });
      const written = { id: '10077', at: T0 + 5 };
      await one.notes.end({ id: comment?.id ?? '', owner: me, now: T0, outcome: 'written', comment: written });
      expect((await watched(one))[0]?.agreed.left).toEqual({ ...left, seenTo: T0 + 5 });
    });

    it('are not noted again once they stand on the issue', async () => {
      const [one, two] = await twoWith(1);
      await agree(one, 0, undefined, [aNote('n1')]);
      const id = (await gather(one))[0]?.id ?? '';
      await one.notes.end({ id, owner: me, now: T0, outcome: 'written' });
      await agree(two, 0, undefined, [aNote('n1')]);
      expect(await gather(two, other, T0 + 9 * HOUR)).toEqual([]);
      expect(await two.notes.open()).toEqual([]);
    });

    it('are stored with the agreement that they tell of, or not at all', async () => {
      const [one, two] = await twoWith(1);
      const broken = { ...aNote('n1'), project: null as unknown as string };
      await expect(agree(one, 0, bothClosed, [broken])).rejects.toThrow();
      expect((await watched(two))[0]?.agreed.alert).toBe('open');
      expect(await two.notes.open()).toEqual([]);
    });

    it("are in one process's hand at a time, and taken over with what is known of their sending", async () => {
      const [one, two] = await twoWith(1);
      await agree(one, 0, undefined, [aNote('n1')]);
      const id = (await gather(one))[0]?.id ?? '';
      expect(await gather(two, other)).toEqual([]);
      expect(await gather(one)).toEqual([]);
      expect(await two.notes.sending({ id, owner: other, now: T0, until: T0 + HOUR })).toBe(false);
      expect(await one.notes.sending({ id, owner: me, now: T0 + 5, until: T0 + HOUR })).toBe(true);
      const [theirs] = await gather(two, other, T0 + HOUR);
      expect(theirs).toMatchObject({ id, sent: { first: T0 + 5, last: T0 + 5 } });
      expect(await one.notes.sending({ id, owner: me, now: T0 + HOUR, until: T0 + 2 * HOUR })).toBe(false);
      await one.notes.end({ id, owner: me, now: T0, outcome: 'given-up', why: 'it is gone' });
      expect(await two.notes.open()).toHaveLength(1);
    });

    it('of a process that was killed before it sent are sent by another, as never sent', async () => {
      const [one, two] = await twoWith(1);
      await agree(one, 0, undefined, [aNote('n1')]);
      const gone = goneOwner();
      const [before] = await gather(one, gone);
      await agree(one, 0, undefined, [aNote('n2')]);
      await two.leases.reclaim(me, T0);
      const comments = await gather(two, me);
      expect(comments.map(({ id, notes }) => [id === before?.id, notes.map((note) => note.id)])).toEqual([
        [true, ['n1']],
        [false, ['n2']],
      ]);
      expect(comments.some((comment) => 'sent' in comment)).toBe(false);
    });

    it('wait until their time, and forget only a sending that surely did not leave', async () => {
      const [one] = await twoWith(1);
      await agree(one, 0, undefined, [aNote('n1')]);
      const id = (await gather(one))[0]?.id ?? '';
      const send = (now: number) => one.notes.sending({ id, owner: me, now, until: now + HOUR });
      const wait = (sent: 'surely not' | 'maybe' | 'as before', now: number) =>
        one.notes.end({ id, owner: me, now, outcome: 'waits', why: 'w', notBefore: now + 1, sent });
      await send(T0);
      await wait('surely not', T0);
      expect(await gather(one)).toEqual([]);
      expect((await gather(one, me, T0 + 1))[0]).not.toHaveProperty('sent');
      await send(T0 + 2);
      await wait('maybe', T0 + 2);
      expect((await gather(one, me, T0 + 3))[0]?.sent).toEqual({ first: T0 + 2, last: T0 + 2 });
      await wait('as before', T0 + 3);
      expect((await gather(one, me, T0 + 4))[0]?.sent).toEqual({ first: T0 + 2, last: T0 + 2 });
      await send(T0 + 5);
      await wait('surely not', T0 + 5);
      expect((await gather(one, me, T0 + 6))[0]?.sent).toEqual({ first: T0 + 2, last: T0 + 2 });
    });

    it('that are given up are never sent, and no longer open', async () => {
      const [one, two] = await twoWith(1);
      await agree(one, 0, undefined, [aNote('n1')]);
      const id = (await gather(one))[0]?.id ?? '';
      await one.notes.end({ id, owner: me, now: T0, outcome: 'given-up', why: 'the issue is gone' });
      expect(await gather(two, other, T0 + 9 * HOUR)).toEqual([]);
      expect(await two.notes.open()).toEqual([]);
    });

    it('that are too long for one comment become more, and none is left behind', async () => {
      const [one] = await twoWith(1);
      const many = Array.from({ length: 9 }, (_, n) => aNote(`n${n}`, 0, 'x'.repeat(6_000)));
      await agree(one, 0, undefined, many);
      const comments = await gather(one);
      expect(comments.map(({ notes }) => notes.length)).toEqual([3, 3, 3]);
      expect(comments.flatMap(({ notes }) => notes.map(({ id }) => id)).sort()).toEqual(many.map(({ id }) => id));
    });

    it('are taken in hand no more at a time than asked for, oldest first', async () => {
      const [one] = await twoWith(3);
      for (const n of [2, 0, 1]) await agree(one, n, undefined, [{ ...aNote(`n${n}`, n), at: T0 - n }]);
      const two = await one.notes.gather({ tenant: contoso, owner: me, now: T0, until: T0 + HOUR, most: 2 });
      expect(two.map(({ ticket }) => ticket.key)).toEqual(['SOC-2', 'SOC-1']);
      expect((await gather(one)).map(({ ticket }) => ticket.key)).toEqual(['SOC-0']);
    });
  });
});
