import type { EpochMs } from '../../domain/time.ts';
import { type CivilDay, civilDay, firstOfMonth, isoWeekOf, mondayOf, nameOfDay, partsOf, weekdayOf } from './civil.ts';
import type { DaySpan, Period, PeriodKind } from './period.ts';
import { civilDayAt, instantOf } from './zone.ts';

/** The period that an instant is in. */
export function periodAt(kind: PeriodKind, zone: string, at: EpochMs): Period {
  return periodWith(kind, zone, civilDayAt(zone, at));
}

/** The last one that had ended. */
export function lastEnded(kind: PeriodKind, zone: string, now: EpochMs): Period {
  return before(periodAt(kind, zone, now), 1);
}

/**
 * The period that a person names: a day `2026-10-31`, which any kind has one of, a week `2026-W44` for weekly, a month
 * `2026-10` for monthly. `undefined` where it is none, such as the week 53 of a year that has 52.
 */
export function periodNamed(kind: PeriodKind, zone: string, name: string): Period | undefined {
  const [, year = '', more = ''] = /^(\d{4})-(W?\d{2}(?:-\d{2})?)$/.exec(name) ?? [];
  if (year === '') return undefined;
  const day = more.startsWith('W')
    ? kind === 'weekly' && more.length === 3
      ? mondayOf(Number(year), Number(more.slice(1)))
      : undefined
    : more.length === 5
      ? civilDay(Number(year), Number(more.slice(0, 2)), Number(more.slice(3)))
      : kind === 'monthly'
        ? civilDay(Number(year), Number(more), 1)
        : undefined;
  return day === undefined ? undefined : periodWith(kind, zone, day);
}

/** The nth period before. */
export function before(period: Period, n: number): Period {
  const { kind, zone } = period;
  const first = firstDay(period);
  if (kind === 'daily') return dayBefore(period, n);
  if (kind === 'weekly') return periodWith(kind, zone, first - 7 * n);
  const { year, month } = partsOf(first);
  return periodWith(kind, zone, firstOfMonth(year, month - n));
}

/** The n periods before, oldest first. */
export function periodsBefore(period: Period, n: number): Period[] {
  return Array.from({ length: n }, (_, i) => before(period, n - i));
}

/**
 * The same month, week or day of the year before; of a week 53 and a 29 February that it does not have, the one before.
 */
export function yearBefore(period: Period): Period {
  const { kind, zone } = period;
  const first = firstDay(period);
  if (kind === 'weekly') {
    const { year, week } = isoWeekOf(first);
    return periodWith(kind, zone, mondayOf(year - 1, week) ?? mondayOf(year - 1, week - 1) ?? first);
  }
  const { year, month, date } = partsOf(first);
  return periodWith(kind, zone, civilDay(year - 1, month, date) ?? civilDay(year - 1, month, date - 1) ?? first);
}

/** The days of a period in its zone, in order; one that the zone skipped is not among them. */
export function daysOf(period: Period): DaySpan[] {
  const { zone, to } = period;
  const days: DaySpan[] = [];
  for (let day = firstDay(period), from = period.from; from < to; day++) {
    const end = Math.min(instantOf(zone, day + 1), to);
    if (end > from) days.push({ day: nameOfDay(day), from, to: end });
    from = end;
  }
  return days;
}

function periodWith(kind: PeriodKind, zone: string, day: CivilDay): Period {
  const { year, month } = partsOf(day);
  if (kind === 'daily') return spanOf(kind, zone, nameOfDay(day), [day, day + 1]);
  if (kind === 'monthly') {
    const first = firstOfMonth(year, month);
    return spanOf(kind, zone, nameOfDay(first).slice(0, 7), [first, firstOfMonth(year, month + 1)]);
  }
  const monday = day - weekdayOf(day) + 1;
  const iso = isoWeekOf(monday);
  const name = `${nameOfDay(monday + 3).slice(0, 4)}-W${String(iso.week).padStart(2, '0')}`;
  return spanOf(kind, zone, name, [monday, monday + 7]);
}

function spanOf(kind: PeriodKind, zone: string, name: string, [first, next]: [CivilDay, CivilDay]): Period {
  return { kind, zone, name, from: instantOf(zone, first), to: instantOf(zone, next) };
}

/** A day that the zone skipped is not told: it has no time in it. */
function dayBefore(period: Period, n: number): Period {
  let found = period;
  for (let left = n, day = firstDay(period) - 1; left > 0; day--) {
    const next = periodWith('daily', period.zone, day);
    if (next.to === next.from) continue;
    found = next;
    left -= 1;
  }
  return found;
}

/** By its name: a span may begin on the day before where the clocks change at midnight. */
function firstDay({ kind, name }: Period): CivilDay {
  const year = Number(name.slice(0, 4));
  const day =
    kind === 'weekly'
      ? mondayOf(year, Number(name.slice(6)))
      : civilDay(year, Number(name.slice(5, 7)), kind === 'daily' ? Number(name.slice(8)) : 1);
  if (day === undefined) throw new Error(`${name} is not the name of a ${kind} period`);
  return day;
}
