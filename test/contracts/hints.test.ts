import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Alert, dedupKeyOf, type TenantId } from '../../src/domain/alert.ts';
import type { SiteId } from '../../src/domain/ticket.ts';
import type { Ledger, Owner } from '../../src/ledger/ledger.ts';
import { anAlert } from '../builders.ts';
import { onEachStore } from '../stores.ts';

const T0 = Date.parse('2026-11-23T07:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const contoso = 'contoso' as TenantId;
const fabrikam = 'fabrikam' as TenantId;
const me = 'here/1/me' as Owner;
const acme = 'acme' as SiteId;
const onsite = 'onsite' as SiteId;

onEachStore('hints in the ledger', ({ store }) => {
  let ledger: Ledger;
  let other: Ledger;
  let remove = async () => {};

  beforeEach(async () => {
    const place = store();
    remove = place.remove;
    ledger = await place.open();
    other = await place.open();
  });

  afterEach(async () => {
    await ledger.close();
    await other.close();
    await remove();
  });

  /** An alert whose issue is recorded. */
  async function raised(tenant: TenantId, ticketId: string, site = acme): Promise<Alert> {
    const alert = anAlert({ tenant, id: `a-${tenant}-${ticketId}`, createdAt: T0 });
    const ask = { tenant, owner: me, now: T0, until: T0 + HOUR };
    await ledger.reading.begin(ask);
    const page = { alerts: [alert], unreadable: [], warnings: [], position: { memo: '' } };
    await ledger.reading.admit({ ...ask, page });
    await ledger.inbox.lease({ ...ask, most: 10 });
    const key = dedupKeyOf(tenant, alert.id);
    const route = { site, project: 'SOC', issueType: 'Task' };
    await ledger.outbox.claim({ key, owner: me, route, now: T0, until: T0 + HOUR, proposal: '{}' });
    const ticket = { id: ticketId, key: `SOC-${ticketId}`, url: `https://acme.example/browse/SOC-${ticketId}` };
    await ledger.outbox.end({ key, outcome: 'created', attempt: 1, site, ticket }, T0);
    return alert;
  }

  let calls = 0;
  const record = (ticketId: string, more: Partial<{ names: string[]; sites: SiteId[]; now: number }> = {}) =>
    ledger.hints.record({ names: [`call-${calls++}`], sites: [acme], ticketId, now: T0, ...more });
  const due = (tenant: TenantId, most = 100, at = ledger) => at.hints.due({ tenant, most });

  it('are there for another process as soon as they are answered, with whose they are', async () => {
    await raised(contoso, '1');
    expect(await record('1')).toEqual({ known: false, tenants: [contoso] });
    expect(await due(contoso, 100, other)).toEqual([{ site: acme, ticketId: '1', at: T0 }]);
    expect(await due(fabrikam)).toEqual([]);
  });

  it('of a call that is known by any of its names change nothing', async () => {
    await raised(contoso, '1');
    await record('1', { names: ['id-1', 'body-1'] });
    await ledger.hints.done(contoso, await due(contoso));
    for (const names of [
      ['id-1', 'body-1'],
      ['id-1', 'body-2'],
      ['id-2', 'body-1'],
    ])
      expect(await record('1', { names, now: T0 + 2 * DAY })).toEqual({ known: true, tenants: [] });
    expect(await due(contoso)).toEqual([]);
  });

  it('of a thousand calls at once are one an issue', async () => {
    await raised(contoso, '1');
    const same = await Promise.all(Array.from({ length: 1_000 }, () => record('1', { names: ['again'] })));
    expect(same.filter(({ known }) => !known)).toHaveLength(1);
    await Promise.all(Array.from({ length: 100 }, () => record('1')));
    expect(await due(contoso)).toHaveLength(1);
  });

  it('are ended by what was read, and not when they were renewed meanwhile', async () => {
    await raised(contoso, '1');
    await record('1');
    const read = await due(contoso);
    await record('1');
    await ledger.hints.done(contoso, read);
    const renewed = await due(contoso);
    expect(renewed).toHaveLength(1);
    await ledger.hints.done(contoso, renewed);
    expect(await due(contoso)).toEqual([]);
  });

  it('are renewed under a clock that was set back as well', async () => {
    await raised(contoso, '1');
    await record('1');
    const read = await due(contoso);
    await record('1', { now: T0 - HOUR });
    await ledger.hints.done(contoso, read);
    expect(await due(contoso)).toHaveLength(1);
  });

  it('come oldest first, as many as are asked for', async () => {
    for (const id of ['1', '2', '3']) await raised(contoso, id);
    for (const [id, now] of [
      ['2', T0],
      ['3', T0 + 1],
      ['1', T0 + 2],
    ] as const)
      await record(id, { now });
    expect((await due(contoso, 2)).map(({ ticketId }) => ticketId)).toEqual(['2', '3']);
  });

  it('on an issue that stands for alerts of several tenants are ended by each for itself', async () => {
    await raised(contoso, '1');
    await raised(fabrikam, '1');
    expect((await record('1')).tenants.toSorted()).toEqual([contoso, fabrikam]);
    await ledger.hints.done(contoso, await due(contoso));
    expect(await due(contoso)).toEqual([]);
    expect(await due(fabrikam)).toHaveLength(1);
  });

  it('that came before their issue was recorded wait for it', async () => {
    expect(await record('1', { sites: [acme, onsite] })).toEqual({ known: false, tenants: [] });
    expect(await due(contoso)).toEqual([]);
    await raised(contoso, '1', onsite);
    expect(await due(contoso, 100, other)).toEqual([{ site: onsite, ticketId: '1', at: T0 }]);
  });

  it("on issues that are nobody's are forgotten after an hour", async () => {
    await record('1');
    await record('2', { now: T0 + HOUR + 1 });
    await raised(contoso, '1');
    expect(await due(contoso)).toEqual([]);
  });

  it('are known for three days, and then forgotten with their call', async () => {
    await raised(contoso, '1');
    await record('1', { names: ['call'] });
    const again = { names: ['call'], now: T0 + 3 * DAY };
    expect(await record('1', again)).toMatchObject({ known: true });
    expect(await record('1', { ...again, now: T0 + 3 * DAY + HOUR })).toMatchObject({ known: false });
  });

  it('of the same id on another site are not the same', async () => {
    await raised(contoso, '1', acme);
    expect(await record('1', { sites: [onsite] })).toEqual({ known: false, tenants: [] });
    expect(await due(contoso)).toEqual([]);
  });
});
