import type { EpochMs } from '../../domain/time.ts';
import { isNumber, type Notes, parseNotes, toObject } from '../window/notes.ts';

/** A window that was not read to its end. */
export interface OpenWindow {
  /** When its first page was asked for. */
  since: EpochMs;
  /** Path and query of the page that was read last. */
  link: string;
  /** Creation time of its newest alert so far. */
  newest: EpochMs;
  /** Whether it reaches as far back as a window may. */
  whole: boolean;
}

/** What the source notes for its next read; the ledger keeps it as text. */
export interface Memo extends Notes {
  /** Where the next window begins, and how many alerts of it are known; without a count all of it is read. */
  tail?: { from: EpochMs; count?: number };
  window?: OpenWindow;
  /** Whose alerts were read. */
  services?: string;
}

/**
 * Reads a memo; what cannot be read says nothing. Of a read of other services only limits and the floor count: the next
 * one reaches as far back as a first pass, for what the services that are new to it have raised since.
 */
export function parseMemo(text: string, services: string): Memo {
  const { notes, more } = parseNotes(text, 'graph');
  if (more.services !== services) {
    const { wholeAt: _, ...limits } = notes;
    return limits;
  }
  const { tail, window } = more;
  const { from, count } = toObject(tail);
  const { since, link, newest, whole } = toObject(window);
  const open = isNumber(since) && isNumber(newest) && typeof link === 'string' && link.startsWith('/');
  return {
    ...notes,
    ...(isNumber(from) ? { tail: { from, ...(isNumber(count) ? { count } : {}) } } : {}),
    ...(open ? { window: { since, link, newest, whole: whole === true } } : {}),
  };
}
