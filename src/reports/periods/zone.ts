import { DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS } from '../../domain/time.ts';
import type { CivilDay } from './civil.ts';

/** Offsets reach from −12 to +14 hours (IANA tz database 2025b), so a day's edge lies within this of UTC's. */
const REACH_MS = 36 * HOUR_MS;
const STEP_MS = 3 * HOUR_MS;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Instants that were found; a run of reports asks for the same days again and again. */
const instants = new Map<string, EpochMs>();
const MOST_INSTANTS = 20_000;

/** What the clock on the wall says in a zone, as if it were UTC. Milliseconds are kept. */
export function wallClock(zone: string, at: EpochMs): number {
  const parts: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
  for (const { type, value } of formatOf(zone).formatToParts(at)) parts[type] = value;
  const { year, month, day, hour, minute, second } = parts;
  const wall = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  return wall + (((at % 1000) + 1000) % 1000);
}

/** The local date at an instant. */
export function civilDayAt(zone: string, at: EpochMs): CivilDay {
  return Math.floor(wallClock(zone, at) / DAY_MS);
}

/**
 * The first instant at which the clock on the wall says this time of this day or a later one. So a time that the clocks
 * skip is the end of the gap, and of one that comes twice it is the first.
 */
export function instantOf(zone: string, day: CivilDay, minute = 0): EpochMs {
  const name = `${zone} ${day} ${minute}`;
  const known = instants.get(name);
  if (known !== undefined) return known;
  const found = findInstant(zone, day, minute);
  if (instants.size >= MOST_INSTANTS) instants.clear();
  instants.set(name, found);
  return found;
}

function findInstant(zone: string, day: CivilDay, minute: number): EpochMs {
  const wall = day * DAY_MS + minute * MINUTE_MS;
  let from = wall - REACH_MS;
  let offset = offsetAt(zone, from);
  if (sameAllAlong(zone, wall, offset)) return wall - offset;
  for (let at = from + STEP_MS; at <= wall + REACH_MS; at += STEP_MS) {
    const next = offsetAt(zone, at);
    if (next === offset) continue;
    const change = changeBetween(zone, at - STEP_MS, at);
    const found = Math.max(from, wall - offset);
    if (found < change) return found;
    from = change;
    offset = next;
  }
  return Math.max(from, wall - offset);
}

function offsetAt(zone: string, at: EpochMs): number {
  return wallClock(zone, at) - at;
}

/** Whether no clock is changed around a time; clocks that change back within 18 hours are not known. */
function sameAllAlong(zone: string, wall: number, offset: number): boolean {
  for (let at = wall - REACH_MS / 2; at <= wall + REACH_MS; at += REACH_MS / 2)
    if (offsetAt(zone, at) !== offset) return false;
  return true;
}

/** The first instant with another offset than at `from`. */
function changeBetween(zone: string, from: EpochMs, to: EpochMs): EpochMs {
  const before = offsetAt(zone, from);
  let low = from;
  let high = to;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(zone, middle) === before) low = middle;
    else high = middle;
  }
  return high;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    const numeric = { year: 'numeric', month: 'numeric', day: 'numeric' } as const;
    const clock = { hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' } as const;
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, calendar: 'gregory', ...numeric, ...clock });
    formats.set(zone, format);
  }
  return format;
}
