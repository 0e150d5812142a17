import { type EpochMs, HOUR_MS, MINUTE_MS } from '../../domain/time.ts';
import type { ReadStart } from '../source.ts';
import type { Notes } from './notes.ts';

/** Alerts are raised hours after the events they tell of, and some turn up late: how far a pass looks back again. */
export const OVERLAP_MS = 48 * HOUR_MS;

/** How long the short way may be taken before a whole window is read again: what the short way misses is found then. */
const WHOLE_EVERY_MS = 6 * HOUR_MS;

/** A creation time may be this far ahead of our clock. */
const SKEW_MS = 10 * MINUTE_MS;

/**
 * Where a window begins that follows on what is read already: the overlap before the watermark. Until this source has
 * read one window whole, as after a tenant moved here from another source, it reaches back as far as a first pass does.
 */
export function reachOf({ position, now, lookbackMs }: ReadStart, { wholeAt }: Notes): EpochMs {
  const first = now - lookbackMs;
  if (position.watermark === undefined) return first;
  const again = Math.min(position.watermark, now) - OVERLAP_MS;
  return wholeAt === undefined ? Math.min(first, again) : again;
}

/** Whether the last whole window was read so long ago that it is time for the next. */
export function isWholeDue(now: EpochMs, { wholeAt = 0 }: Notes): boolean {
  const age = now - wholeAt;
  return age < 0 || age >= WHOLE_EVERY_MS;
}

/** The watermark after a window without or with alerts: it never goes back, nor far ahead of our clock. */
export function nextWatermark(
  before: EpochMs | undefined,
  { newest, now }: { newest: EpochMs; now: EpochMs },
): EpochMs {
  const reached = newest > 0 ? Math.min(newest, now + SKEW_MS) : (before ?? now);
  return Math.max(reached, before ?? 0);
}
