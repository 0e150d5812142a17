import type { EpochMs } from '../../domain/time.ts';

/** Kept beside the records: no wire shows it, but Graph stamps an alert with it. */
const LISTED = new WeakMap<object, EpochMs>();

/** Notes when a record came to be listed, which may be long after its alert was raised. */
export function noteListed(record: unknown, at: EpochMs): void {
  if (typeof record === 'object' && record !== null) LISTED.set(record, at);
}

/** When a record came to be listed; `undefined` when it was there from the beginning. */
export function listedAt(record: object): EpochMs | undefined {
  return LISTED.get(record);
}
