import type { EpochMs } from '../../domain/time.ts';
import type { SlaBasis } from '../model.ts';
import type { Period, Span } from '../periods/period.ts';
import { type SlaClock, slaClock } from '../periods/sla-clock.ts';

/** One period as it is counted: what happened at `to` or later is not in it. */
export interface Scope extends Span {
  period: Period;
  asOf: EpochMs;
  /** As of when open issues are told: the period's end, or `asOf` where it had not ended. */
  end: EpochMs;
  sla: SlaBasis;
  clock: SlaClock;
}

export function scopeOf(period: Period, asOf: EpochMs, sla: SlaBasis): Scope {
  const { from, to, zone } = period;
  return { period, asOf, from, to, end: Math.min(to, asOf), sla, clock: slaClock(zone, sla.businessHours) };
}

export function within({ from, to }: Span, at: EpochMs | undefined): at is EpochMs {
  return at !== undefined && at >= from && at < to;
}
