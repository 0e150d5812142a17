import type { Alert, DedupKey, TenantId } from '../../domain/alert.ts';
import type { GroupWish, HoldReason } from '../../domain/decision.ts';
import type { Route, SiteId, TicketRef } from '../../domain/ticket.ts';
import type { EpochMs } from '../../domain/time.ts';
import type { Owner } from '../ledger.ts';

/**
 * Groups of alerts that share one issue. The first alert of a group opens it and raises its issue; later ones wait as
 * `attaching` until the issue is known and are then listed in a comment. Whatever else becomes of the first alert, or of
 * the issue, sends those that are in no comment yet back into the queue, where the next one opens a group.
 */
export interface Groups {
  /**
   * Gives an alert in the owner's hand its place: `leads`, it is to be raised and the group is its; else it left the
   * hand and waits for its group's issue. `undefined` when it is no longer this owner's. Decided once for all
   * processes; of alerts that arrive together the oldest comes first.
   */
  join(entry: JoinEntry): Promise<{ leads: boolean } | undefined>;
  /** For `plan`: the group that an alert would join, by the alert that opened it. Changes nothing. */
  peek(entry: Pick<JoinEntry, 'wish' | 'route' | 'createdAt'>): Promise<DedupKey | undefined>;
  /** Takes in hand the groups of a tenant whose issue is not told yet what the ledger knows. */
  due(ask: { tenant: TenantId; owner: Owner; now: EpochMs; until: EpochMs }): Promise<readonly GroupNews[]>;
  /** Records that a group's issue was told, or when it is tried again. */
  told(entry: Told): Promise<void>;
}

export interface JoinEntry {
  key: DedupKey;
  tenant: TenantId;
  owner: Owner;
  wish: GroupWish;
  route: Route;
  createdAt: EpochMs;
  /** The priority that a ticket of its own would have. */
  priority?: string;
  proposal: string;
  now: EpochMs;
}

/** What a group's issue does not say yet. */
export interface GroupNews {
  group: DedupKey;
  site: SiteId;
  ticket: TicketRef;
  rule: string;
  words: string;
  alerts: number;
  lastSeen: EpochMs;
  /** Absent when the issue stands for all of its alerts and is only to be linked. */
  asked?: readonly string[];
  given?: string;
  /** The done issue before this one, to be linked. */
  follows?: TicketRef;
}

export type Told = {
  group: DedupKey;
  owner: Owner;
} /** The issue says it for so many alerts, has been given this priority, and is linked. */ & (
  | { alerts: number; given?: string }
  | { notBefore: EpochMs }
);

/** The comments that list alerts on their group's issue: intents and what came of them. */
export interface Attachments {
  /**
   * Makes comments of the alerts whose group's issue is known, takes over those that nobody has in hand, and frees
   * alerts whose group has come to nothing: `freed` says how many are pending again.
   */
  gather(ask: {
    tenant: TenantId;
    owner: Owner;
    now: EpochMs;
    until: EpochMs;
    /** Comments that cannot be followed up now are not taken again in this pass. */
    except: ReadonlySet<string>;
  }): Promise<{ freed: number; attachments: readonly Attachment[] }>;
  /** Records that a comment is about to be sent; false when it is no longer this owner's. */
  sending(entry: { id: string; owner: Owner; now: EpochMs; until: EpochMs }): Promise<boolean>;
  end(entry: AttachmentEnding): Promise<void>;
}

/** A comment to be written. */
export interface Attachment {
  id: string;
  group: DedupKey;
  site: SiteId;
  /** The project in which the issue was created. */
  project: string;
  ticket: TicketRef;
  rule: string;
  words: string;
  whenDone: GroupWish['whenDone'];
  /** When it may first have been written, and the last time it was sent; absent when it surely was not. */
  sent?: { first: EpochMs; last: EpochMs };
  /** Alerts of the group with these. */
  total: number;
  alerts: readonly { key: DedupKey; alert: Alert; proposal: string }[];
}

export type AttachmentEnding = {
  id: string;
  owner: Owner;
  now: EpochMs;
} /** The comment is there; always believed. */ & (
  | { outcome: 'written'; ticket: TicketRef }
  /** `sent`: whether the last sending may have reached the issue. */
  | { outcome: 'waits'; why: string; notBefore: EpochMs; sent: 'surely not' | 'maybe' | 'as before' }
  /** It surely was not written, and its alerts wait for a person or their time. */
  | { outcome: 'held'; reason: HoldReason; why: string; retryAt: EpochMs; policy: string }
  /** It surely was not written, and its group's issue takes no more: the group is closed, its alerts are pending again. */
  | { outcome: 'closed'; for: 'done' | 'gone' | 'full' }
);
