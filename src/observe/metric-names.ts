/** What a metric counts and by what; every label has few values, or one a tenant. */
interface Definition {
  help: string;
  labels: readonly string[];
}

export const COUNTERS = {
  casewire_records_read_total: { help: 'Records read from the sources, also those known already.', labels: ['tenant'] },
  casewire_alerts_seen_total: { help: 'Alerts seen for the first time.', labels: ['tenant'] },
  casewire_alerts_settled_total: {
    help: 'Alerts that got an end state: raised, adopted (its issue was there already), attached, suppressed, held.',
    labels: ['tenant', 'outcome'],
  },
  casewire_polls_total: {
    help: 'Readings of a tenant: ended, failed, or delayed because the source asked to wait.',
    labels: ['tenant', 'outcome'],
  },
  casewire_creates_total: {
    help: 'Creates sent to Jira: created, not-sent, refused, unauthorised, unknown (no answer: it is looked for).',
    labels: ['outcome'],
  },
  casewire_comments_total: { help: 'Comments on issues, by outcome.', labels: ['outcome'] },
  casewire_duplicates_found_total: { help: 'Second issues of an alert that were found and closed.', labels: ['site'] },
  casewire_news_told_total: {
    help: 'Alerts that changed, or whose addresses were looked up, after their issue was raised, by what came of it.',
    labels: ['kind', 'outcome'],
  },
  casewire_reports_total: {
    help: 'Deliveries of reports to the folder and by mail: delivered, failed (tried again).',
    labels: ['kind', 'channel', 'outcome'],
  },
  casewire_audits_total: { help: 'Recounts of a tenant.', labels: ['tenant'] },
  casewire_look_ups_total: {
    help: 'Addresses asked after at AbuseIPDB: checked, or not-checked (quota, outage, refused).',
    labels: ['outcome'],
  },
  casewire_webhooks_total: {
    help: 'Calls of webhooks: new, known, none (nothing to keep in step), or why they were refused.',
    labels: ['outcome'],
  },
  casewire_look_up_cache_hits_total: { help: 'Addresses whose earlier answer was fresh enough.', labels: [] },
  casewire_syncs_total: {
    help: 'Rounds of keeping a tenant in step: ended, failed, delayed, or stopped by the guard.',
    labels: ['tenant', 'outcome'],
  },
  casewire_sync_deeds_total: {
    help: 'What was done to keep in step: close-alert, reopen-alert, move-issue, reopen-issue, tell-issue; and how it ended.',
    labels: ['tenant', 'deed', 'ending'],
  },
  casewire_sync_stops_total: { help: 'Plans that the guard stopped.', labels: ['tenant'] },
  casewire_call_wait_seconds_total: {
    help: 'How long calls that sync alerts had to wait for their turn: a service takes so many a minute and tenant.',
    labels: ['tenant'],
  },
  casewire_config_reloads_total: { help: 'Configurations read again: taken, refused.', labels: ['outcome'] },
  casewire_job_faults_total: {
    help: 'Jobs that broke off: by a fault of Casewire itself, or without their store.',
    labels: ['job'],
  },
  casewire_warnings_told_total: { help: 'Warnings written to the log.', labels: [] },
} as const satisfies Record<string, Definition>;

export const GAUGES = {
  casewire_build_info: { help: 'Always 1; the version is a label.', labels: ['version'], ledger: false },
  casewire_start_time_seconds: { help: 'When the process started, Unix time.', labels: [], ledger: false },
  casewire_memory_bytes: { help: 'Resident memory of the process.', labels: [], ledger: false },
  casewire_up_to_date: {
    help: '1: the gauges below were read from the ledger; 0: it did not answer and they are left out.',
    labels: [],
    ledger: false,
  },
  casewire_open_alerts: { help: 'Alerts without an end state.', labels: ['tenant'], ledger: true },
  casewire_oldest_open_alert_seconds: {
    help: 'Lag: age of the oldest alert without an end state; 0 when there is none.',
    labels: ['tenant'],
    ledger: true,
  },
  casewire_held_alerts: { help: 'Alerts held for a person, by reason.', labels: ['tenant', 'reason'], ledger: true },
  casewire_unknown_creates: {
    help: 'Creates whose answer was lost and whose issue is being looked for.',
    labels: ['tenant'],
    ledger: true,
  },
  casewire_watermark_age_seconds: {
    help: 'Age of the instant up to which a tenant has been read.',
    labels: ['tenant'],
    ledger: true,
  },
  casewire_last_poll_age_seconds: { help: 'Time since a tenant was last read.', labels: ['tenant'], ledger: true },
  casewire_notes_open: { help: 'Notes that are not on their issue yet.', labels: ['tenant'], ledger: true },
  casewire_hints_waiting: {
    help: 'Issues that webhooks named and that are not synced yet.',
    labels: ['tenant'],
    ledger: true,
  },
  casewire_audit_differences: {
    help: 'Differences between source, ledger and Jira that the last audit found, by kind.',
    labels: ['tenant', 'kind'],
    ledger: true,
  },
  casewire_last_sweep_age_seconds: {
    help: 'Time since a Jira site was last looked through for second issues.',
    labels: ['site'],
    ledger: true,
  },
  casewire_credential_end_time_seconds: {
    help: 'When a credential ends, Unix time, where that is known: certificates, and secrets of Key Vault with a date.',
    labels: ['subject'],
    ledger: true,
  },
  casewire_reports_failed: {
    help: 'Deliveries of reports that failed and are tried again.',
    labels: [],
    ledger: true,
  },
  casewire_look_ups_left: { help: 'Look-ups left of the day at AbuseIPDB.', labels: [], ledger: true },
  casewire_warning: {
    help: '1 while something is not well; the kinds are those of docs/operate.md. tenant is empty where it concerns all.',
    labels: ['kind', 'tenant'],
    ledger: true,
  },
} as const satisfies Record<string, Definition & { ledger: boolean }>;

export const HISTOGRAMS = {
  casewire_api_call_seconds: {
    help: 'Calls to other services by class of status; none: no whole answer came.',
    labels: ['service', 'status'],
    buckets: [0.05, 0.2, 1, 5, 30],
  },
  casewire_job_seconds: {
    help: 'How long a round took: poll, sync and audit of one tenant, sweep of all sites.',
    labels: ['job'],
    buckets: [0.1, 1, 10, 60, 600],
  },
  casewire_alert_to_issue_seconds: {
    help: "From an alert's creation to its issue.",
    labels: [],
    buckets: [30, 60, 300, 600, 1800, 3600, 21600, 86400],
  },
} as const satisfies Record<string, Definition & { buckets: readonly number[] }>;

export type CounterName = keyof typeof COUNTERS;
export type GaugeName = keyof typeof GAUGES;
export type HistogramName = keyof typeof HISTOGRAMS;
