/**
 * Civil time by `Intl.DateTimeFormat` and search alone. Slow and plain on purpose: it shares nothing with the code
 * whose periods it checks.
 */

/** `2026-10-31`; names of days compare as the days do. */
export type DayName = string;

export interface CivilSpan {
  name: string;
  from: number;
  to: number;
}

export type Kind = 'daily' | 'weekly' | 'monthly';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const FORMATS = new Map<string, Intl.DateTimeFormat>();
const STARTS = new Map<string, number>();
const INSTANTS = new Map<string, number>();

/** The wall clock of a zone at an instant. */
export function wallAt(zone: string, at: number): { day: DayName; minute: number } {
  let format = FORMATS.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
    FORMATS.set(zone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return {
    day: `${parts.year}-${parts.month}-${parts.day}`,
    minute: Number(parts.hour) * 60 + Number(parts.minute),
  };
}

export function dayPlus(day: DayName, days: number): DayName {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

/** 1 is Monday. */
export function weekday(day: DayName): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
}

/** The first instant whose date in the zone is this day or a later one, found by halving. */
export function startOf(zone: string, day: DayName): number {
  const name = `${zone} ${day}`;
  const known = STARTS.get(name);
  if (known !== undefined) return known;
  const about = Date.parse(`${day}T00:00:00Z`);
  let before = about - 2 * DAY;
  let after = about + 2 * DAY;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (wallAt(zone, middle).day >= day) after = middle;
    else before = middle;
  }
  STARTS.set(name, after);
  return after;
}

/** The first instant at which the clocks of the zone show this minute of the day; where they skip it, the skip itself. */
export function instantAt(zone: string, day: DayName, minute: number): number {
  const name = `${zone} ${day} ${minute}`;
  const found = INSTANTS.get(name) ?? searchInstant(zone, day, minute);
  INSTANTS.set(name, found);
  return found;
}

function searchInstant(zone: string, day: DayName, minute: number): number {
  if (minute >= 24 * 60) return startOf(zone, dayPlus(day, 1));
  const from = startOf(zone, day);
  const to = startOf(zone, dayPlus(day, 1));
  // Offsets of all zones are whole quarters of an hour, and so are the jumps.
  for (let at = from; at < to; at += 15 * MINUTE) {
    const shown = wallAt(zone, at).minute;
    if (shown > minute) return at;
    if (minute - shown < 15 && wallAt(zone, at + (minute - shown) * MINUTE).minute === minute)
      return at + (minute - shown) * MINUTE;
  }
  return to;
}

/** The day, ISO week or month that a day is in. */
export function periodOf(kind: Kind, zone: string, day: DayName): CivilSpan {
  if (kind === 'daily') return { name: day, from: startOf(zone, day), to: startOf(zone, dayPlus(day, 1)) };
  if (kind === 'weekly') {
    const monday = dayPlus(day, 1 - weekday(day));
    return { name: weekName(monday), from: startOf(zone, monday), to: startOf(zone, dayPlus(monday, 7)) };
  }
  const first = `${day.slice(0, 7)}-01`;
  const next = `${dayPlus(first, 32).slice(0, 7)}-01`;
  return { name: day.slice(0, 7), from: startOf(zone, first), to: startOf(zone, next) };
}

/** A week is of the year that its Thursday is in, and the first one of that year has its first Thursday. */
function weekName(monday: DayName): string {
  const thursday = dayPlus(monday, 3);
  const year = thursday.slice(0, 4);
  let week = 0;
  for (let day = thursday; day.startsWith(year); day = dayPlus(day, -7)) week += 1;
  return `${year}-W${String(week).padStart(2, '0')}`;
}

/** The days of a span that the zone has; one that it skipped has no time in it. */
export function daysIn(zone: string, { from, to }: { from: number; to: number }): CivilSpan[] {
  const days: CivilSpan[] = [];
  for (let { day } = wallAt(zone, from); startOf(zone, day) < to; day = dayPlus(day, 1)) {
    const span = periodOf('daily', zone, day);
    if (span.to > span.from) days.push(span);
  }
  return days;
}

export interface Hours {
  /** 1 is Monday. */
  days: readonly number[];
  fromMinute: number;
  toMinute: number;
}

/** When `ms` of a target's time have gone by since `from`: all time, or that of business hours alone. */
export function dueAt(zone: string, hours: Hours | undefined, from: number, ms: number): number {
  if (!hours) return from + ms;
  let left = ms;
  for (let { day } = wallAt(zone, from); ; day = dayPlus(day, 1)) {
    if (!hours.days.includes(weekday(day))) continue;
    const begin = Math.max(from, instantAt(zone, day, hours.fromMinute));
    const end = instantAt(zone, day, hours.toMinute);
    if (end <= begin) continue;
    if (end - begin >= left) return begin + left;
    left -= end - begin;
  }
}
