import type { TenantSync } from '../domain/sync-outcome.ts';
import type { CounterName } from './metric-names.ts';
import type { ProgressEvent } from './progress.ts';

/** A step of a counter. */
export interface Count {
  name: CounterName;
  labels: Readonly<Record<string, string>>;
  by: number;
}

/** What an event counts as; most count as nothing. */
export function countsOf(event: ProgressEvent): readonly Count[] {
  switch (event.event) {
    case 'page-admitted':
      return [
        one('casewire_records_read_total', { tenant: event.tenant }, event.read),
        one('casewire_alerts_seen_total', { tenant: event.tenant }, event.fresh),
      ];
    case 'poll-ended':
      return [one('casewire_polls_total', { tenant: event.tenant, outcome: 'ended' })];
    case 'poll-failed':
      return [one('casewire_polls_total', { tenant: event.tenant, outcome: event.waiting ? 'delayed' : 'failed' })];
    case 'create-answered':
      return [one('casewire_creates_total', { outcome: event.outcome })];
    case 'report-delivered':
    case 'report-failed': {
      const { kind, channel } = event;
      const outcome = event.event === 'report-delivered' ? 'delivered' : 'failed';
      return [one('casewire_reports_total', { kind, channel, outcome })];
    }
    case 'twin-closed':
      return [one('casewire_duplicates_found_total', { site: event.twin.site })];
    case 'audited':
      return [one('casewire_audits_total', { tenant: event.report.tenant })];
    case 'looked-up':
      return event.remembered
        ? [one('casewire_look_up_cache_hits_total')]
        : [one('casewire_look_ups_total', { outcome: event.finding.checked ? 'checked' : 'not-checked' })];
    case 'remembered':
      return [one('casewire_look_up_cache_hits_total', {}, event.addresses)];
    case 'comment-answered':
      return [one('casewire_comments_total', { outcome: event.outcome })];
    case 'alert-closed':
    case 'alert-reopened':
    case 'issue-moved':
    case 'issue-moved-back':
    case 'sync-left': {
      const { tenant, deed, ending } = event.line;
      return [one('casewire_sync_deeds_total', { tenant, deed, ending })];
    }
    case 'issue-told-note':
      return [one('casewire_comments_total', { outcome: 'written' })];
    case 'call-waits':
      return [one('casewire_call_wait_seconds_total', { tenant: event.tenant }, event.waitMs / 1000)];
    case 'sync-stopped':
      return [one('casewire_sync_stops_total', { tenant: event.tenant })];
    case 'sync-ended':
      return [one('casewire_syncs_total', { tenant: event.tenant, outcome: syncOutcome(event.result) })];
    case 'late-news':
    case 'late-look-up': {
      const { kind, outcome } = event.result;
      return [one('casewire_news_told_total', { kind, outcome })];
    }
    case 'reloaded':
      return [one('casewire_config_reloads_total', { outcome: 'taken' })];
    case 'reload-refused':
      return [one('casewire_config_reloads_total', { outcome: 'refused' })];
    case 'job-failed':
      return [one('casewire_job_faults_total', { job: event.job.split(' ', 1)[0] ?? event.job })];
    case 'warning':
      return [one('casewire_warnings_told_total')];
    case 'hint-taken':
      return [one('casewire_webhooks_total', { outcome: event.news })];
    case 'hint-refused':
      return [one('casewire_webhooks_total', { outcome: event.reason })];
    case 'settled': {
      const { tenant, outcome } = event.line;
      return outcome === 'waiting' ? [] : [one('casewire_alerts_settled_total', { tenant, outcome })];
    }
    default:
      return [];
  }
}

/** One round of a job, where the event begins or ends one; `of` tells rounds that run side by side apart. */
export function roundOf(event: ProgressEvent): { job: string; of: string; begins: boolean } | undefined {
  const round = (job: string, begins: boolean, tenant = '') => ({ job, of: `${job} ${tenant}`, begins });
  switch (event.event) {
    case 'poll-started':
      return round('poll', true, event.tenant);
    case 'poll-ended':
    case 'poll-failed':
      return round('poll', false, event.tenant);
    case 'sync-started':
      return round('sync', true, event.tenant);
    case 'sync-ended':
      return round('sync', false, event.result.tenant);
    case 'sweep-started':
    case 'swept':
      return round('sweep', event.event === 'sweep-started');
    case 'audit-started':
      return round('audit', true, event.tenant);
    case 'audited':
      return round('audit', false, event.report.tenant);
    default:
      return undefined;
  }
}

function one(name: CounterName, labels: Readonly<Record<string, string>> = {}, by = 1): Count {
  return { name, labels, by };
}

function syncOutcome({ failure, stopped }: TenantSync): string {
  if (stopped !== undefined) return 'stopped';
  if (!failure) return 'ended';
  return failure.waiting ? 'delayed' : 'failed';
}
