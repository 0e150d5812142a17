import type { DedupKey, TenantId } from '../../domain/alert.ts';
import type { AuditReport, Twin } from '../../domain/audit.ts';
import type { SiteId, TicketRef } from '../../domain/ticket.ts';
import type { EpochMs } from '../../domain/time.ts';
import type { Owner } from '../ledger.ts';

/** An alert of the ledger as a recount sees it. */
export interface CountedAlert {
  key: DedupKey;
  /** Whether it reached an end state. */
  settled: boolean;
  seenAt: EpochMs;
  /** Raised or added to an issue, and no issue is known for it. */
  linkLacks: boolean;
}

/** What of an alert's creates the ledger knows. */
export interface TwinEvidence {
  /** Whether the ledger has the alert at all. */
  known: boolean;
  /** Creates of it that were sent and may have made an issue: not those that were surely not, or were refused. */
  sent: number;
  /** The issue that the ledger links it to. */
  ticketId?: string;
  /** Which of the issues were taken in hand as twins before. */
  begun: ReadonlySet<string>;
}

/** Second issues that were found, and how they ended. */
export interface Twins {
  /** What the ledger knows of an alert with these issues. */
  evidence(site: SiteId, key: DedupKey, ticketIds: readonly string[]): Promise<TwinEvidence>;
  /** Takes a twin in hand until `until`; false when another process has it, or it was dealt with before. */
  claim(entry: {
    site: SiteId;
    twin: TicketRef;
    original: TicketRef;
    owner: Owner;
    now: EpochMs;
    until: EpochMs;
  }): Promise<boolean>;
  /** Records that a twin is closed, or that it was left; `note`: what could not be done to it. */
  ended(entry: { site: SiteId; ticketId: string; now: EpochMs; closed: boolean; note?: string }): Promise<void>;
  /** Records that a site was looked through to the end. */
  endSweep(site: SiteId, now: EpochMs): Promise<void>;
  /** When that last was, by site. */
  swept(): Promise<readonly { site: SiteId; at: EpochMs }[]>;
  /** Twins found at or after `at`, oldest first. */
  since(at: EpochMs): Promise<readonly Twin[]>;
}

/** What recounts need of the ledger, and what they found. */
export interface Audits {
  /** When the first alert of a tenant was seen, and when its source was last read to the end; absent before that. */
  readingOf(tenant: TenantId): Promise<{ firstSeenAt?: EpochMs; readAt?: EpochMs }>;
  /** Alerts of a tenant created in [`from`, `to`), by key, `most` after the one with the key `after`. */
  counted(ask: {
    tenant: TenantId;
    from: EpochMs;
    to: EpochMs;
    after?: DedupKey;
    most: number;
  }): Promise<readonly CountedAlert[]>;
  /** Stores what a recount found. */
  record(report: AuditReport): Promise<void>;
  /** The latest recount of each tenant. */
  latest(): Promise<readonly AuditReport[]>;
}
