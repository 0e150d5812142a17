import type { EpochMs } from '../../domain/time.ts';

/** What the source notes for its next read; the ledger keeps it as text. */
export interface Memo {
  /** When the calls of the last minute were sent. */
  calls: readonly EpochMs[];
  /** No call before this instant: the service asked for it. */
  notBefore?: EpochMs;
  /** Where the very first window began; no later one reaches further back. */
  floor?: EpochMs;
  /** How many more alerts the ledger held of the last window than the service counted, as when alerts are deleted there. */
  surplus?: number;
  /** When every page of a window was last read. */
  wholeAt?: EpochMs;
  /** A window that was not read to its end: where it began, where to go on, the newest alert of it so far. */
  window?: { from: EpochMs; skip: number; newest: EpochMs };
}

/** Reads a memo; one that cannot be read says nothing, and then all is read anew. */
export function parseMemo(text: string): Memo {
  let stored: unknown;
  try {
    stored = JSON.parse(text);
  } catch {
    return { calls: [] };
  }
  const { calls, notBefore, floor, surplus, wholeAt, window } = (stored ?? {}) as Record<string, unknown>;
  const { from, skip, newest } = (window ?? {}) as Record<string, unknown>;
  return {
    calls: Array.isArray(calls) ? calls.filter(isNumber) : [],
    ...(isNumber(notBefore) ? { notBefore } : {}),
    ...(isNumber(floor) ? { floor } : {}),
    ...(isNumber(surplus) ? { surplus } : {}),
    ...(isNumber(wholeAt) ? { wholeAt } : {}),
    ...(isNumber(from) && isNumber(skip) && isNumber(newest) ? { window: { from, skip, newest } } : {}),
  };
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
