import type { DedupKey, TenantId } from '../../domain/alert.ts';
import type { Document } from '../../domain/document.ts';
import type { Agreement, Link } from '../../domain/link.ts';
import type { SiteId, TicketRef } from '../../domain/ticket.ts';
import type { EpochMs } from '../../domain/time.ts';
import type { ChangeTimes } from '../facts/facts-port.ts';
import type { Owner } from '../ledger.ts';

/** Something an issue is to be told. `id` is the same however often the same news is found. */
export interface IssueNote {
  id: string;
  site: SiteId;
  ticket: TicketRef;
  /** Project in which the issue was created. */
  project: string;
  /** The alert that it is about. */
  key: DedupKey;
  document: Document;
  at: EpochMs;
}

/** Alert–issue pairs and what both sides last agreed on. At most one process keeps a tenant in step at a time. */
export interface Links {
  /**
   * Takes the right to keep a tenant's pairs in step until `until`, with where the last pass ended, or says until when
   * another process has it.
   */
  begin(ask: {
    tenant: TenantId;
    owner: Owner;
    now: EpochMs;
    until: EpochMs;
  }): Promise<SyncTurn | { busyUntil: EpochMs }>;
  /**
   * Pairs of the tenant that are watched, by key, `most` after the one with the key `after`: all that are not over (see
   * `isOver`), those that are but were agreed on at or after `agreedSince`, and those whose issue's history is known to
   * have changed and was not read up to that change.
   */
  watched(ask: { tenant: TenantId; agreedSince: EpochMs; after?: DedupKey; most: number }): Promise<readonly Link[]>;
  /** Pairs of any tenant whose issue is one of these. */
  ofTickets(site: SiteId, ticketIds: readonly string[]): Promise<readonly Link[]>;
  /**
   * Records a new agreement, the issue's present key, and what issues are to be told of it, in one transaction.
   * `ticket` with another id makes that issue the alert's. A note that was stored before, under the same id, is not stored again.
   * `times`: when the sides themselves changed, as far as they say.
   */
  agree(entry: {
    key: DedupKey;
    agreed?: Agreement;
    ticket?: TicketRef;
    times?: ChangeTimes;
    notes: readonly IssueNote[];
  }): Promise<void>;
  /** Gives the right back with what the next pass needs; `stopped` says why a guard stopped the pass, `failure` why it could not go on. */
  end(entry: {
    tenant: TenantId;
    owner: Owner;
    now: EpochMs;
    position: SyncPosition;
    failure?: string;
    stopped?: string;
  }): Promise<void>;
  /** How keeping in step last went, for `status`; tenants that never were are missing. */
  standing(): Promise<readonly SyncStanding[]>;
}

/** Where a tenant's last pass ended. */
export interface SyncTurn {
  position: SyncPosition;
  /** Where the tenant has pairs, of whatever age. */
  sites: readonly SiteId[];
  /** Why the guard stopped it. */
  stopped?: string;
}

export interface SyncStanding {
  tenant: TenantId;
  /** When a pass last ended well. */
  syncedAt?: EpochMs;
  /** As in `SyncPosition`. */
  issuesSince?: EpochMs;
  /** Why the last pass could not go on, or why a guard stopped it. */
  failure?: string;
  stopped?: string;
  /** Links of which one side refused to follow the other: how many, and one of them with why. */
  left?: { count: number; issue: string; why: string };
}

/** How far a tenant's pairs have been kept in step. */
export interface SyncPosition {
  /** What changed before this instant has been seen on the source's side. */
  alertsSince?: EpochMs;
  /** The same of the tracker's side. */
  issuesSince?: EpochMs;
  /** When pairs closed on both sides were last looked at. */
  closedAt?: EpochMs;
  /** What was changed on the word of webhooks since the guard last judged all pairs together and let them go. */
  onHints?: { alerts: number; issues: number };
}

/** Several notes for one issue, sent as one comment. */
export interface NoteComment {
  /** The marker that the comment carries. */
  id: string;
  site: SiteId;
  ticket: TicketRef;
  project: string;
  /** When it may first have been written, and the last time it was sent; absent when it surely was not. */
  sent?: { first: EpochMs; last: EpochMs };
  notes: readonly IssueNote[];
}

/** What issues are to be told, until it stands there: the intent first, as with every write. */
export interface Notes {
  /**
   * Makes one comment an issue of the tenant's notes that are in none yet (more where one cannot hold them all), and
   * takes in hand up to `most` comments that nobody has, oldest first.
   */
  gather(ask: {
    tenant: TenantId;
    owner: Owner;
    now: EpochMs;
    until: EpochMs;
    most: number;
  }): Promise<readonly NoteComment[]>;
  /** Records that a comment is about to be sent; false when it is no longer this owner's. */
  sending(entry: { id: string; owner: Owner; now: EpochMs; until: EpochMs }): Promise<boolean>;
  /** Records what came of it; `waits` tries again at `notBefore`, `given-up` never (the issue is gone or takes no more). */
  end(
    entry: {
      id: string;
      owner: Owner;
      now: EpochMs;
    } /** `comment`: its id on the issue, and when it was made by the issue's own clock. */ & (
      | { outcome: 'written'; comment?: { id: string; at: EpochMs } }
      | { outcome: 'given-up'; why: string }
      | { outcome: 'waits'; why: string; notBefore: EpochMs; sent: 'surely not' | 'maybe' | 'as before' }
    ),
  ): Promise<void>;
  /** Notes that are not on their issue yet, for `status`. */
  open(): Promise<readonly { tenant: TenantId; count: number; oldest: EpochMs }[]>;
}
