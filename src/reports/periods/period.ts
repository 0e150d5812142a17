import type { EpochMs } from '../../domain/time.ts';

export type PeriodKind = 'daily' | 'weekly' | 'monthly';

/** A half-open span [`from`, `to`) of local time in `zone`. */
export interface Span {
  from: EpochMs;
  to: EpochMs;
}

/** One day, ISO week or month in a time zone. */
export interface Period extends Span {
  kind: PeriodKind;
  /** IANA name. */
  zone: string;
  /** As `--date` takes it: `2026-10-31`, `2026-W44`, `2026-10`. */
  name: string;
}

/** One day of a period: 23 or 25 hours long where the clocks change. */
export interface DaySpan extends Span {
  /** `2026-10-31` */
  day: string;
}
