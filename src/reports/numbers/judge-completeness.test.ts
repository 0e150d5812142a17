import { describe, expect, it } from 'vitest';
import { hourlyReadings, recountAt } from '../../../test/report-facts.ts';
import type { TenantId } from '../../domain/alert.ts';
import type { AuditReport, Difference } from '../../domain/audit.ts';
import type { ReadingGap, ReadingHour } from '../../domain/facts.ts';
import { HOUR_MS } from '../../domain/time.ts';
import { daysOf, periodNamed } from '../periods/periods.ts';
import { judgeCompleteness } from './judge-completeness.ts';
import { scopeOf } from './scope.ts';

const WEEK = { from: '2026-10-26T00:00Z', to: '2026-11-02T00:00Z' };
const gap = (from: string, to?: string): ReadingGap => ({
  tenant: 'contoso' as TenantId,
  from: Date.parse(from),
  ...(to ? { to: Date.parse(to) } : {}),
  why: 'the source answered 503',
});
const lost: Difference = { kind: 'missing', count: 2, examples: ['contoso/a1'] };

function judge(
  hours: readonly ReadingHour[],
  more: { gaps?: ReadingGap[]; recounts?: AuditReport[]; asOf?: string } = {},
) {
  const period = periodNamed('weekly', 'UTC', '2026-W44');
  if (!period) throw new Error('no such week');
  const scope = scopeOf(period, Date.parse(more.asOf ?? '2026-11-30T00:00Z'), { targets: {} });
  const days = daysOf(period).map((span) => ({ span, alerts: 1, withIssue: 1 }));
  return judgeCompleteness({ hours, gaps: more.gaps ?? [], recounts: more.recounts ?? [] }, scope, days, 20);
}

const failing = (on: string) =>
  hourlyReadings({ ...WEEK, fails: (hour) => (isOn(hour, on) ? 'the source answered 503' : undefined) });
const isOn = (hour: number, day: string) => new Date(hour).toISOString().startsWith(day);

describe('how complete a report is', () => {
  it('is whole where the tenant was read on every day and no recount says otherwise', () => {
    const told = judge(hourlyReadings(WEEK), { recounts: [recountAt('2026-11-02T03:00Z')] });
    expect(told.state).toBe('whole');
    expect(told.readings).toEqual({ done: 7 * 24 * 12, failed: 0 });
    expect(told.recounted).toEqual({ count: 6, of: 7 });
  });

  it('tells a day without alerts from one on which nobody could look, and from one on which nobody looked', () => {
    const hours = failing('2026-10-28').filter(({ hour }) => !isOn(hour, '2026-10-30'));
    const told = judge(hours);
    expect(told.days.map(({ reading }) => reading)).toEqual([
      'looked',
      'looked',
      'could-not-look',
      'looked',
      'not-read',
      'looked',
      'looked',
    ]);
    expect(told.state).toBe('partly');
    expect(told.failures).toEqual(['the source answered 503']);
  });

  it.each([
    ['not-read', []],
    ['could-not-look', hourlyReadings({ ...WEEK, fails: () => 'refused' })],
  ] as const)('is %s where that is so all through', (state, hours) => {
    expect(judge(hours).state).toBe(state);
  });

  it('cuts gaps to the period, and tells the longest', () => {
    const gaps = [gap('2026-10-25T20:00Z', '2026-10-26T02:00Z'), gap('2026-11-01T21:00Z')];
    const told = judge(hourlyReadings(WEEK), { gaps });
    expect(told.longestGapMs).toBe(3 * HOUR_MS);
    expect(told.gaps.rows.map(({ open, from, to }) => [open, (to - from) / HOUR_MS])).toEqual([
      [true, 3],
      [false, 2],
    ]);
    expect(told.days.map(({ reading }) => reading === 'partly')).toEqual([
      true,
      false,
      false,
      false,
      false,
      false,
      true,
    ]);
  });

  it('takes of each day the newest recount that came to its end', () => {
    const differs = recountAt('2026-10-28T03:00Z', { differences: [lost] });
    const agrees = recountAt('2026-10-29T03:00Z');
    const failed = recountAt('2026-10-30T03:00Z', { failures: ['the source answered 503'] });
    expect(judge(hourlyReadings(WEEK), { recounts: [differs] })).toMatchObject({
      state: 'differs',
      differences: [lost],
    });
    const mended = judge(hourlyReadings(WEEK), { recounts: [differs, agrees, failed] });
    expect(mended).toMatchObject({ state: 'whole', differences: [] });
    expect(mended.days.map(({ recount }) => recount).slice(0, 5)).toEqual([
      'agrees',
      'agrees',
      'agrees',
      'failed',
      'none',
    ]);
  });

  it('lists the newest recounts first, also where it lists not all', () => {
    const recounts = Array.from({ length: 25 }, (_, day) =>
      recountAt(`2026-11-${String(day + 1).padStart(2, '0')}T03:00Z`),
    );
    const { rows, total } = judge(hourlyReadings(WEEK), { recounts }).recounts;
    expect([rows[0]?.at, rows.length, total]).toEqual([Date.parse('2026-11-25T03:00Z'), 20, 25]);
  });

  it('counts only hours that had ended, so that it says the same later', () => {
    const asOf = '2026-10-26T01:30Z';
    expect(judge(hourlyReadings(WEEK), { asOf }).readings.done).toBe(12);
    expect(judge(hourlyReadings(WEEK), { asOf: '2026-10-26T00:30Z' }).days[0]?.reading).toBe('ahead');
  });
});
