import type { BusinessHours } from '../../domain/sla.ts';
import { DAY_MS, type EpochMs } from '../../domain/time.ts';
import { type CivilDay, weekdayOf } from './civil.ts';
import { civilDayAt, instantOf } from './zone.ts';

/** Measures time as an SLA does: all of it, or that in business hours. */
export interface SlaClock {
  /** Time that counts in [`from`, `to`); 0 where `to` is not after `from`. */
  elapsed(from: EpochMs, to: EpochMs): number;
  /** The first instant at which `ms` have elapsed since `from`. */
  due(from: EpochMs, ms: number): EpochMs;
}

/** A clock that always runs, or that of the business hours in a zone. */
export function slaClock(zone: string, hours?: BusinessHours): SlaClock {
  if (!hours || hours.days.length === 0)
    return { elapsed: (from, to) => Math.max(0, to - from), due: (from, ms) => from + ms };
  return new BusinessClock(zone, hours);
}

/** How many days of business hours are made ready at once. */
const DAYS_AT_ONCE = 64;

interface Window {
  from: EpochMs;
  to: EpochMs;
  /** Business time in the windows before it. */
  before: number;
}

/** Windows of business hours in order, made ready as far as was asked. */
class BusinessClock implements SlaClock {
  readonly #zone: string;
  readonly #hours: BusinessHours;
  #windows: Window[] = [];
  /** Days [first, next) are made ready. */
  #first: CivilDay = 0;
  #next: CivilDay = 0;

  constructor(zone: string, hours: BusinessHours) {
    this.#zone = zone;
    this.#hours = hours;
  }

  elapsed(from: EpochMs, to: EpochMs): number {
    if (to <= from) return 0;
    this.#cover(from);
    this.#cover(to);
    return this.#until(to) - this.#until(from);
  }

  due(from: EpochMs, ms: number): EpochMs {
    if (ms <= 0) return from;
    this.#cover(from);
    const wanted = this.#until(from) + ms;
    for (;;) {
      const last = this.#windows.at(-1);
      if (last && last.before + (last.to - last.from) >= wanted) break;
      this.#extend(this.#next + DAYS_AT_ONCE);
    }
    // The first window in which as much has elapsed.
    const at = this.#place(({ from, to, before }) => before + (to - from) >= wanted);
    const { from: begin, before } = this.#windows[at] as Window;
    return begin + (wanted - before);
  }

  /** Business time from the first window until an instant. */
  #until(at: EpochMs): number {
    const place = this.#place(({ to }) => to > at);
    const window = this.#windows[place];
    if (window) return window.before + Math.max(0, at - window.from);
    const last = this.#windows.at(-1);
    return last ? last.before + (last.to - last.from) : 0;
  }

  /** The first window of which something holds that holds of all after it. */
  #place(holds: (window: Window) => boolean): number {
    let low = 0;
    let high = this.#windows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (holds(this.#windows[middle] as Window)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #cover(at: EpochMs): void {
    const day = Math.floor(at / DAY_MS);
    if (this.#first === this.#next) {
      this.#first = civilDayAt(this.#zone, at) - DAYS_AT_ONCE;
      this.#next = this.#first;
    }
    // Local dates are at most one day beside those of UTC, and a window may begin the day before.
    if (day - 3 < this.#first) this.#restart(day - 3 - DAYS_AT_ONCE);
    if (day + 3 >= this.#next) this.#extend(day + 3 + DAYS_AT_ONCE);
  }

  #restart(first: CivilDay): void {
    const until = this.#next;
    this.#windows = [];
    this.#first = first;
    this.#next = first;
    this.#extend(until);
  }

  #extend(until: CivilDay): void {
    const { days, fromMinute, toMinute } = this.#hours;
    for (; this.#next < until; this.#next++) {
      if (!days.includes(weekdayOf(this.#next))) continue;
      const last = this.#windows.at(-1);
      const from = instantOf(this.#zone, this.#next, fromMinute);
      // Hours that end before they begin reach into the next day.
      const over = toMinute <= fromMinute ? 1 : 0;
      const to = instantOf(this.#zone, this.#next + over, toMinute);
      if (to > from) this.#windows.push({ from, to, before: last ? last.before + (last.to - last.from) : 0 });
    }
  }
}
