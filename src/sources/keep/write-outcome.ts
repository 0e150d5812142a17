import { EdgeFailure, isEdgeFailure } from '../../domain/failure.ts';
import type { AlertWrite } from '../alert-keeper.ts';

/** Runs what reads an alert and then writes to it; a failure on the way becomes its outcome. Only a bug is thrown. */
export async function writing(work: () => Promise<AlertWrite>): Promise<AlertWrite> {
  try {
    return await work();
  } catch (error) {
    if (!isEdgeFailure(error)) throw error;
    return outcomeOf(error);
  }
}

/**
 * What a failure means for the write that it ended. Of a read before the write, as of one that never left, it is certain
 * that nothing was changed.
 */
export function outcomeOf({ kind, message: why, details: { mend, retryAfterMs } }: EdgeFailure): AlertWrite {
  const mended = mend === undefined ? {} : { mend };
  switch (kind) {
    case 'unknown-outcome':
      return { outcome: 'unknown', why };
    case 'refused':
      return { outcome: 'refused', why, ...mended };
    case 'unauthorised':
      return { outcome: 'unauthorised', why, ...mended };
    case 'rate-limited':
    case 'unavailable':
    case 'malformed':
      return { outcome: 'not-sent', why, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }
}

/**
 * Lets an answer that concerns one alert alone, and says nothing of it, pass as nothing learnt; the others can still be
 * told. @throws EdgeFailure of any other kind: then the service cannot be asked.
 */
export async function nothingLearnt<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isEdgeFailure(error) && (error.kind === 'refused' || error.kind === 'malformed')) return undefined;
    throw error;
  }
}

/** Statuses besides those from 500 of which nobody can say whether the request was carried out (RFC 9110 §15.5.9). */
const UNSURE = new Set([408]);

/** An answer to a write that is no plain refusal leaves open what was done: an error after the work looks the same. */
export function afterWrite(failure: EdgeFailure): EdgeFailure {
  const unsure = failure.kind === 'unavailable' || failure.kind === 'malformed';
  if (!unsure && !UNSURE.has(failure.details.status ?? 0)) return failure;
  return new EdgeFailure('unknown-outcome', failure.message, failure.details, failure);
}
