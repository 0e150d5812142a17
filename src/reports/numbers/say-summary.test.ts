import { describe, expect, it } from 'vitest';
import { alertFacts, FactsInMemory, fact, hourlyReadings, lifelikeAlerts, raised } from '../../../test/report-facts.ts';
import type { TenantId } from '../../domain/alert.ts';
import type { AlertFacts, ReadingHour } from '../../domain/facts.ts';
import { DAY_MS, HOUR_MS } from '../../domain/time.ts';
import { periodNamed } from '../periods/periods.ts';
import { saySummary } from './say-summary.ts';
import { summarise } from './summarise.ts';

const YEAR = { from: '2026-09-01T00:00Z', to: '2026-12-01T00:00Z' };

async function said(alerts: readonly AlertFacts[], hours: readonly ReadingHour[] = hourlyReadings(YEAR)) {
  const period = periodNamed('monthly', 'UTC', '2026-10');
  if (!period) throw new Error('no such month');
  const targets = { medium: { acknowledgeMs: HOUR_MS, resolveMs: 3 * DAY_MS } };
  const ask = { tenant: 'contoso' as TenantId, period, asOf: Date.parse('2026-12-01T00:00Z'), sla: { targets } };
  return saySummary(await summarise(new FactsInMemory(alerts, { hours }), ask));
}

describe('a month in a few sentences', () => {
  it('speaks of halves and shares where there are enough', async () => {
    expect(
      await said(lifelikeAlerts({ from: '2026-09-20T00:00Z', to: '2026-11-04T00:00Z', perDay: 12 })),
    ).toMatchInlineSnapshot(`
      [
        "312 alerts were raised (235 % more than the 93 in the period before), 93 of high severity, and 274 issues were made.",
        "Of the 236 that were closed with a verdict, 121 (51 %) were false alarms, 82 real and 33 real but harmless; 24 more ended without one.",
        "People took up an issue within 28 min in half of 264 cases and resolved it within 5 h 31 min in half of 268 cases; 41 of 213 agreed targets were missed.",
        "22 issues were open at the end, with 7 targets overdue; 3 alerts are held and wait for a person.",
      ]
    `);
  });

  it('speaks of single cases where there are few', async () => {
    const facts = [
      raised('2026-10-05T09:00Z', 'SOC-1'),
      fact('2026-10-05T09:20Z', { fact: 'acknowledged', by: 'status' }),
      fact('2026-10-05T11:00Z', { fact: 'resolved' }),
      fact('2026-10-05T11:00Z', { fact: 'closed', verdict: 'true_positive' }),
    ];
    expect(await said([alertFacts({ facts })])).toMatchInlineSnapshot(`
      [
        "1 alert was raised (0 in the period before), none of high severity, and 1 issue was made.",
        "The one that was closed with a verdict was real.",
        "People took up an issue after 20 min in the one case and resolved it after 2 h 00 min in the one case; all 2 agreed targets were kept.",
        "Nothing was left open at the end.",
      ]
    `);
  });

  it('tells that nothing was from that nobody could look', async () => {
    expect(await said([])).toMatchInlineSnapshot(`
      [
        "No alert was raised in this period.",
        "Nothing was left open at the end.",
        "The source was read all through, so that there was none to miss.",
      ]
    `);
    expect(await said([], [])).toMatchInlineSnapshot(`
      [
        "The source was not read at all in this period: these numbers do not say what happened.",
        "No alert of this period is known.",
        "Nothing was left open at the end.",
      ]
    `);
    expect(await said([], hourlyReadings({ ...YEAR, fails: () => 'refused' }))).toMatchInlineSnapshot(`
      [
        "The source could not be read in this period: what happened there is not known.",
        "No alert of this period is known.",
        "Nothing was left open at the end.",
      ]
    `);
  });

  it('says on how many days nobody could look', async () => {
    const fails = (hour: number) => (new Date(hour).toISOString().startsWith('2026-10-1') ? 'refused' : undefined);
    expect((await said([], hourlyReadings({ ...YEAR, fails }))).at(-1)).toMatchInlineSnapshot(
      `"On 10 days the source could not be read or was not read; alerts of then may be missing."`,
    );
  });
});
