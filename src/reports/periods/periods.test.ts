import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../domain/time.ts';
import { isoWeekOf, mondayOf, weekdayOf } from './civil.ts';
import type { PeriodKind } from './period.ts';
import { before, daysOf, lastEnded, periodAt, periodNamed, periodsBefore, yearBefore } from './periods.ts';
import { instantOf, wallClock } from './zone.ts';

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'America/Sao_Paulo',
  'Asia/Beirut',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Kiritimati',
];
const KINDS: readonly PeriodKind[] = ['daily', 'weekly', 'monthly'];

const utc = (text: string) => Date.parse(text);
const iso = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString());
const named = (kind: PeriodKind, zone: string, name: string) => {
  const period = periodNamed(kind, zone, name);
  if (!period) throw new Error(`${name} is no ${kind} period`);
  return period;
};

describe('a day in a zone', () => {
  it.each([
    ['Europe/Berlin', '2026-03-29', 23],
    ['Europe/Berlin', '2026-10-25', 25],
    ['Europe/Berlin', '2026-10-26', 24],
    ['America/New_York', '2026-03-08', 23],
    ['America/New_York', '2026-11-01', 25],
    ['Australia/Lord_Howe', '2026-04-05', 24.5],
    ['Australia/Lord_Howe', '2026-10-04', 23.5],
    ['Asia/Kathmandu', '2026-10-25', 24],
    // At midnight of 4 November 2018 the clocks of São Paulo went on to one o'clock.
    ['America/Sao_Paulo', '2018-11-04', 23],
    ['America/Sao_Paulo', '2018-02-17', 25],
    // At one minute past midnight the clocks of St. John's went back to 23:01 of the day before.
    ['America/St_Johns', '2010-11-07', 25],
  ])('in %s on %s is %d hours long', (zone, name, hours) => {
    const { from, to } = named('daily', zone, name);
    expect((to - from) / HOUR_MS).toBe(hours);
  });

  it('begins at midnight on the wall, or where that is skipped at the end of the gap', () => {
    expect(iso(named('daily', 'Europe/Berlin', '2026-10-31').from)).toBe('2026-10-30T23:00:00.000Z');
    expect(iso(named('daily', 'Asia/Kathmandu', '2026-10-31').from)).toBe('2026-10-30T18:15:00.000Z');
    expect(iso(named('daily', 'America/Sao_Paulo', '2018-11-04').from)).toBe('2018-11-04T03:00:00.000Z');
  });

  it('is not told where the zone skipped it', () => {
    const december = named('monthly', 'Pacific/Apia', '2011-12');
    expect(daysOf(december).map(({ day }) => day)).not.toContain('2011-12-30');
    expect(daysOf(december)).toHaveLength(30);
    expect(before(named('daily', 'Pacific/Apia', '2011-12-31'), 1).name).toBe('2011-12-29');
  });
});

describe('a week', () => {
  it.each([
    ['2026-W01', '2025-12-29'],
    ['2026-W53', '2026-12-28'],
    ['2027-W01', '2027-01-04'],
    ['2020-W53', '2020-12-28'],
    ['2025-W01', '2024-12-30'],
  ])('%s begins on Monday, %s', (name, monday) => {
    const week = named('weekly', 'Europe/Berlin', name);
    expect(daysOf(week)[0]?.day).toBe(monday);
    expect(daysOf(week)).toHaveLength(7);
    expect(week.name).toBe(name);
  });

  it('is followed by the first of the next year', () => {
    const first = named('weekly', 'Europe/Berlin', '2027-W01');
    expect(periodsBefore(first, 3).map(({ name }) => name)).toEqual(['2026-W51', '2026-W52', '2026-W53']);
  });

  it('with a change of the clocks is an hour longer or shorter', () => {
    const { from, to } = named('weekly', 'Europe/Berlin', '2026-W43');
    expect(to - from).toBe(7 * DAY_MS + HOUR_MS);
  });

  it('is the same for every day of it', () => {
    fc.assert(
      fc.property(fc.integer({ min: -3_000, max: 60_000 }), (day) => {
        const { year, week } = isoWeekOf(day);
        expect(mondayOf(year, week)).toBe(day - weekdayOf(day) + 1);
      }),
    );
  });
});

describe('what a person names', () => {
  it.each([
    ['daily', '2026-10-31', '2026-10-31'],
    ['weekly', '2026-10-31', '2026-W44'],
    ['weekly', '2026-W44', '2026-W44'],
    ['monthly', '2026-10-31', '2026-10'],
    ['monthly', '2026-10', '2026-10'],
  ] as const)('%s %s is %s', (kind, word, name) => {
    expect(periodNamed(kind, 'Europe/Berlin', word)?.name).toBe(name);
  });

  it.each([
    ['daily', '2026-10'],
    ['daily', '2026-W44'],
    ['weekly', '2026-10'],
    ['weekly', '2025-W53'],
    ['weekly', '2026-W00'],
    ['weekly', '2026-W44-01'],
    ['monthly', '2026-W44'],
    ['monthly', '2026-13'],
    ['daily', '2026-02-29'],
    ['daily', '2026-00-10'],
    ['daily', 'yesterday'],
    ['daily', '2026-10-31T00:00'],
  ] as const)('%s %s is nothing', (kind, word) => {
    expect(periodNamed(kind, 'Europe/Berlin', word)).toBeUndefined();
  });
});

describe('a period', () => {
  it('that ended last is the one before that of now', () => {
    const now = utc('2026-11-01T00:30:00+01:00');
    expect(lastEnded('monthly', 'Europe/Berlin', now).name).toBe('2026-10');
    expect(lastEnded('monthly', 'America/New_York', now).name).toBe('2026-09');
    expect(lastEnded('daily', 'Europe/Berlin', now).name).toBe('2026-10-31');
    expect(lastEnded('weekly', 'Europe/Berlin', now).name).toBe('2026-W43');
  });

  it.each([
    ['monthly', '2026-10', '2025-10'],
    ['weekly', '2026-W44', '2025-W44'],
    ['weekly', '2026-W53', '2025-W52'],
    ['daily', '2028-02-29', '2027-02-28'],
  ] as const)('a year before %s %s is %s', (kind, name, other) => {
    expect(yearBefore(named(kind, 'Europe/Berlin', name)).name).toBe(other);
  });

  const anywhere = fc.record({
    kind: fc.constantFrom(...KINDS),
    zone: fc.constantFrom(...ZONES),
    at: fc.integer({ min: utc('2005-01-01T00:00:00Z'), max: utc('2037-12-31T00:00:00Z') }),
  });

  it('holds the instant that it was asked for, is found by its name, and joins the one before', () => {
    fc.assert(
      fc.property(anywhere, ({ kind, zone, at }) => {
        const period = periodAt(kind, zone, at);
        expect(period.from).toBeLessThanOrEqual(at);
        expect(period.to).toBeGreaterThan(at);
        expect(periodNamed(kind, zone, period.name)).toEqual(period);
        expect(before(period, 1).to).toBe(period.from);
        expect(periodAt(kind, zone, period.from)).toEqual(period);
        expect(periodAt(kind, zone, period.to - 1)).toEqual(period);
      }),
      { numRuns: 300 },
    );
  });

  it('is its days, one after the other', () => {
    fc.assert(
      fc.property(anywhere, ({ kind, zone, at }) => {
        const period = periodAt(kind, zone, at);
        const days = daysOf(period);
        expect(days[0]?.from).toBe(period.from);
        expect(days.at(-1)?.to).toBe(period.to);
        for (const [i, day] of days.entries()) expect(day.from).toBe(i === 0 ? period.from : days[i - 1]?.to);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a time of day', () => {
  it('is the first instant at which the clock on the wall has come so far', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.integer({ min: 13_000, max: 24_000 }),
        fc.integer({ min: 0, max: 1_440 }),
        (zone, day, minute) => {
          const wall = day * DAY_MS + minute * 60_000;
          const at = instantOf(zone, day, minute);
          expect(wallClock(zone, at)).toBeGreaterThanOrEqual(wall);
          expect(wallClock(zone, at - 1)).toBeLessThan(wall);
        },
      ),
      { numRuns: 500 },
    );
  });
});
