import type { Alert, DedupKey, TenantId } from '../../domain/alert.ts';
import type { IpFinding } from '../../domain/finding.ts';
import type { NewsEnd, NewsKind } from '../../domain/news-outcome.ts';
import type { AlertLine } from '../../domain/outcome.ts';
import type { Route, SiteId, TicketRef } from '../../domain/ticket.ts';
import type { EpochMs } from '../../domain/time.ts';
import type { Owner } from '../ledger.ts';
import type { IssueNote } from './links-port.ts';

/** An alert as its issue was last told of it. */
export interface ToldAlert {
  key: DedupKey;
  alert: Alert;
  /** It is listed in a comment on another alert's issue. */
  attached: boolean;
  line: Omit<AlertLine, 'outcome'>;
  seenAt: EpochMs;
  /** Where its issue was created. */
  route: Route;
  ticket: TicketRef;
  /** The priority that we gave the issue last: the group's, or else the alert's own. */
  given?: string;
}

/** Something new of an alert that its issue is not told yet. */
export interface FoundNews {
  key: DedupKey;
  tenant: TenantId;
  kind: NewsKind;
  /** What is new, in a line. */
  words: string;
  /** The alert as it is now; absent where only its addresses were looked up. */
  now?: Alert;
  findings?: readonly IpFinding[];
}

export interface OpenNews extends FoundNews {
  id: string;
  told: ToldAlert;
}

/** One change of an issue's fields that we sent. */
export interface IssueEdit {
  sentAt: EpochMs;
  /** Absent: the answer is not known. */
  answeredAt?: EpochMs;
  /** Field ids; absent: which were written is not known. */
  fields?: readonly string[];
}

/**
 * News of raised alerts. They are on disk before anything is written, and the stored alert is replaced when the issue
 * was told: killed anywhere between, the next pass goes on with them.
 */
export interface News {
  /** The alerts as they were told, by key; those that are in no issue are left out. */
  told(keys: readonly DedupKey[]): Promise<ReadonlyMap<DedupKey, ToldAlert>>;
  /**
   * Stores news; what an alert had open of the same kind is replaced, keeping its id. Answers on addresses end the wait
   * for them.
   */
  found(entries: readonly FoundNews[], now: EpochMs): Promise<void>;
  /** Takes in hand a tenant's open news that nobody else has in hand, oldest first. */
  due(ask: {
    tenant: TenantId;
    owner: Owner;
    now: EpochMs;
    until: EpochMs;
    most: number;
  }): Promise<readonly OpenNews[]>;
  /**
   * Records that the issue's fields are about to be changed, with what is known of the addresses; answers with all our
   * changes of that issue, and `undefined` when the news are no longer this owner's.
   */
  sending(entry: {
    id: string;
    owner: Owner;
    site: SiteId;
    ticketId: string;
    findings: readonly IpFinding[];
    now: EpochMs;
  }): Promise<readonly IssueEdit[] | undefined>;
  /** Records which fields were written by the sending at `sentAt`. */
  answered(entry: { id: string; sentAt: EpochMs; now: EpochMs; fields: readonly string[] }): Promise<void>;
  /** Ends news and puts the newer alert and what is said of it in place of what was stored, or lets them wait. */
  end(entry: { id: string; owner: Owner; now: EpochMs } & NewsEnding): Promise<void>;
}

export type NewsEnding =
  | {
      outcome: NewsEnd;
      says: string;
      key: DedupKey;
      /** Replaces the stored alert. */
      alert?: Alert;
      /** `AlertLine` as JSON; absent leaves the stored one. */
      line?: string;
      /** The priority that the issue has from us now. */
      given?: string;
      /** What the issue is to be told; stored in the same transaction. */
      notes: readonly IssueNote[];
    }
  | { outcome: 'waits'; why: string; notBefore: EpochMs };

/** An alert that waits for look-ups that could not be made when its issue was. */
export interface WaitingLookUp {
  key: DedupKey;
  tries: number;
}

/** Raised alerts with addresses that were not looked up for a reason that passes. */
export interface WaitingLookUps {
  /** Whether the tenant has any that are due; costs one read. */
  any(ask: { tenant: TenantId; now: EpochMs }): Promise<boolean>;
  /** Takes some in hand, the most urgent and of those the oldest first; those created before `createdSince` are given up. */
  take(ask: {
    tenant: TenantId;
    owner: Owner;
    now: EpochMs;
    until: EpochMs;
    createdSince: EpochMs;
    most: number;
  }): Promise<readonly WaitingLookUp[]>;
  /** Puts one back until `notBefore`, or ends its wait. */
  putBack(entry: { key: DedupKey; owner: Owner; tries: number; notBefore: EpochMs | 'never' }): Promise<void>;
}
