import type { Casewire } from '../../../../assembly/casewire.ts';
import { type Clock, type EpochMs, SECOND_MS } from '../../../../domain/time.ts';
import type { Standing } from '../../../../domain/vitals.ts';

/** So many people may look at once, and all tenants are asked after for each look. */
const FRESH_MS = 2 * SECOND_MS;

const kept = new WeakMap<Casewire, { at: EpochMs; standing: Promise<Standing> }>();

/** How all tenants stand, no older than two seconds; `standing.vitals.at` says as of when. */
export function standingNow(casewire: Casewire, clock: Clock): Promise<Standing> {
  const now = clock.now();
  const before = kept.get(casewire);
  if (before && Math.abs(now - before.at) < FRESH_MS) return before.standing;
  const standing = casewire.standing();
  kept.set(casewire, { at: now, standing });
  // What failed is asked again by the next who looks.
  standing.catch(() => kept.delete(casewire));
  return standing;
}

/** Nothing done by a person may look as if it had not been. */
export function forgetStanding(casewire: Casewire): void {
  kept.delete(casewire);
}
