import { afterEach, beforeEach, expect, it } from 'vitest';
import { type AlertId, dedupKeyOf, type TenantId } from '../../src/domain/alert.ts';
import type { AlertFacts } from '../../src/domain/facts.ts';
import type { Route, SiteId } from '../../src/domain/ticket.ts';
import { DAY_MS, HOUR_MS } from '../../src/domain/time.ts';
import type { Ledger, Owner } from '../../src/ledger/ledger.ts';
import { anAlert } from '../builders.ts';
import { onEachStore, type TestStore } from '../stores.ts';

const T0 = Date.parse('2026-11-23T07:00:00Z');
const tenant = 'contoso' as TenantId;
const owner = 'here/1/me' as Owner;
const site = 'default' as SiteId;
const route: Route = { site, project: 'SOC', issueType: 'Task' };
const idOf = (n: number) => `a${String(n).padStart(4, '0')}` as AlertId;

onEachStore('facts', ({ store }) => {
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

  async function read(from: number, to: number, now: number): Promise<void> {
    const alerts = Array.from({ length: to - from }, (_, i) =>
      anAlert({ tenant, id: idOf(from + i), createdAt: now - HOUR_MS + i }),
    );
    const ask = { tenant, owner, now, until: now + HOUR_MS };
    await ledger.reading.begin(ask);
    const page = { alerts, unreadable: [], warnings: [], position: { memo: '', watermark: now } };
    await ledger.reading.admit({ ...ask, page });
    await ledger.reading.end({ tenant, owner, now });
  }

  async function raise(n: number, now: number): Promise<void> {
    const key = dedupKeyOf(tenant, idOf(n));
    await ledger.inbox.lease({ tenant, owner, now, until: now + HOUR_MS, most: 5_000 });
    await ledger.outbox.claim({ key, owner, route, now, until: now + HOUR_MS, proposal: '{}' });
    const ticket = { id: String(n), key: `SOC-${n}`, url: `https://jira.example/browse/SOC-${n}` };
    await ledger.outbox.end({ key, outcome: 'created', attempt: 1, site, ticket }, now);
  }

  async function between(from: number, to: number, asOf: number): Promise<AlertFacts[]> {
    const all: AlertFacts[] = [];
    for await (const page of ledger.facts.between({ tenant, from, to, asOf })) all.push(...page);
    return all;
  }

  it('tell of what was created in a span, page by page, and of what was open at its beginning', async () => {
    await read(0, 1, T0);
    await raise(0, T0);
    const next = T0 + DAY_MS;
    await read(1, 2_105, next);
    await raise(1, next);
    const facts = await between(next - 2 * HOUR_MS, next + HOUR_MS, next);
    expect(facts).toHaveLength(2_105);
    expect(facts.map(({ key }) => key)).toEqual(facts.map((_, n) => dedupKeyOf(tenant, idOf(n))));
    expect(facts[0]?.facts.map(({ fact }) => fact)).toEqual(['raised']);
    expect(facts[1]?.facts).toMatchObject([{ fact: 'raised', at: next, recordedAt: next, ticket: { key: 'SOC-1' } }]);
    // What was not known then is not told of then.
    expect(await between(next - 2 * HOUR_MS, next + HOUR_MS, next - 1)).toHaveLength(1);
  });

  it('count what was created between edges, how a tenant was read, and when something was last recorded', async () => {
    await read(0, 3, T0);
    await read(3, 4, T0 + DAY_MS);
    const edges = [T0 - DAY_MS, T0, T0 + DAY_MS];
    const volumes = await ledger.facts.volumes({ tenants: [tenant], edges, asOf: T0 + DAY_MS });
    expect(volumes.map((volume) => Object.values(volume).reduce((sum, n) => sum + n, 0))).toEqual([3, 1]);
    const { hours, gaps } = await ledger.facts.readings({
      tenant,
      from: T0 - HOUR_MS,
      to: T0 + 2 * DAY_MS,
      asOf: T0 + DAY_MS,
    });
    expect(hours).toHaveLength(2);
    expect(gaps).toHaveLength(1);
    expect(await ledger.facts.latest([tenant])).toBe(T0 + DAY_MS);
  });
});
