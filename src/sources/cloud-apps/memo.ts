import type { EpochMs } from '../../domain/time.ts';
import { isNumber, type Notes, parseNotes, toObject } from '../window/notes.ts';

/** What the source notes for its next read; the ledger keeps it as text. */
export interface Memo extends Notes {
  /** How many more alerts the ledger held of the last window than the service counted, as when alerts are deleted there. */
  surplus?: number;
  /** A window that was not read to its end: where it began, where to go on, the newest alert of it so far. */
  window?: { from: EpochMs; skip: number; newest: EpochMs };
}

/** Reads a memo; what cannot be read says nothing. */
export function parseMemo(text: string): Memo {
  const { notes, more } = parseNotes(text, 'defender-cloud-apps');
  const { surplus, window } = more;
  const { from, skip, newest } = toObject(window);
  return {
    ...notes,
    ...(isNumber(surplus) ? { surplus } : {}),
    ...(isNumber(from) && isNumber(skip) && isNumber(newest) ? { window: { from, skip, newest } } : {}),
  };
}
