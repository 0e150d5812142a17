import type { Document } from '../domain/document.ts';
import type { TicketRef } from '../domain/ticket.ts';
import type { EpochMs } from '../domain/time.ts';

/** What an issue looks like now. `ticket` carries its present key: a moved issue is followed by its id. */
export type IssueSight =
  | { seen: 'open' | 'done'; ticket: TicketRef; status: string; priority?: string }
  /** It does not exist for an account that is ours and sees its project: deleted, or hidden from us for good. */
  | { seen: 'gone'; why: string }
  /** We may not look: nothing can be said of it. */
  | { seen: 'hidden'; why: string; mend: string };

/** How one write to an existing issue ended, sorted by what may be done next. */
export type WriteOutcome =
  /** It is as wished; `changed` is false when it was so before. `note`: what was left as it is, for people. */
  | { outcome: 'done'; changed: boolean; note?: string }
  /** Certain that nothing was changed, and worth another try. */
  | { outcome: 'not-sent'; why: string; retryAfterMs?: number }
  /** Certain that nothing was changed, and the same request fails again. `full`: the issue itself takes no more. */
  | { outcome: 'refused'; why: string; mend?: string; full?: true }
  /** Certain that nothing was changed: the site does not accept us. */
  | { outcome: 'unauthorised'; why: string; mend?: string }
  /** The request left and its answer was lost or unreadable; `absent`: a look just now did not see what it was to write. */
  | { outcome: 'unknown'; why: string; absent?: true };

/** An issue by its id, and the project in which it was created. */
export interface TicketPlace {
  id: string;
  project: string;
}

/** One comment of ours, recognised by its marker. */
export interface MarkedComment {
  /** Letters and digits alone, so that neither edition dresses it; it stands in the comment and in its property `casewire.comment`. */
  marker: string;
  document: Document;
  /** The alerts that it lists, `TENANT/ALERT`, for its property. */
  alerts: readonly string[];
  /**
   * Given when it may have been sent before: since when, and whether the time is over in which it may still appear.
   * Absent when it surely was not, and then nothing is looked for.
   */
  sent?: { since: EpochMs; windowOver: boolean };
}

/** A comment that stands on an issue: its id, and when it was made by the issue's own clock. */
export interface WrittenComment {
  id: string;
  at: EpochMs;
}

/** What priority an issue is to have at the least. */
export interface PriorityWish {
  /** Priorities by name or id that were asked for; the most urgent by the project's own order counts. */
  asked: readonly string[];
  /** What we gave the issue last; another value now is a person's choice and stays. Absent: we gave none. */
  given?: string;
}

/**
 * One site's issues after their birth. Every `ensure…` may be called again with the same arguments: the second call
 * changes nothing. Writes end in an outcome; only a bug is thrown.
 */
export interface IssueKeeper {
  /** @throws EdgeFailure when the site cannot be asked: then nothing is known. */
  statusOf(place: TicketPlace): Promise<IssueSight>;
  /**
   * Sees to it that the issue has the comment, once. Where it may have been sent before, the issue's comments are read
   * first, and while it may still appear nothing is written: the outcome stays `unknown`. `comment`: the one that is there.
   */
  ensureComment(ticketId: string, comment: MarkedComment): Promise<WriteOutcome & { comment?: WrittenComment }>;
  /** Never lowers, and never changes what a person chose; `now` is the priority that the issue has in the end. */
  ensurePriority(ticketId: string, wish: PriorityWish): Promise<WriteOutcome & { now?: string }>;
  ensureProperty(ticketId: string, key: string, value: unknown): Promise<WriteOutcome>;
  /** Moves a done issue to a status that is not, by the first of its workflow's own transitions that asks for nothing. */
  reopen(ticketId: string): Promise<WriteOutcome>;
  /** Links two issues as related; without such a link type the outcome is `done` with a note. */
  ensureLink(ticketId: string, otherId: string): Promise<WriteOutcome>;
}
