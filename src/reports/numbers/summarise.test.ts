import { describe, expect, it } from 'vitest';
import {
  alertFacts,
  checkedAddress,
  FactsInMemory,
  fact,
  hourlyReadings,
  lifelikeAlerts,
  raised,
} from '../../../test/report-facts.ts';
import type { TenantId, Verdict } from '../../domain/alert.ts';
import type { AlertFacts, Fact } from '../../domain/facts.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/time.ts';
import type { Figures, SlaBasis } from '../model.ts';
import type { PeriodKind } from '../periods/period.ts';
import { daysOf, periodNamed } from '../periods/periods.ts';
import { type SummariseAsk, summarise } from './summarise.ts';

const SLA: SlaBasis = {
  targets: {
    high: { acknowledgeMs: HOUR_MS, resolveMs: 8 * HOUR_MS },
    medium: { acknowledgeMs: 4 * HOUR_MS, resolveMs: 3 * DAY_MS },
  },
};

function ask(kind: PeriodKind, name: string, more: Partial<SummariseAsk> = {}): SummariseAsk {
  const period = periodNamed(kind, 'UTC', name);
  if (!period) throw new Error(name);
  return { tenant: 'contoso' as TenantId, period, asOf: Date.parse('2027-01-01T00:00Z'), sla: SLA, ...more };
}

const october = (alerts: readonly AlertFacts[], more: Partial<SummariseAsk> = {}) =>
  summarise(new FactsInMemory(alerts), ask('monthly', '2026-10', more));

const touched = (at: string) => fact(at, { fact: 'acknowledged', by: 'assignee' });
const done = (at: string) => fact(at, { fact: 'resolved' });
const closed = (at: string, verdict: Verdict) => fact(at, { fact: 'closed', verdict });

const prefixed = (prefix: string, counts: object) =>
  Object.fromEntries(Object.entries(counts).map(([name, n]) => [`${prefix}-${name}`, n]));

/** `n` alerts of October, each closed with a verdict. */
function judged(type: string, verdicts: readonly Verdict[], more: Partial<Parameters<typeof alertFacts>[0]> = {}) {
  return verdicts.map((verdict, i) =>
    alertFacts({
      id: `${type}-${i}`,
      type,
      facts: [raised('2026-10-05T09:00Z', `SOC-${i + 1}`), closed('2026-10-06T09:00Z', verdict)],
      ...more,
    }),
  );
}

describe('the figures of a month', () => {
  it('count alerts by when they were raised at the source, to the edge', async () => {
    const { figures } = await october([
      alertFacts({
        id: 'before',
        createdAt: '2026-09-30T23:59:59.999Z',
        facts: [raised('2026-10-01T00:01Z', 'SOC-1')],
      }),
      alertFacts({ id: 'first', createdAt: '2026-10-01T00:00Z', severity: 'high' }),
      alertFacts({ id: 'last', createdAt: '2026-10-31T23:59:59.999Z', facts: [raised('2026-11-01T00:01Z', 'SOC-2')] }),
      alertFacts({ id: 'after', createdAt: '2026-11-01T00:00Z' }),
    ]);
    expect(figures).toMatchObject({
      alerts: 2,
      bySeverity: { high: 1, medium: 1, low: 0, informational: 0 },
      states: { raised: 0, underWay: 2 },
      issues: 1,
    });
  });

  it('count a duration in the period in which it ended', async () => {
    const alert = alertFacts({
      createdAt: '2026-09-30T20:00Z',
      activityAt: '2026-09-30T19:30Z',
      seenAt: '2026-09-30T20:03Z',
      facts: [raised('2026-09-30T20:04Z', 'SOC-1'), touched('2026-10-01T08:04Z'), done('2026-10-02T20:04Z')],
    });
    const { figures } = await october([alert]);
    const before = (await summarise(new FactsInMemory([alert]), ask('monthly', '2026-09'))).figures;
    const n = ({ n: count }: { n: number }) => count;
    expect([n(before.detection), n(before.alertToIssue), n(before.acknowledge), n(before.resolve)]).toEqual([
      1, 1, 0, 0,
    ]);
    expect([n(figures.detection), n(figures.alertToIssue), n(figures.acknowledge), n(figures.resolve)]).toEqual([
      0, 0, 1, 1,
    ]);
    expect(before.detection.longestMs).toBe(30 * MINUTE_MS);
    expect(before.alertToIssue.longestMs).toBe(4 * MINUTE_MS);
    expect(before.seenToIssue.longestMs).toBe(MINUTE_MS);
    expect(figures.acknowledge.longestMs).toBe(12 * HOUR_MS);
    expect(figures.resolve.longestMs).toBe(2 * DAY_MS);
    expect(figures.bySeverityTimes.medium.resolve.n).toBe(1);
  });

  it('tell the mix of outcomes, and false positives without those that are not determined', async () => {
    const verdicts: Verdict[] = ['true_positive', 'benign', 'benign', 'false_positive', 'unspecified', 'unspecified'];
    const { figures } = await october(judged('Impossible travel', verdicts));
    expect(figures.outcomes).toEqual({
      truePositive: 1,
      benign: 2,
      falsePositive: 1,
      undetermined: 2,
      falsePositives: { count: 1, of: 4 },
    });
  });

  it('count each resolution, and of the resolutions of the period those that were reopened by its end', async () => {
    const again = [
      done('2026-10-06T09:00Z'),
      fact('2026-10-07T09:00Z', { fact: 'reopened' }),
      done('2026-10-08T09:00Z'),
    ];
    const { figures } = await october([
      alertFacts({ id: 'a', facts: [raised('2026-10-05T09:00Z', 'SOC-1'), ...again] }),
      alertFacts({ id: 'b', facts: [raised('2026-10-05T09:00Z', 'SOC-2'), done('2026-10-05T10:00Z')] }),
      // Resolved in the month before: its reopening is not of a resolution of this one.
      alertFacts({
        id: 'c',
        createdAt: '2026-09-20T09:00Z',
        facts: [
          raised('2026-09-20T09:00Z', 'SOC-3'),
          done('2026-09-21T09:00Z'),
          fact('2026-10-02T09:00Z', { fact: 'reopened' }),
        ],
      }),
    ]);
    expect(figures).toMatchObject({ resolved: 3, reopenings: 2, reopened: { count: 1, of: 3 } });
    expect(figures.resolve).toMatchObject({ n: 3, shortestMs: HOUR_MS, longestMs: 3 * DAY_MS });
  });

  it('count of one row the same alerts in each column, and the verdicts of the period apart', async () => {
    const month = await october([
      ...judged('Impossible travel', ['benign', 'false_positive']),
      ...judged('Impossible travel', ['false_positive', 'false_positive'], {
        id: 'earlier',
        createdAt: '2026-09-30T09:00Z',
      }).map((alert, i) => ({ ...alert, key: `contoso/earlier-${i}` as AlertFacts['key'] })),
    ]);
    expect(month.detections.rows).toEqual([
      { type: 'Impossible travel', alerts: 2, falsePositives: { count: 1, of: 2 } },
    ]);
    expect(month.users.rows[0]).toMatchObject({ alerts: 2, falsePositives: { count: 1, of: 2 } });
    expect(month.figures.outcomes).toMatchObject({ benign: 1, falsePositive: 3, falsePositives: { count: 3, of: 4 } });
  });

  it('count each verdict that was given, and issues that are done while their alert is open', async () => {
    const { figures } = await october([
      alertFacts({
        id: 'a',
        facts: [
          raised('2026-10-05T09:00Z', 'SOC-1'),
          closed('2026-10-06T09:00Z', 'benign'),
          fact('2026-10-07T09:00Z', { fact: 'alert-reopened' }),
          closed('2026-10-08T09:00Z', 'false_positive'),
        ],
      }),
      alertFacts({ id: 'b', facts: [raised('2026-10-05T09:00Z', 'SOC-2'), done('2026-10-06T09:00Z')] }),
      // Done before: whether anything happens to it in the period or not, it is in none of its figures.
      alertFacts({
        id: 'c',
        createdAt: '2026-09-05T08:00Z',
        facts: [
          raised('2026-09-05T09:00Z', 'SOC-3'),
          done('2026-09-06T09:00Z'),
          closed('2026-09-06T09:00Z', 'unspecified'),
          fact('2026-10-08T09:00Z', { fact: 'alert-reopened' }),
        ],
      }),
    ]);
    expect(figures.outcomes).toMatchObject({ benign: 1, falsePositive: 1, undetermined: 0 });
    expect(figures.doneButOpen).toBe(1);
  });

  it('count alerts that were added to an issue, and the issue once', async () => {
    const { figures } = await october([
      alertFacts({ id: 'a', facts: [raised('2026-10-05T09:00Z', 'SOC-1')] }),
      alertFacts({ id: 'b', facts: [{ ...raised('2026-10-05T09:30Z', 'SOC-1'), fact: 'attached' } as Fact] }),
    ]);
    expect(figures).toMatchObject({ alerts: 2, issues: 1, openAtEnd: 1, states: { raised: 1, attached: 1 } });
    expect(figures.alertToIssue.n).toBe(2);
  });

  it('tell the backlog by age at the end, and day by day', async () => {
    const open = (id: string, at: string, ...facts: Fact[]) =>
      alertFacts({ id, createdAt: at, facts: [raised(at, `SOC-${id}`), ...facts] });
    const { backlog, figures, days } = await october([
      open('1', '2026-09-01T00:00Z'),
      open('2', '2026-10-01T00:00Z'),
      open('3', '2026-10-25T00:00Z'),
      open('4', '2026-10-29T00:00Z'),
      open('5', '2026-10-31T00:00Z'),
      open('6', '2026-10-31T00:00:01Z'),
      open('7', '2026-09-10T00:00Z', done('2026-10-03T12:00Z')),
    ]);
    expect(backlog.buckets.map(({ issues }) => issues)).toEqual([1, 1, 1, 1, 2]);
    expect(backlog.oldest.rows[0]).toMatchObject({ issue: 'SOC-1', ageMs: 61 * DAY_MS });
    expect(figures).toMatchObject({ openAtStart: 2, openAtEnd: 6 });
    expect(days.map(({ open: n }) => n).filter((_, i) => [0, 1, 2, 24, 30].includes(i))).toEqual([3, 3, 2, 3, 6]);
  });

  it('tell held alerts by cause, and which still wait', async () => {
    const held = (at: string, reason: 'refused' | 'storm') =>
      fact(at, { fact: 'held', reason, why: `because ${reason}` });
    const model = await october([
      alertFacts({ id: 'a', facts: [held('2026-10-05T09:00Z', 'refused')] }),
      alertFacts({ id: 'b', facts: [held('2026-10-05T09:00Z', 'storm'), raised('2026-10-05T10:00Z', 'SOC-1')] }),
      alertFacts({ id: 'c', createdAt: '2026-09-05T09:00Z', facts: [held('2026-09-05T09:00Z', 'storm')] }),
    ]);
    expect(model.held.byReason).toEqual([
      { reason: 'refused', held: 1, still: 1 },
      { reason: 'storm', held: 1, still: 1 },
    ]);
    expect(model.held.still.rows.map(({ key }) => key)).toEqual(['contoso/c', 'contoso/a']);
    expect(model.figures).toMatchObject({ heldAtEnd: 2, states: { held: 1, raised: 1 } });
  });

  it('count a decision in the period in which it was made, whenever its alert was raised', async () => {
    const late = alertFacts({
      id: 'late',
      createdAt: '2026-09-30T23:58Z',
      facts: [fact('2026-10-01T00:01Z', { fact: 'suppressed', why: 'lab', rule: 'Lab' })],
    });
    const heldLate = alertFacts({
      id: 'held',
      createdAt: '2026-09-30T23:59Z',
      facts: [fact('2026-10-01T00:02Z', { fact: 'held', reason: 'refused', why: 'no' })],
    });
    const month = await october([late, heldLate]);
    expect(month.figures).toMatchObject({
      alerts: 0,
      decisions: { raised: 0, attached: 0, suppressed: 1, held: 1, dropped: 0 },
      heldAtEnd: 1,
    });
    expect(month.suppressed.rows).toEqual([{ rule: 'Lab', alerts: 1 }]);
    expect(month.held.byReason).toEqual([{ reason: 'refused', held: 1, still: 1 }]);
    const before = await summarise(new FactsInMemory([late, heldLate]), ask('monthly', '2026-09'));
    expect(before.figures).toMatchObject({ alerts: 2, states: { underWay: 2 }, decisions: { suppressed: 0, held: 0 } });
  });

  it('tell what was suppressed, by rule, and what was closed before it was seen', async () => {
    const by = (rule?: string) =>
      fact('2026-10-05T09:00Z', { fact: 'suppressed', why: 'x', ...(rule ? { rule } : {}) });
    const model = await october(
      ['Lab', 'Lab', 'Scanner', undefined].map((rule, i) => alertFacts({ id: String(i), facts: [by(rule)] })),
    );
    expect(model.suppressed.rows).toEqual([{ rule: 'Lab', alerts: 2 }, { alerts: 1 }, { rule: 'Scanner', alerts: 1 }]);
  });

  it('propose to tune a detection beyond 80 % of 20', async () => {
    const mix = (wrong: number, right: number): Verdict[] => [
      ...Array.from({ length: wrong }, () => 'false_positive' as const),
      ...Array.from({ length: right }, () => 'benign' as const),
      'unspecified',
    ];
    const model = await october([
      ...judged('noisy', mix(17, 3)),
      ...judged('at the limit', mix(16, 4)),
      ...judged('too few', mix(19, 0)),
    ]);
    expect(model.tuning.rows).toEqual([{ type: 'noisy', falsePositives: { count: 17, of: 20 } }]);
    expect(model.detections.rows[0]).toEqual({
      type: 'at the limit',
      alerts: 21,
      falsePositives: { count: 16, of: 20 },
    });
  });

  it('tell users once a spelling, addresses by their newest answer, and what was not looked up', async () => {
    const private_ = { checked: false, address: '10.0.0.1', why: 'it is private', never: true } as const;
    const spent = { checked: false, address: '203.0.113.9', why: 'the budget is spent', later: true } as const;
    const model = await october([
      alertFacts({ id: 'a', users: ['Ada@contoso.com'], findings: [checkedAddress('203.0.113.7', 80), private_] }),
      alertFacts({ id: 'b', users: ['ada@contoso.com', 'ADA@contoso.com'], findings: [spent] }),
      alertFacts({
        id: 'c',
        users: ['grace@contoso.com'],
        findings: [checkedAddress('203.0.113.9', 0, { tor: true })],
      }),
    ]);
    expect(model.users.rows.map(({ name, alerts }) => [name, alerts])).toEqual([
      ['Ada@contoso.com', 2],
      ['grace@contoso.com', 1],
    ]);
    expect(
      model.addresses.rows.map(({ address, alerts, band, tor, why }) => [address, alerts, band, tor, why]),
    ).toEqual([
      ['203.0.113.9', 2, 'none', true, undefined],
      ['10.0.0.1', 1, undefined, undefined, 'it is private'],
      ['203.0.113.7', 1, 'strong', false, undefined],
    ]);
    expect(model.enrichment).toEqual({
      checked: { count: 2, of: 3 },
      never: 1,
      notMade: {
        rows: [
          { why: 'it is private', count: 1, never: true },
          { why: 'the budget is spent', count: 1, never: false },
        ],
        total: 2,
      },
    });
    expect(model.countries.rows).toEqual([{ country: 'NL', alerts: 2, addresses: 2 }]);
  });

  it('tell which incidents a reader should know, weightiest first, each with its timeline', async () => {
    const issue = (id: string, severity: 'high' | 'medium', ...facts: Fact[]) =>
      alertFacts({ id, severity, facts: [raised('2026-10-05T09:00Z', `SOC-${id}`), ...facts] });
    const { notable, slaLists } = await october([
      issue(
        '1',
        'medium',
        touched('2026-10-05T09:10Z'),
        done('2026-10-07T09:00Z'),
        closed('2026-10-07T09:00Z', 'benign'),
      ),
      issue('2', 'medium', touched('2026-10-05T14:00Z'), done('2026-10-05T15:00Z')),
      issue(
        '3',
        'high',
        touched('2026-10-05T09:10Z'),
        done('2026-10-05T10:00Z'),
        closed('2026-10-05T10:01Z', 'true_positive'),
      ),
      issue(
        '4',
        'high',
        touched('2026-10-05T09:10Z'),
        done('2026-10-05T10:00Z'),
        closed('2026-10-05T10:01Z', 'benign'),
      ),
    ]);
    expect(notable.rows.map(({ issue: key, because }) => [key, because])).toEqual([
      ['SOC-3', ['high-true-positive']],
      ['SOC-2', ['sla-breached']],
      ['SOC-1', ['longest']],
    ]);
    expect(notable.rows[0]?.timeline.map(({ step }) => step)).toEqual([
      'alert',
      'seen',
      'issue',
      'acknowledged',
      'resolved',
      'closed',
    ]);
    expect(slaLists.breached.rows).toMatchObject([{ issue: 'SOC-2', target: 'acknowledge' }]);
  });
});

describe('a report', () => {
  const alerts = lifelikeAlerts({ from: '2026-09-20T00:00Z', to: '2026-11-04T00:00Z', perDay: 12 });
  const hours = hourlyReadings({ from: '2026-09-20T00:00Z', to: '2026-11-04T00:00Z' });
  const facts = new FactsInMemory(alerts, { hours });

  it('adds up: what its days say of themselves is what the week and the month say', async () => {
    for (const whole of [
      await summarise(facts, ask('monthly', '2026-10')),
      await summarise(facts, ask('weekly', '2026-W41')),
    ]) {
      const parts: Figures[] = [];
      for (const { day } of daysOf(whole.period)) parts.push((await summarise(facts, ask('daily', day))).figures);
      const { figures } = whole;
      const events = ({ states: _, ...one }: Figures): Record<string, number> => ({
        alerts: one.alerts,
        ...prefixed('severity', one.bySeverity),
        ...prefixed('decided', one.decisions),
        issues: one.issues,
        acknowledged: one.acknowledged,
        resolved: one.resolved,
        reopenings: one.reopenings,
        truePositive: one.outcomes.truePositive,
        benign: one.outcomes.benign,
        falsePositive: one.outcomes.falsePositive,
        undetermined: one.outcomes.undetermined,
        acknowledgeMissed: one.acknowledgeSla.breached.count,
        acknowledgeDecided: one.acknowledgeSla.breached.of,
        resolveMissed: one.resolveSla.breached.count,
        resolveDecided: one.resolveSla.breached.of,
        detection: one.detection.n,
        alertToIssue: one.alertToIssue.n,
        acknowledge: one.acknowledge.n,
        resolve: one.resolve.n,
      });
      const sums = parts.map(events).reduce((total, one) => {
        for (const [name, n] of Object.entries(one)) total[name] = (total[name] ?? 0) + n;
        return total;
      }, {});
      expect(sums).toEqual(events(figures));
      expect(parts.at(-1)?.openAtEnd).toBe(figures.openAtEnd);
      expect(parts.at(-1)?.heldAtEnd).toBe(figures.heldAtEnd);
      expect(parts[0]?.openAtStart).toBe(figures.openAtStart);
      expect(whole.days.map(({ open }) => open)).toEqual(parts.map(({ openAtEnd }) => openAtEnd));
      expect(Object.values(figures.states).reduce((total, n) => total + n, 0)).toBe(figures.alerts);
      expect(figures.reopened.count).toBeLessThanOrEqual(figures.reopened.of);
      expect(figures.reopened.of).toBe(figures.resolved);
      expect(figures.resolve.n).toBe(figures.resolved);
    }
  });

  it('says the same of an ended period whatever comes later', async () => {
    const later = alerts.map((alert) => ({
      ...alert,
      facts: [...alert.facts, fact('2026-12-01T00:00Z', { fact: 'reopened' })],
    }));
    const asOf = Date.parse('2026-11-02T00:00Z');
    const before = await summarise(facts, ask('monthly', '2026-10', { asOf }));
    const after = await summarise(new FactsInMemory(later, { hours }), ask('monthly', '2026-10', { asOf }));
    expect(JSON.stringify(after)).toBe(JSON.stringify(before));
  });

  it('is told so far while its period goes on', async () => {
    const asOf = Date.parse('2026-10-15T12:00Z');
    const model = await summarise(facts, ask('monthly', '2026-10', { asOf }));
    expect(model.soFar).toBe(true);
    expect(model.completeness.state).toBe('whole');
    expect(model.days.filter(({ open }) => open !== undefined)).toHaveLength(14);
    expect(model.completeness.days.filter(({ reading }) => reading === 'ahead')).toHaveLength(16);
  });

  it('of a month compares with the one before and the thirteen that are known', async () => {
    const model = await summarise(facts, ask('monthly', '2026-10'));
    expect(model.previous.map(({ period }) => period.name)).toEqual(['2026-09']);
    expect(model.yearAgo).toBeUndefined();
    expect(model.trend.map(({ period }) => period.name)).toEqual(['2026-09', '2026-10']);
    expect(Object.values(model.trend[1]?.volumes ?? {}).reduce((total, n) => total + n, 0)).toBe(model.figures.alerts);
  });

  it('of a week names who comes again in three of five', async () => {
    const on = (day: string, user: string) =>
      alertFacts({ id: `${day}-${user}`, createdAt: `${day}T09:00Z`, users: [`${user}@contoso.com`] });
    const weekly = new FactsInMemory([
      ...['2026-10-05', '2026-10-12', '2026-10-26'].map((day) => on(day, 'ada')),
      ...['2026-10-05', '2026-10-12', '2026-10-19'].map((day) => on(day, 'grace')),
      ...['2026-10-20', '2026-10-26', '2026-10-27'].map((day) => on(day, 'alan')),
    ]);
    const { repeats, previous } = await summarise(weekly, ask('weekly', '2026-W44'));
    expect(repeats.rows).toEqual([{ kind: 'user', name: 'ada@contoso.com', weeks: 3, alerts: [0, 1, 1, 0, 1] }]);
    expect(previous.map(({ period }) => period.name)).toEqual(['2026-W41', '2026-W42', '2026-W43']);
  });

  it('says where each number comes from', async () => {
    const { traces } = await summarise(facts, ask('monthly', '2026-10', { jql: 'labels = contoso' }));
    expect(traces.issues.jql).toBe(
      'labels = casewire AND project in ("SOC") AND labels = contoso AND created >= "2026-10-01 00:00" AND created < "2026-11-01 00:00"',
    );
    expect(Object.values(traces).filter(({ jql, ledger }) => !jql && !ledger)).toEqual([]);
    expect(traces.overdue.jql).toMatch(/^key in \(SOC-\d+/);
  });
});
