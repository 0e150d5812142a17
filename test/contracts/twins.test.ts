import { afterEach, beforeEach, expect, it } from 'vitest';
import type { TenantId } from '../../src/domain/alert.ts';
import type { AuditReport } from '../../src/domain/audit.ts';
import type { SiteId } from '../../src/domain/ticket.ts';
import type { Ledger, Owner } from '../../src/ledger/ledger.ts';
import { onEachStore, type TestStore } from '../stores.ts';

const T0 = Date.parse('2026-11-23T07:00:00Z');
const site = 'default' as SiteId;
const me = 'here/1/me' as Owner;
const other = 'elsewhere/2/other' as Owner;
const ticketOf = (n: number) => ({ id: String(n), key: `SOC-${n}`, url: `https://jira.example/browse/SOC-${n}` });

onEachStore('twins and recounts', ({ store }) => {
  let place: TestStore;
  let one: Ledger;
  let two: Ledger;

  beforeEach(async () => {
    place = store();
    one = await place.open();
    two = await place.open();
  });
  afterEach(async () => {
    await Promise.all([one.close(), two.close()]);
    await place.remove();
  });

  const claim = (ledger: Ledger, owner: Owner, now = T0) =>
    ledger.twins.claim({ site, twin: ticketOf(42), original: ticketOf(41), owner, now, until: now + 100 });

  it("gives a twin into one process's hand, and to the next when that one left it or died", async () => {
    expect(await claim(one, me)).toBe(true);
    expect(await claim(two, other)).toBe(false);
    expect(await claim(two, other, T0 + 100)).toBe(true);
    await two.twins.ended({ site, ticketId: '42', now: T0 + 110, closed: false, note: 'no answer' });
    expect(await one.twins.since(T0)).toEqual([
      { site, twin: { id: '42', key: 'SOC-42' }, original: { key: 'SOC-41' }, foundAt: T0, note: 'no answer' },
    ]);
    expect(await claim(one, me, T0 + 120)).toBe(true);
  });

  it('never gives away a twin that is closed, and keeps when it was', async () => {
    await claim(one, me);
    await one.twins.ended({ site, ticketId: '42', now: T0 + 5, closed: true });
    await two.twins.ended({ site, ticketId: '42', now: T0 + 9, closed: true });
    expect(await claim(two, other, T0 + 1_000)).toBe(false);
    expect(await two.twins.since(T0)).toMatchObject([{ closedAt: T0 + 5 }]);
    expect(await two.twins.since(T0 + 1)).toEqual([]);
  });

  it('keeps the latest recount of each tenant', async () => {
    const report = (tenant: string, at: number): AuditReport => ({
      tenant: tenant as TenantId,
      at,
      from: T0,
      to: at,
      source: 1,
      ledger: 1,
      issues: 1,
      admitted: 0,
      differences: [{ kind: 'stuck', count: 1, examples: [`${tenant}/a`] }],
      failures: [],
    });
    for (const each of [report('fabrikam', 1), report('contoso', 2), report('fabrikam', 3)])
      await one.audits.record(each);
    expect(await two.audits.latest()).toEqual([report('contoso', 2), report('fabrikam', 3)]);
  });
});
