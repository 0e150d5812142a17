/** A day of the calendar, counted from 1970-01-01; it knows of no time zone. */
export type CivilDay = number;

const DAY_MS = 86_400_000;

/** The day of a date; `undefined` where the calendar has no such date. Months count from 1. */
export function civilDay(year: number, month: number, date: number): CivilDay | undefined {
  const at = new Date(0);
  at.setUTCFullYear(year, month - 1, date);
  const same = at.getUTCFullYear() === year && at.getUTCMonth() === month - 1 && at.getUTCDate() === date;
  return same ? at.getTime() / DAY_MS : undefined;
}

export function partsOf(day: CivilDay): { year: number; month: number; date: number } {
  const at = new Date(day * DAY_MS);
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, date: at.getUTCDate() };
}

/** First day of a month; months before 1 and after 12 are those of the years beside. */
export function firstOfMonth(year: number, month: number): CivilDay {
  const at = new Date(0);
  at.setUTCFullYear(year, month - 1, 1);
  return at.getTime() / DAY_MS;
}

/** 1 is Monday (ISO 8601). */
export function weekdayOf(day: CivilDay): number {
  // 1970-01-01 was a Thursday.
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

/** The week that a day is in (ISO 8601:2019, 3.1.1.23): it belongs to the year that its Thursday is in. */
export function isoWeekOf(day: CivilDay): { year: number; week: number } {
  const thursday = day - weekdayOf(day) + 4;
  const { year } = partsOf(thursday);
  return { year, week: Math.floor((thursday - firstOfMonth(year, 1)) / 7) + 1 };
}

/** Monday of a week; `undefined` where the year has no such week. */
export function mondayOf(year: number, week: number): CivilDay | undefined {
  // The 4th of January is always in the first week.
  const fourth = firstOfMonth(year, 1) + 3;
  const monday = fourth - weekdayOf(fourth) + 1 + (week - 1) * 7;
  const found = isoWeekOf(monday);
  return found.year === year && found.week === week ? monday : undefined;
}

/** `2026-10-31` */
export function nameOfDay(day: CivilDay): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
