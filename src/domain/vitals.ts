import type { TenantId } from './alert.ts';
import type { SiteId } from './ticket.ts';
import type { EpochMs } from './time.ts';

/** How one tenant's alerts stand in the ledger. */
export interface LedgerVitals {
  tenant: TenantId;
  /** How far the source has been read, and when it was last read to the end. */
  watermark?: EpochMs;
  polledAt?: EpochMs;
  /** Why the last reading failed. */
  failure?: string;
  /** Alerts that have no end state yet; the creation time of the oldest, and since when the first of them is known. */
  open: number;
  oldestOpen?: EpochMs;
  openSince?: EpochMs;
  /** Creates whose answer was lost and whose issue is being looked for, and when the oldest was sent. */
  unknown: number;
  oldestUnknown?: EpochMs;
  /** Held alerts by reason, without the dropped. */
  heldBy: Readonly<Record<string, number>>;
  /** Of those, how many were held within the last day. */
  heldLately: number;
  /** Creation time of the newest alert that is stored. */
  newestAlert?: EpochMs;
}

/** How one tenant stands, as far as the ledger knows; cheap enough to ask every few seconds. */
export interface TenantVitals extends LedgerVitals {
  /** Days, counted from 1970 in UTC, of the fourteen up to its newest alert on which it had alerts; only of a tenant that is quiet. */
  activeDays?: readonly number[];
  /** What issues are to be told and is not on them yet. */
  notesOpen: number;
  oldestNote?: EpochMs;
  /** Issues that webhooks named and that are not synced yet. */
  hintsWaiting: number;
  oldestHint?: EpochMs;
  /** When both sides were last kept in step, and why that stopped or failed. */
  syncedAt?: EpochMs;
  syncStopped?: string;
  syncFailure?: string;
  /** Links of which one side refused to follow the other: how many, and one of them with why. */
  syncRefused?: { count: number; issue: string; why: string };
  /** When the tenant was last recounted, and how many differences that found, by kind. */
  auditedAt?: EpochMs;
  auditDifferences?: Readonly<Record<string, number>>;
}

/** How the whole stands. */
export interface Vitals {
  at: EpochMs;
  tenants: readonly TenantVitals[];
  /** When each site was last looked through for second issues, to the end. */
  sweeps: readonly { site: SiteId; at: EpochMs }[];
  /** Tenants of the ledger that the configuration lacks, and their links that nobody syncs. */
  besides?: readonly { tenant: TenantId; links: number }[];
  /** Absent when look-ups are switched off. */
  quota?: { dailyBudget: number; used: number; left: number; blockedUntil?: EpochMs; blockedWhy?: string };
  /** Reports whose delivery failed and is tried again; absent when none are delivered. */
  deliveries?: { failed: number; first?: { says: string; failures: number; nextAt?: EpochMs } };
  /** When credentials end, where that is known: `tenant contoso`, its `the certificate AB12…`, and how to renew it. */
  credentials: readonly { subject: string; tenant?: TenantId; what: string; mend: string; endsAt: EpochMs }[];
}

/** What can be wrong, in a word that logs, metrics and `status` share. */
export type WarningKind =
  | 'store-failed'
  | 'reading-failed'
  | 'not-read'
  | 'silent'
  | 'alerts-wait'
  | 'credential-ends'
  | 'quota-ends'
  | 'held'
  | 'held-grows'
  | 'unknown-creates'
  | 'notes-waiting'
  | 'hints-waiting'
  | 'sync-stopped'
  | 'sync-failed'
  | 'sync-refused'
  | 'audit-differs'
  | 'not-configured'
  | 'report-failed';

/** One thing that is not well, and what to do about it. */
export interface Warning {
  kind: WarningKind;
  /** Absent: it concerns all. */
  tenant?: TenantId;
  /** Which of several of this kind it is. */
  subject?: string;
  /** What is wrong, without the tenant's name. */
  says: string;
  /** The command to type, or what to do. */
  mend: string;
}

/** How the whole stands, and what of it is not well, the most urgent first. */
export interface Standing {
  vitals: Vitals;
  warnings: readonly Warning[];
}
