import type { EpochMs } from '../../domain/time.ts';
import { graphState } from './graph-state.ts';
import { noteTouched } from './listed-at.ts';

/** 3 false positive, 4 benign, 5 true positive; 1 and 2 are what legacy calls leave. */
export type Resolution = 1 | 2 | 3 | 4 | 5;

type Fields = Record<string, unknown>;

/** Closes an alert, or gives a closed one another verdict. */
export function closeRecord(record: Fields, resolution: Resolution, more: { at: EpochMs; by?: string }): void {
  const { at, by } = more;
  Object.assign(record, { resolutionStatusValue: resolution, resolveTime: new Date(at).toISOString() });
  if (by !== undefined) record.handledByUser = by;
  noteTouched(record, at);
}

/** Opens an alert again; its resolve time stays, as the service's own sample of a reopened alert shows ("Fetch alert"). */
export function reopenRecord(record: Fields, at: EpochMs): void {
  record.resolutionStatusValue = 0;
  graphState(record).status = 'inProgress';
  noteTouched(record, at);
}

/** Lets fields of an alert change, as when more activities join it. */
export function changeRecord(record: Fields, fields: Fields, at: EpochMs): void {
  Object.assign(record, fields);
  noteTouched(record, at);
}
