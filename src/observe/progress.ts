import type { DedupKey, TenantId } from '../domain/alert.ts';
import type { AuditReport, SweepSummary, Twin } from '../domain/audit.ts';
import type { IpFinding } from '../domain/finding.ts';
import type { HintRefusal } from '../domain/hint.ts';
import type { NewsOutcome } from '../domain/news-outcome.ts';
import type { AlertLine } from '../domain/outcome.ts';
import type { SyncLine, TenantSync } from '../domain/sync-outcome.ts';
import type { WarningKind } from '../domain/vitals.ts';

/**
 * What the flows tell while they work. The command line draws it, the chaos test dies at it.
 * Each event is told right after the thing it names has happened.
 */
export type ProgressEvent =
  | { event: 'poll-started'; tenant: TenantId }
  | { event: 'page-admitted'; tenant: TenantId; read: number; fresh: number }
  | { event: 'poll-ended'; tenant: TenantId }
  | { event: 'poll-failed'; tenant: TenantId; why: string; mend?: string; waiting: boolean }
  | { event: 'warning'; tenant?: TenantId; says: string }
  | { event: 'leased'; tenant: TenantId; alerts: number }
  /** `remembered`: an earlier answer was fresh enough. */
  | { event: 'looked-up'; finding: IpFinding; remembered?: true }
  /** So many addresses of an alert were known from this process's own memory. */
  | { event: 'remembered'; addresses: number }
  | { event: 'drafted'; tenant: TenantId; key: DedupKey }
  | { event: 'intent-committed'; tenant: TenantId; key: DedupKey; attempt: number }
  | { event: 'create-answered'; tenant: TenantId; key: DedupKey; outcome: string; why?: string }
  | { event: 'looked-for'; key: DedupKey; found: number }
  /** An alert got its place in a group: it leads, or waits for the group's issue. */
  | { event: 'joined'; tenant: TenantId; key: DedupKey; leads: boolean }
  | { event: 'gathered'; tenant: TenantId; comments: number; freed: number }
  | { event: 'comment-intended'; tenant: TenantId; issue: string; alerts: number }
  | { event: 'comment-answered'; tenant: TenantId; issue: string; outcome: string; why?: string }
  /** A group's issue has the group's counter and priority, and its link. */
  | { event: 'issue-told'; tenant: TenantId; issue: string }
  /** A signed webhook call was taken: its hint is on disk, had been taken before, or it tells of nothing to keep in step. */
  | { event: 'hint-taken'; news: 'new' | 'known' | 'none'; issueId?: string; tenants: readonly TenantId[] }
  /** A webhook call was not taken. `quiet`: one was told for the same reason within the last minute; count it, no more. */
  | { event: 'hint-refused'; reason: HintRefusal; status: number; says: string; quiet: boolean }
  /** A call that syncs a tenant's alerts waits for its turn: the service takes so many a minute, and polling has its share. */
  | { event: 'call-waits'; tenant: TenantId; service: string; waitMs: number }
  /** Keeping in step: a tenant's pairs are looked after from here on, and what came of it. */
  | { event: 'sync-started'; tenant: TenantId }
  | { event: 'sync-read'; tenant: TenantId; watched: number; changed: number }
  /** A guard stopped the whole plan of the tenant. */
  | { event: 'sync-stopped'; tenant: TenantId; why: string }
  | { event: 'sync-ended'; tenant: TenantId; result: TenantSync }
  /** A deed is about to be done, or would be. */
  | { event: 'sync-planned'; line: SyncLine }
  | { event: 'alert-closed' | 'alert-reopened' | 'issue-moved' | 'issue-moved-back'; line: SyncLine }
  /** A deed that could not be done now, or at all. */
  | { event: 'sync-left'; line: SyncLine }
  /** Both sides of a pair are as the ledger says from now on. */
  | { event: 'agreed'; tenant: TenantId; key: DedupKey }
  | { event: 'issue-told-note'; tenant: TenantId; issue: string; notes: number }
  | { event: 'note-waits'; tenant: TenantId; issue: string; why: string }
  /** What is new of raised alerts is in the ledger; an issue's fields are about to be changed; what came of it. */
  | { event: 'news-found'; tenant: TenantId; alerts: number }
  | { event: 'news-intended'; tenant: TenantId; key: DedupKey; issue: string }
  | { event: 'news-written'; tenant: TenantId; key: DedupKey; issue: string; outcome: string }
  | { event: 'late-news' | 'late-look-up'; result: NewsOutcome }
  /** All sites are looked through for second issues, and have been. */
  | { event: 'sweep-started' }
  | { event: 'swept'; summary: SweepSummary }
  | { event: 'audit-started'; tenant: TenantId }
  /** A second issue of an alert was closed as the duplicate of the first. */
  /** A report reached its folder or the mail server, or did not; `period` by its first day in UTC; `final`: nothing more is tried. */
  | { event: 'report-delivered'; scope: string; kind: string; channel: string; period: string }
  | { event: 'report-failed'; scope: string; kind: string; channel: string; period: string; why: string; final?: true }
  | { event: 'twin-closed'; twin: Twin }
  /** A tenant's source, ledger and issues were recounted. */
  | { event: 'audited'; report: AuditReport }
  /** A service has begun, or goes on with a newer configuration; or it keeps the old one, with what is wrong with the new. */
  | {
      event: 'serving' | 'reloaded';
      tenants: readonly TenantId[];
      sites: readonly string[];
      store: string;
      /** Where health, metrics and webhooks are; told at the start. */
      listens?: string;
    }
  | { event: 'reload-refused'; why: readonly string[] }
  | { event: 'stopping' }
  /** A job of `serve` broke off by a fault of our own; it is tried again. */
  | { event: 'job-failed'; job: string; why: string; retryMs: number }
  /** Something is not well, or is well again; each is told once until it is over. */
  | { event: 'trouble-began'; kind: WarningKind; tenant?: TenantId; says: string; mend: string }
  | { event: 'trouble-ended'; kind: WarningKind; tenant?: TenantId }
  /** An alert reached an end state, or is left waiting by this pass. */
  | { event: 'settled'; line: AlertLine };

/** Receives every event in order; it must not throw and must not wait. */
export type Progress = (event: ProgressEvent) => void;
