import type { AlertId, DedupKey, TenantId, Verdict } from './alert.ts';
import { placeOf, type SiteId, type TicketRef } from './ticket.ts';
import type { EpochMs } from './time.ts';

/** A verdict with which an alert can be closed. */
export type ClosingVerdict = Exclude<Verdict, 'unspecified'>;

/** An alert as its source shows it now. */
export type AlertSide =
  | { seen: 'open' }
  | { seen: 'closed'; verdict: Verdict; at?: EpochMs; by?: string }
  /** The source no longer knows it. */
  | { seen: 'gone' }
  /** Not asked, or not answered: nothing can be said of it. */
  | { seen: 'unknown'; why: string };

/** An issue as its tracker shows it now. */
export type IssueSide =
  /**
   * `changedAt`: when it last went between open and done, `own`: whether our own account moved it then; absent where
   * the tracker does not say, or was not asked. A person may share that account.
   */
  | { seen: 'open'; status: string; changedAt?: EpochMs; own?: boolean }
  | { seen: 'done'; status: string; resolution?: string; changedAt?: EpochMs; own?: boolean }
  /** It does not exist for an account that is ours and sees its project. */
  | { seen: 'gone'; why: string }
  /** We may not look: cannot see is not gone. */
  | { seen: 'hidden'; why: string; mend: string }
  | { seen: 'unknown'; why: string };

/**
 * The state of both sides that was last dealt with; at birth both are open. They need not be equal: what one side would
 * not do, or was not to do, is in it as it is, and so is said and tried once.
 */
export interface Agreement {
  alert: 'open' | 'closed' | 'gone';
  /** With which verdict the alert was closed; absent unless it is closed. */
  verdict?: Verdict;
  issue: 'open' | 'done' | 'gone';
  at: EpochMs;
  /** What one side refused; it is tried again each hour, and when the issue or the configuration has changed. */
  left?: LeftOver;
}

/** A write that was refused. */
export interface LeftOver {
  what: 'close-alert' | 'reopen-alert' | 'move-issue' | 'reopen-issue';
  why: string;
  /** What the configuration said of it then. */
  policy: string;
  /** The issue's last change that is known, by its own clock: what it had when it was read, or our own comment. */
  seenTo: EpochMs;
}

/** Whether a pair needs no more watching: it is closed on both sides, or one of them is no more. */
export function isOver({ alert, issue }: Agreement): boolean {
  return alert === 'gone' || issue === 'gone' || (alert === 'closed' && issue === 'done');
}

/** An alert and the issue that stands for it. One issue may stand for many alerts. */
export interface Link {
  key: DedupKey;
  tenant: TenantId;
  alertId: AlertId;
  site: SiteId;
  /** Its id never changes; its key does when the issue is moved. */
  ticket: TicketRef;
  /** Project in which the issue was created. */
  project: string;
  agreed: Agreement;
  /** How far the issue's own history was read for this alert; absent while nothing of it is known. */
  history?: HistoryRead;
}

/** How far an issue's history is known, by the times at which the issue says that it changed. */
export interface HistoryRead {
  /** The newest change that was heard of. */
  changedAt: EpochMs;
  /** The change up to which the history was read; absent while it was not. */
  readTo?: EpochMs;
}

/** The identity of a link's issue over all sites. */
export function issueOf({ site, ticket }: Pick<Link, 'site' | 'ticket'>): string {
  return placeOf(site, ticket.id);
}

/** What one side's change means for the other, as the configuration's `sync` says. */
export interface SyncPolicy {
  /** Absent: a done issue changes nothing in Defender. */
  fromJira?: {
    closeAlert: boolean;
    /** Verdicts by resolution name in lower case. */
    verdicts: ReadonlyMap<string, ClosingVerdict>;
    otherwise: ClosingVerdict;
  };
  /** Absent: what happens in Defender does not reach the issue. `transitionTo` absent: it is only commented. */
  fromDefender?: { transitionTo?: string };
}
