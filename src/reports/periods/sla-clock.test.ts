import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BusinessHours } from '../../domain/sla.ts';
import { DAY_MS, HOUR_MS } from '../../domain/time.ts';
import { slaClock } from './sla-clock.ts';

const OFFICE: BusinessHours = { days: [1, 2, 3, 4, 5], fromMinute: 9 * 60, toMinute: 17 * 60 };
const NIGHT: BusinessHours = { days: [5, 6, 7], fromMinute: 22 * 60, toMinute: 6 * 60 };
const utc = (text: string) => Date.parse(text);
const iso = (at: number) => new Date(at).toISOString().slice(0, 16);

describe('the clock of an SLA', () => {
  it('always runs where no business hours are set', () => {
    const clock = slaClock('Europe/Berlin');
    expect(clock.elapsed(10, 250)).toBe(240);
    expect(clock.elapsed(250, 10)).toBe(0);
    expect(clock.due(10, 240)).toBe(250);
  });

  it.each([
    ['within a day', '2026-10-06T08:00Z', '2026-10-06T10:30Z', 2.5],
    ['begun at night', '2026-10-06T01:00Z', '2026-10-06T08:00Z', 1],
    ['over a night', '2026-10-06T14:00Z', '2026-10-07T08:00Z', 2],
    ['over a weekend', '2026-10-09T14:00Z', '2026-10-12T08:00Z', 2],
    ['at a weekend alone', '2026-10-10T08:00Z', '2026-10-11T20:00Z', 0],
    ['over a change of the clocks', '2026-10-23T14:00Z', '2026-10-26T09:00Z', 2],
  ])('counts office hours alone: %s', (_, from, to, hours) => {
    expect(slaClock('Europe/Berlin', OFFICE).elapsed(utc(from), utc(to)) / HOUR_MS).toBe(hours);
  });

  it.each([
    ['the same day', '2026-10-06T08:00Z', 4, '2026-10-06T12:00'],
    ['at the end of a day', '2026-10-06T03:00Z', 8, '2026-10-06T15:00'],
    ['the next week', '2026-10-09T14:00Z', 4, '2026-10-12T10:00'],
    ['the day after a weekend', '2026-10-10T09:00Z', 1, '2026-10-12T08:00'],
    ['half a year on', '2026-10-06T07:00Z', 1_040, '2027-04-05T15:00'],
  ])('says when time is up: %s', (_, from, hours, due) => {
    expect(iso(slaClock('Europe/Berlin', OFFICE).due(utc(from), hours * HOUR_MS))).toBe(due);
  });

  it('counts the hours that there are where the clocks change within them', () => {
    const sundays: BusinessHours = { days: [7], fromMinute: 0, toMinute: 24 * 60 };
    const clock = slaClock('Europe/Berlin', sundays);
    const longest = clock.elapsed(utc('2026-10-24T00:00Z'), utc('2026-10-27T00:00Z'));
    const shortest = clock.elapsed(utc('2026-03-28T00:00Z'), utc('2026-03-31T00:00Z'));
    expect([longest / HOUR_MS, shortest / HOUR_MS]).toEqual([25, 23]);
  });

  it('takes hours that end before they begin into the next day', () => {
    const clock = slaClock('Europe/Berlin', NIGHT);
    expect(clock.elapsed(utc('2026-10-09T19:00Z'), utc('2026-10-10T06:00Z')) / HOUR_MS).toBe(8);
  });

  const asked = fc.record({
    zone: fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Apia'),
    hours: fc.constantFrom(OFFICE, NIGHT, { days: [2], fromMinute: 150, toMinute: 155 }),
    from: fc.integer({ min: utc('2010-01-01T00:00Z'), max: utc('2030-01-01T00:00Z') }),
    spans: fc.tuple(fc.integer({ min: 0, max: 40 * DAY_MS }), fc.integer({ min: 0, max: 40 * DAY_MS })),
    ms: fc.integer({ min: 1, max: 100 * HOUR_MS }),
  });

  it('adds up: a span is as long as its parts, whatever was asked before', () => {
    fc.assert(
      fc.property(asked, ({ zone, hours, from, spans: [a, b] }) => {
        const clock = slaClock(zone, hours);
        const whole = clock.elapsed(from, from + a + b);
        expect(clock.elapsed(from, from + a) + clock.elapsed(from + a, from + a + b)).toBe(whole);
        expect(slaClock(zone, hours).elapsed(from, from + a + b)).toBe(whole);
        expect(whole).toBeLessThanOrEqual(a + b);
      }),
      { numRuns: 60 },
    );
  });

  it('is due when exactly so much has elapsed, and not before', () => {
    fc.assert(
      fc.property(asked, ({ zone, hours, from, ms }) => {
        const clock = slaClock(zone, hours);
        const due = clock.due(from, ms);
        expect(clock.elapsed(from, due)).toBe(ms);
        expect(clock.elapsed(from, due - 1)).toBe(ms - 1);
      }),
      { numRuns: 60 },
    );
  });
});
