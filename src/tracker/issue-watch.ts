import type { DedupKey } from '../domain/alert.ts';
import type { IssueChange } from '../domain/issue-change.ts';
import type { IssueSide } from '../domain/link.ts';
import type { TicketRef } from '../domain/ticket.ts';
import type { EpochMs } from '../domain/time.ts';
import type { TicketPlace } from './issue-keeper.ts';

/** An issue of ours as a read showed it. `ticket` carries its present key: a moved issue is followed by its id. */
export interface WatchedIssue {
  ticket: TicketRef;
  side: Extract<IssueSide, { seen: 'open' | 'done' }>;
  /** When anything of it last changed. */
  updatedAt: EpochMs;
}

/** An issue that carries an alert's identity, for the sweep and the audit. */
export interface MarkedIssue {
  ticket: TicketRef;
  /** The alert whose issue it is, where the property says it; some sites show it to no search, and the label must do. */
  dedupKey?: DedupKey;
  labels: readonly string[];
  createdAt: EpochMs;
}

export interface IssueHistories {
  /** Each as `IssueWatch.history`. */
  read: ReadonlyMap<string, readonly IssueChange[]>;
  why?: string;
}

/** Reads many of a site's issues in few calls. */
export interface IssueWatch {
  /**
   * Issues of ours that changed at or after `since`, as far as the site's search knows them yet: an issue that is
   * missing here may still have changed. Answered for our own account, or not at all.
   * @throws EdgeFailure when the site cannot be asked.
   */
  changedSince(since: EpochMs): Promise<readonly WatchedIssue[]>;
  /**
   * Issues by their id, read past the search's index where the edition can; every place gets a side, `gone` and
   * `hidden` told apart as in `IssueKeeper.statusOf`.
   * @throws EdgeFailure when the site cannot be asked.
   */
  read(places: readonly TicketPlace[]): Promise<ReadonlyMap<string, WatchedIssue | { side: IssueSide }>>;
  /**
   * What happened to the issue, oldest first, from its own changelog; empty when it cannot be seen.
   * @throws EdgeFailure as `read`.
   */
  history(ticketId: string): Promise<readonly IssueChange[]>;
  /**
   * Histories of many issues, in few calls where the edition can. Those that cannot be read are missing, and `why` says
   * so of the first; a site that fails is not asked on.
   */
  histories(ticketIds: readonly string[]): Promise<IssueHistories>;
  /**
   * Every marked issue that our own account created at or after `since`, each once, page by page, newest first: what
   * people clone or label by hand is not among them. @throws EdgeFailure as `read`.
   */
  marked(since: EpochMs): AsyncGenerator<readonly MarkedIssue[], void, void>;
  /**
   * The alert that this label identifies, if the property of the issue's create names it too: labels are copied by
   * people and their clones. @throws EdgeFailure as `read`.
   */
  createdFor(ticketId: string, label: string): Promise<DedupKey | undefined>;
}
