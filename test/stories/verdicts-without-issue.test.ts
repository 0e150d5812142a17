import { afterEach, describe, expect, it } from 'vitest';
import type { DedupKey, TenantId } from '../../src/domain/alert.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/domain/time.ts';
import { sqlLedger } from '../../src/ledger/sql-ledger.ts';
import { openSqlite } from '../../src/ledger/store/sqlite.ts';
import { summarise } from '../../src/reports/numbers/summarise.ts';
import { periodAt } from '../../src/reports/periods/periods.ts';
import { BOTH_WAYS, firstPair, raisedWorld, syncOnce } from '../sync-world.ts';
import type { World } from '../world.ts';

/** Only what is of no high severity in contoso has no issue: some alerts of the tenant have one, others none. */
const LAB = `rules:
  - name: Lab
    when: tenant == "contoso" && alert.severity != "high"
    then: { suppress: Alerts of the lab are not ticketed }
`;

const contoso = 'contoso' as TenantId;

describe('a verdict given in Defender to an alert without an issue', () => {
  let world: World | undefined;

  afterEach(async () => {
    await world?.stop();
    world = undefined;
  });

  const begin = async () => {
    world = await raisedWorld(BOTH_WAYS, { config: (yaml) => LAB + yaml });
    world.clock.advance(2 * MINUTE_MS);
    await syncOnce(world);
    return world;
  };

  const withLedger = async <T>(at: World, work: (ledger: ReturnType<typeof sqlLedger>) => Promise<T>): Promise<T> => {
    const ledger = sqlLedger(await openSqlite(at.storePath));
    try {
      return await work(ledger);
    } finally {
      await ledger.close();
    }
  };

  const suppressedAlerts = (at: World) =>
    withLedger(at, ({ unlinked }) => unlinked.list({ tenant: contoso, since: 0, most: 100 }));

  const figuresOf = (at: World) =>
    withLedger(at, async ({ facts }) => {
      const asOf = at.clock.now();
      const period = periodAt('monthly', 'UTC', asOf);
      return summarise(facts, { tenant: contoso, period, asOf, sla: { targets: {} } });
    });

  const readsOf = (at: World) => at.scene.cloudApps.journal.length;

  it('is known after the next sync, which asks no more often for it', async () => {
    const at = await begin();
    const [first = '', second = ''] = await suppressedAlerts(at);
    expect(first).not.toBe('');
    at.clock.advance(MINUTE_MS);
    const quietFrom = readsOf(at);
    await syncOnce(at);
    const quiet = readsOf(at) - quietFrom;
    at.scene.cloudApps.closeAlert('contoso', first, 3);
    at.scene.cloudApps.closeAlert('contoso', second, 5);
    const closedAt = at.clock.now();
    at.clock.advance(MINUTE_MS);
    const from = readsOf(at);
    await syncOnce(at);
    expect(readsOf(at) - from).toBe(quiet);
    const facts = await withLedger(at, ({ factLog }) => factLog.of([`contoso/${first}` as DedupKey]));
    expect(facts.get(`contoso/${first}` as DedupKey)).toMatchObject([
      { fact: 'suppressed' },
      { fact: 'closed', verdict: 'false_positive', at: closedAt },
    ]);
    const { figures } = await figuresOf(at);
    expect(figures.outcomes).toMatchObject({ truePositive: 1, falsePositive: 1, falsePositives: { count: 1, of: 2 } });
  });

  it('counts of an alert whose issue was deleted', async () => {
    const at = await begin();
    const { alert, issue } = firstPair(at);
    at.scene.jira.deleteIssue(issue);
    at.clock.advance(HOUR_MS + MINUTE_MS);
    await syncOnce(at);
    at.scene.cloudApps.closeAlert('contoso', alert, 5);
    at.clock.advance(HOUR_MS + MINUTE_MS);
    await syncOnce(at);
    const { figures } = await figuresOf(at);
    expect(figures).toMatchObject({ openAtEnd: figures.issues - 1, outcomes: { truePositive: 1 } });
  });

  it('has the users and addresses of every alert beside it', async () => {
    const at = await begin();
    const { figures, users, addresses } = await figuresOf(at);
    const named = (at.scene.cloudApps.tenants.get('contoso')?.alerts ?? []) as readonly Record<string, unknown>[];
    expect(figures.alerts).toBe(named.length);
    expect(users.rows.reduce((sum, { alerts }) => sum + alerts, 0)).toBeGreaterThan(figures.issues);
    const text = JSON.stringify(named);
    for (const { address } of addresses.rows) expect(text).toContain(address);
    expect(addresses.rows.some(({ why = '' }) => why.startsWith('the alert has no issue'))).toBe(true);
  });
});
