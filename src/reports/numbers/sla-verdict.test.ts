import { describe, expect, it } from 'vitest';
import { alertFacts, fact, raised } from '../../../test/report-facts.ts';
import type { Fact } from '../../domain/facts.ts';
import { HOUR_MS } from '../../domain/time.ts';
import type { Period } from '../periods/period.ts';
import { periodNamed } from '../periods/periods.ts';
import { scopeOf } from './scope.ts';
import { slaVerdicts } from './sla-verdict.ts';
import { storyOf } from './story.ts';

const SLA = { targets: { high: { acknowledgeMs: HOUR_MS, resolveMs: 8 * HOUR_MS } } };

function judged(day: string, facts: readonly Fact[], asOf = '2026-12-01T00:00Z') {
  const period = periodNamed('daily', 'UTC', day);
  if (!period) throw new Error(day);
  return judgedIn(period, facts, asOf);
}

function judgedIn(period: Period, facts: readonly Fact[], asOf = '2026-12-01T00:00Z') {
  const scope = scopeOf(period, Date.parse(asOf), SLA);
  return slaVerdicts(storyOf(alertFacts({ severity: 'high', facts }), scope), scope).map(
    ({ target, decided, standing }) => [target, decided, standing] as const,
  );
}

const made = raised('2026-10-05T20:00Z', 'SOC-1');
const touched = (at: string) => fact(at, { fact: 'acknowledged', by: 'assignee' });
const done = (at: string) => fact(at, { fact: 'resolved' });
const gone = (at: string) => fact(at, { fact: 'issue-gone' });
const again = (at: string) => fact(at, { fact: 'reopened' });

describe('a target of an issue', () => {
  it('is met on the day on which it was done in time', () => {
    const facts = [made, touched('2026-10-05T21:00Z'), done('2026-10-06T04:00Z')];
    expect(judged('2026-10-05', facts)).toEqual([
      ['acknowledge', 'met', undefined],
      ['resolve', undefined, 'due-soon'],
    ]);
    expect(judged('2026-10-06', facts)).toEqual([
      ['acknowledge', undefined, undefined],
      ['resolve', 'met', undefined],
    ]);
  });

  it('is missed on the day on which its time was up, and overdue until it is done', () => {
    const facts = [made, touched('2026-10-05T21:01Z'), done('2026-10-07T08:00Z')];
    expect(judged('2026-10-05', facts)[0]).toEqual(['acknowledge', 'missed', undefined]);
    expect(judged('2026-10-06', facts)[1]).toEqual(['resolve', 'missed', 'overdue']);
    expect(judged('2026-10-07', facts)[1]).toEqual(['resolve', undefined, undefined]);
  });

  it('that was met stays met, whenever the issue is reopened', () => {
    const facts = [made, done('2026-10-05T22:00Z'), again('2026-10-08T09:00Z'), done('2026-10-09T09:00Z')];
    expect(judged('2026-10-05', facts)[1]).toEqual(['resolve', 'met', undefined]);
    for (const day of ['2026-10-06', '2026-10-08', '2026-10-09'])
      expect(judged(day, facts)[1]).toEqual(['resolve', undefined, undefined]);
  });

  it('that was missed is missed once, whenever the issue is done, reopened and done again', () => {
    const facts = [made, done('2026-10-07T08:00Z'), again('2026-10-08T09:00Z'), done('2026-10-09T09:00Z')];
    expect(judged('2026-10-06', facts)[1]).toEqual(['resolve', 'missed', 'overdue']);
    expect(judged('2026-10-07', facts)[1]).toEqual(['resolve', undefined, undefined]);
    expect(judged('2026-10-08', facts)[1]).toEqual(['resolve', undefined, 'overdue']);
    expect(judged('2026-10-09', facts)[1]).toEqual(['resolve', undefined, undefined]);
  });

  it('is decided at the earlier of being met and of its time being up, reopened in between or not', () => {
    const facts = [made, done('2026-10-05T22:00Z'), again('2026-10-05T23:00Z')];
    expect(judged('2026-10-05', facts)[1]).toEqual(['resolve', 'met', undefined]);
    expect(judged('2026-10-06', facts)[1]).toEqual(['resolve', undefined, undefined]);
  });

  it('stays as it was decided when the issue is deleted, and is not decided when it was deleted before', () => {
    const late = [made, gone('2026-10-07T08:00Z')];
    expect(judged('2026-10-06', late)[1]).toEqual(['resolve', 'missed', 'overdue']);
    expect(judged('2026-10-07', late)).toEqual([
      ['acknowledge', undefined, undefined],
      ['resolve', undefined, undefined],
    ]);
    // The same days once all is known.
    expect(judged('2026-10-05', late)[0]).toEqual(['acknowledge', 'missed', 'overdue']);
    const early = [made, gone('2026-10-05T20:30Z')];
    for (const day of ['2026-10-05', '2026-10-06'])
      expect(judged(day, early).map(([, decided, standing]) => [decided, standing])).toEqual([
        [undefined, undefined],
        [undefined, undefined],
      ]);
    const week = periodNamed('weekly', 'UTC', '2026-W41');
    if (!week) throw new Error('no such week');
    expect(judgedIn(week, late).map(([, decided]) => decided)).toEqual(['missed', 'missed']);
  });

  it('is not missed before its time is up where the period has not ended', () => {
    expect(judged('2026-10-05', [made], '2026-10-05T20:59Z')[0]).toEqual(['acknowledge', undefined, 'due-soon']);
    expect(judged('2026-10-05', [made], '2026-10-05T21:01Z')[0]).toEqual(['acknowledge', 'missed', 'overdue']);
  });

  it('there is none of an alert that was added to the issue of another', () => {
    expect(judged('2026-10-05', [{ ...made, fact: 'attached' } as Fact])).toEqual([]);
  });
});
