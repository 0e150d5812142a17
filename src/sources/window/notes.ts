import type { EpochMs } from '../../domain/time.ts';

/** The sources by the words of the configuration. */
export type SourceKind = 'defender-cloud-apps' | 'graph';

/** What every source notes for its next read; the ledger keeps it as text. */
export interface Notes {
  /** Which source wrote it. */
  source: SourceKind;
  /** When the calls of the last minute were sent. */
  calls: readonly EpochMs[];
  /** No call before this instant: the service asked for it. */
  notBefore?: EpochMs;
  /** Where the very first window began; no later one of whichever source reaches further back. */
  floor?: EpochMs;
  /** When every page of a window was last read by this source. */
  wholeAt?: EpochMs;
}

/**
 * Reads the notes that a position carries, with a source's own notes for it to check. Notes that cannot be read say
 * nothing, and then all is read anew. Of another source's notes only the floor counts: its limits and places are not
 * ours, and whatever both sources show is one alert by its key.
 */
export function parseNotes(memo: string, own: SourceKind): { notes: Notes; more: Record<string, unknown> } {
  const stored = parseObject(memo);
  // Positions from before there was a second source name none.
  const { source = 'defender-cloud-apps', calls, notBefore, floor, wholeAt } = stored;
  const kept = isNumber(floor) ? { floor } : {};
  if (source !== own) return { notes: { source: own, calls: [], ...kept }, more: {} };
  return {
    notes: {
      source: own,
      calls: Array.isArray(calls) ? calls.filter(isNumber) : [],
      ...(isNumber(notBefore) ? { notBefore } : {}),
      ...kept,
      ...(isNumber(wholeAt) ? { wholeAt } : {}),
    },
    more: stored,
  };
}

function parseObject(text: string): Record<string, unknown> {
  try {
    return toObject(JSON.parse(text));
  } catch {
    return {};
  }
}

/** A value as an object; an empty one where it is none. */
export function toObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

export function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
