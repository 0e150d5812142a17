import { DAY_MS, HOUR_MS, sayDuration } from '../../../domain/time.ts';
import type { Durations, Share } from '../../model.ts';

/** Fewest cases of which a share is told in percent, or a percentile at all: fewer say too little (docs/reports.md). */
export const FEW = 20;

/** A whole number for people: `2,960`. */
export function number(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A count and its noun: `1 issue`, `2,960 issues`, `no issues`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n === 0 ? 'no' : number(n)} ${n === 1 ? one : many}`;
}

/** A share in whole percent that is 0 or 100 only where nothing or all of it is meant. */
export function percent({ count: part, of }: Share): string {
  const rounded = Math.round((part / of) * 100);
  if (rounded === 0 && part > 0) return '< 1 %';
  if (rounded === 100 && part < of) return '> 99 %';
  return `${rounded} %`;
}

/** `12 of 48 (25 %)`; without percent where they are few, and a dash where there is nothing to take a share of. */
export function share(of: Share): string {
  if (of.of === 0) return '–';
  const plain = `${number(of.count)} of ${number(of.of)}`;
  return of.of < FEW ? plain : `${plain} (${percent(of)})`;
}

/** The part alone, with its percentage where there are enough: `12 (25 %)`. */
export function part(of: Share): string {
  if (of.of === 0) return '–';
  return of.of < FEW ? number(of.count) : `${number(of.count)} (${percent(of)})`;
}

/** The median of at least 20 spans, else from the shortest to the longest with how many they are. */
export function median({ n, medianMs, shortestMs = 0, longestMs = 0 }: Durations): string {
  if (n === 0) return '–';
  if (medianMs !== undefined) return sayDuration(medianMs);
  const from = sayDuration(shortestMs);
  const to = sayDuration(longestMs);
  return from === to ? `${from} (n = ${n})` : `${from} to ${to} (n = ${n})`;
}

/** A target in its largest whole unit: `30 min`, `8 h`, `3 d`. */
export function target(ms: number): string {
  if (ms % DAY_MS === 0) return `${number(ms / DAY_MS)} d`;
  if (ms % HOUR_MS === 0) return `${number(ms / HOUR_MS)} h`;
  return sayDuration(ms);
}

/** How a count stands to an earlier one: `12 more than in September (36)`. */
export function change(now: number, before: number, when: string): string {
  if (now === before) return `as many as ${when}`;
  const difference = Math.abs(now - before);
  return `${number(difference)} ${now > before ? 'more' : 'fewer'} than ${when} (${number(before)})`;
}
