import type { EpochMs } from '../../domain/time.ts';

/** Kept beside the records: no wire shows it, but Graph stamps an alert with it. */
const LISTED = new WeakMap<object, EpochMs>();
const TOUCHED = new WeakMap<object, { at: EpochMs; times: number }>();

/** Notes when a record came to be listed, which may be long after its alert was raised. */
export function noteListed(record: unknown, at: EpochMs): void {
  if (typeof record === 'object' && record !== null) LISTED.set(record, at);
}

/** When a record came to be listed; `undefined` when it was there from the beginning. */
export function listedAt(record: object): EpochMs | undefined {
  return LISTED.get(record);
}

/** Notes that an alert was changed, by whomever. */
export function noteTouched(record: object, at: EpochMs): void {
  TOUCHED.set(record, { at, times: (TOUCHED.get(record)?.times ?? 0) + 1 });
}

/** When an alert was last changed, and how often it was. */
export function touched(record: object): { at: EpochMs; times: number } | undefined {
  return TOUCHED.get(record);
}
