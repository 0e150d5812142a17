import type { EpochMs } from '../../../domain/time.ts';
import type { Period, Span } from '../../periods/period.ts';

/** The names are our own: those of Intl change with the version of its data, and a report's bytes must not. */
const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const WEEKDAYS = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ');

interface LocalTime {
  year: number;
  /** 1 is January. */
  month: number;
  day: number;
  /** `07:05` */
  time: string;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function local(at: EpochMs, zone: string): LocalTime {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
  formats.set(zone, format);
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return {
    year: Number(parts.year),
    month: Number(parts.month),
    day: Number(parts.day),
    time: `${parts.hour}:${parts.minute}`,
  };
}

/** `24 Nov 2026 07:05` in that zone. */
export function instant(at: EpochMs, zone: string): string {
  const { year, month, day, time } = local(at, zone);
  return `${day} ${shortMonth(month)} ${year} ${time}`;
}

/** The same without the year where it is the period's: `24 Nov 07:05`. */
export function dayTime(at: EpochMs, { zone, from }: Pick<Period, 'zone' | 'from'>): string {
  const { year, month, day, time } = local(at, zone);
  return year === local(from, zone).year ? `${day} ${shortMonth(month)} ${time}` : instant(at, zone);
}

/** `1 Oct 2026 00:00 to 1 Nov 2026 00:00, Europe/Berlin` */
export function span({ from, to }: Span, zone: string): string {
  return `${instant(from, zone)} to ${instant(to, zone)}, ${zone}`;
}

/** `October 2026`, `Week 44 of 2026`, `Saturday, 31 October 2026`. */
export function periodName({ kind, name }: Pick<Period, 'kind' | 'name'>): string {
  const [year = '', second = '', third = ''] = name.split('-');
  if (kind === 'weekly') return `Week ${Number(second.slice(1))} of ${year}`;
  if (kind === 'monthly') return `${MONTHS[Number(second) - 1]} ${year}`;
  return `${WEEKDAYS[weekdayOf(name)]}, ${Number(third)} ${MONTHS[Number(second) - 1]} ${year}`;
}

/** For a column's head: `Oct 2026`, `W44`, `Sat 31 Oct`. */
export function shortPeriod({ kind, name }: Pick<Period, 'kind' | 'name'>): string {
  const [year = '', second = ''] = name.split('-');
  if (kind === 'weekly') return second.replace('W0', 'W');
  return kind === 'monthly' ? `${shortMonth(Number(second))} ${year}` : dayName(name);
}

/** A day such as `2026-10-31` as `Sat 31 Oct`. */
export function dayName(day: string): string {
  return `${WEEKDAYS[weekdayOf(day)]?.slice(0, 3)} ${dayOfMonth(day)} ${shortMonth(Number(day.slice(5, 7)))}`;
}

/** For the foot of a column: `Sat 31` in a week, `31` in a month. */
export function dayLabel(day: string, kind: Period['kind']): string {
  return kind === 'monthly' ? dayOfMonth(day) : `${WEEKDAYS[weekdayOf(day)]?.slice(0, 3)} ${dayOfMonth(day)}`;
}

/** For the foot of a month's column: `Oct`, and `Jan 2027` where a year begins. */
export function monthLabel(name: string, first: boolean): string {
  const month = Number(name.slice(5, 7));
  return first || month === 1 ? `${shortMonth(month)} ${name.slice(0, 4)}` : shortMonth(month);
}

/** What a period is compared with: `the day before`, `the week before`, `September 2026`. */
export function before(period: Pick<Period, 'kind' | 'name'>): string {
  if (period.kind === 'monthly') return `in ${periodName(period)}`;
  return period.kind === 'weekly' ? 'in the week before' : 'on the day before';
}

function shortMonth(month: number): string {
  return MONTHS[month - 1]?.slice(0, 3) ?? '';
}

function dayOfMonth(day: string): string {
  return String(Number(day.slice(8, 10)));
}

/** 0 is Monday. */
function weekdayOf(day: string): number {
  const sundayFirst = new Date(`${day}T00:00:00Z`).getUTCDay();
  return (sundayFirst + 6) % 7;
}
