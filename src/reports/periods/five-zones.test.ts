import { describe, expect, it } from 'vitest';
import type { BusinessHours } from '../../domain/sla.ts';
import { HOUR_MS } from '../../domain/time.ts';
import type { PeriodKind } from './period.ts';
import { daysOf, periodNamed } from './periods.ts';
import { slaClock } from './sla-clock.ts';

/**
 * Five zones: one that changes by an hour in each hemisphere's half of the year, one of a quarter of an hour, one that
 * changes by half an hour, and one that lost a whole day (IANA tz database 2025b). Each figure is reckoned by hand.
 */
const OFFICE: BusinessHours = { days: [1, 2, 3, 4, 5], fromMinute: 9 * 60, toMinute: 17 * 60 };
const DAILY = [1, 2, 3, 4, 5, 6, 7] as const;
const MORNING: BusinessHours = { days: DAILY, fromMinute: 0, toMinute: 6 * 60 };
const NIGHT: BusinessHours = { days: DAILY, fromMinute: 22 * 60, toMinute: 6 * 60 };
const ALL_DAY: BusinessHours = { days: DAILY, fromMinute: 0, toMinute: 24 * 60 };
const utc = (text: string) => Date.parse(text);

function period(kind: PeriodKind, zone: string, name: string) {
  const found = periodNamed(kind, zone, name);
  if (!found) throw new Error(`${zone} has no ${name}`);
  return found;
}

describe('a period over a change of the clocks', () => {
  it.each([
    ['Europe/Berlin', 'weekly', '2026-W13', 167],
    ['Europe/Berlin', 'weekly', '2026-W43', 169],
    ['Europe/Berlin', 'monthly', '2026-03', 743],
    ['Europe/Berlin', 'monthly', '2026-10', 745],
    ['America/New_York', 'daily', '2026-03-08', 23],
    ['America/New_York', 'daily', '2026-11-01', 25],
    ['America/New_York', 'weekly', '2026-W10', 167],
    ['America/New_York', 'weekly', '2026-W44', 169],
    ['America/New_York', 'monthly', '2026-03', 743],
    ['America/New_York', 'monthly', '2026-11', 721],
    ['Australia/Lord_Howe', 'daily', '2026-04-05', 24.5],
    ['Australia/Lord_Howe', 'daily', '2026-10-04', 23.5],
    ['Australia/Lord_Howe', 'weekly', '2026-W14', 168.5],
    ['Australia/Lord_Howe', 'weekly', '2026-W40', 167.5],
    ['Australia/Lord_Howe', 'monthly', '2026-04', 720.5],
    ['Australia/Lord_Howe', 'monthly', '2026-10', 743.5],
    ['Asia/Kathmandu', 'weekly', '2026-W13', 168],
    ['Asia/Kathmandu', 'monthly', '2026-10', 744],
    ['Pacific/Apia', 'weekly', '2026-W13', 168],
    ['Pacific/Apia', 'weekly', '2011-W52', 144],
    ['Pacific/Apia', 'monthly', '2011-12', 720],
  ] as const)('has the hours that there were: %s, %s %s has %d', (zone, kind, name, hours) => {
    const { from, to } = period(kind, zone, name);
    expect((to - from) / HOUR_MS).toBe(hours);
    const days = daysOf(period(kind, zone, name));
    expect(days.reduce((sum, day) => sum + day.to - day.from, 0)).toBe(to - from);
    expect(days.every((day, i) => day.from === (days[i - 1]?.to ?? from))).toBe(true);
  });
});

describe('business hours over a change of the clocks', () => {
  it.each([
    ['Europe/Berlin', '2026-03-29', 23, 5, 7],
    ['Europe/Berlin', '2026-10-25', 25, 7, 9],
    ['America/New_York', '2026-03-08', 23, 5, 7],
    ['America/New_York', '2026-11-01', 25, 7, 9],
    ['Australia/Lord_Howe', '2026-04-05', 24.5, 6.5, 8.5],
    ['Australia/Lord_Howe', '2026-10-04', 23.5, 5.5, 7.5],
    ['Asia/Kathmandu', '2026-03-29', 24, 6, 8],
    ['Pacific/Apia', '2026-04-05', 24, 6, 8],
  ])(
    'count what there was: %s on %s, all day %d h, until six %d h, from ten at night %d h',
    (zone, day, whole, morning, night) => {
      const { from, to } = period('daily', zone, day);
      expect(slaClock(zone, ALL_DAY).elapsed(from, to) / HOUR_MS).toBe(whole);
      expect(slaClock(zone, MORNING).elapsed(from, to) / HOUR_MS).toBe(morning);
      // The night before ends at six of this day.
      expect(slaClock(zone, NIGHT).elapsed(from - 4 * HOUR_MS, to - 3 * HOUR_MS) / HOUR_MS).toBe(night);
    },
  );

  it.each([
    // From a time that is skipped they begin at the end of the gap, from one that comes twice at the first.
    ['Europe/Berlin', '2026-03-29', 150, 3],
    ['Europe/Berlin', '2026-10-25', 150, 4.5],
    ['America/New_York', '2026-03-08', 150, 3],
    ['America/New_York', '2026-11-01', 90, 5.5],
    ['Australia/Lord_Howe', '2026-10-04', 135, 3.5],
    ['Australia/Lord_Howe', '2026-04-05', 105, 4.75],
  ])('that begin within the change: %s on %s from minute %d', (zone, day, fromMinute, hours) => {
    const { from, to } = period('daily', zone, day);
    const clock = slaClock(zone, { days: DAILY, fromMinute, toMinute: 6 * 60 });
    expect(clock.elapsed(from, to) / HOUR_MS).toBe(hours);
  });

  it.each([
    // Two hours from Friday at four: Monday at ten, by the clock on the wall.
    ['Europe/Berlin', '2026-03-27T15:00Z', '2026-03-30T08:00Z'],
    ['Europe/Berlin', '2026-10-23T14:00Z', '2026-10-26T09:00Z'],
    ['America/New_York', '2026-03-06T21:00Z', '2026-03-09T14:00Z'],
    ['America/New_York', '2026-10-30T20:00Z', '2026-11-02T15:00Z'],
    ['Asia/Kathmandu', '2026-03-27T10:15Z', '2026-03-30T04:15Z'],
    ['Australia/Lord_Howe', '2026-04-03T05:00Z', '2026-04-05T23:30Z'],
    ['Australia/Lord_Howe', '2026-10-02T05:30Z', '2026-10-04T23:00Z'],
    ['Pacific/Apia', '2026-03-27T03:00Z', '2026-03-29T21:00Z'],
    // Thursday, 29 December 2011, at four; there was no Friday.
    ['Pacific/Apia', '2011-12-30T02:00Z', '2012-01-01T20:00Z'],
  ])('are due by the clock on the wall: %s, from %s', (zone, from, due) => {
    const clock = slaClock(zone, OFFICE);
    expect(new Date(clock.due(utc(from), 2 * HOUR_MS)).toISOString()).toBe(new Date(utc(due)).toISOString());
    expect(clock.elapsed(utc(from), utc(due))).toBe(2 * HOUR_MS);
  });
});
