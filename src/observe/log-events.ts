import type { AlertLine } from '../domain/outcome.ts';
import type { SyncLine } from '../domain/sync-outcome.ts';
import type { ProgressEvent } from './progress.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * What a log line of one event holds. `fields` never hold what people wrote or are: titles, users, addresses. Those
 * are in `text`, which is only written where the log's level is debug.
 */
interface Row<E> {
  level: LogLevel | ((event: E) => LogLevel);
  fields: readonly string[];
  text?: readonly string[];
  /** Makes fields of an event that does not have them by name. */
  from?: (event: E) => LogFields;
}

type Rows = { readonly [E in ProgressEvent['event']]: Row<Extract<ProgressEvent, { event: E }>> };

/** One row an event; docs/logs.md lists the same. */
export const LOG_ROWS: Rows = {
  'poll-started': { level: 'debug', fields: ['tenant'] },
  'page-admitted': { level: 'info', fields: ['tenant', 'read', 'fresh'] },
  'poll-ended': { level: 'info', fields: ['tenant'] },
  'poll-failed': { level: ({ waiting }) => (waiting ? 'info' : 'warn'), fields: ['tenant', 'waiting', 'why', 'mend'] },
  warning: { level: 'warn', fields: ['tenant', 'says'] },
  leased: { level: 'debug', fields: ['tenant', 'alerts'] },
  'looked-up': {
    level: 'debug',
    fields: ['checked', 'remembered', 'why'],
    text: ['address', 'score'],
    from: ({ finding, remembered }) => ({
      checked: finding.checked,
      remembered,
      address: finding.address,
      ...(finding.checked ? { score: finding.report.score } : { why: finding.why }),
    }),
  },
  remembered: { level: 'debug', fields: ['addresses'] },
  drafted: { level: 'debug', fields: ['tenant', 'key'] },
  'intent-committed': { level: 'info', fields: ['tenant', 'key', 'attempt'] },
  'create-answered': {
    level: ({ outcome }) => (outcome === 'created' ? 'info' : 'warn'),
    fields: ['tenant', 'key', 'outcome', 'why'],
    text: ['refusal'],
    // A refusal repeats what it refuses, and that is the alert's text.
    from: ({ tenant, key, outcome, why }) => ({
      ...{ tenant, key, outcome },
      ...(outcome === 'refused' ? { refusal: why } : { why }),
    }),
  },
  'looked-for': { level: 'info', fields: ['key', 'found'] },
  joined: { level: 'info', fields: ['tenant', 'key', 'leads'] },
  gathered: { level: 'debug', fields: ['tenant', 'comments', 'freed'] },
  'comment-intended': { level: 'info', fields: ['tenant', 'issue', 'alerts'] },
  'comment-answered': { level: 'info', fields: ['tenant', 'issue', 'outcome'], text: ['why'] },
  'issue-told': { level: 'info', fields: ['tenant', 'issue'] },
  'hint-taken': { level: 'debug', fields: ['news', 'issueId'] },
  // Whoever calls without a signature decides how often; one line a minute says enough, and all are counted.
  'hint-refused': { level: ({ quiet }) => (quiet ? 'debug' : 'warn'), fields: ['reason', 'status', 'says'] },
  'call-waits': { level: 'info', fields: ['tenant', 'service', 'waitMs'] },
  'sync-started': { level: 'debug', fields: ['tenant'] },
  'sync-read': { level: 'debug', fields: ['tenant', 'watched', 'changed'] },
  'sync-stopped': { level: 'warn', fields: ['tenant', 'why'] },
  'sync-ended': {
    level: ({ result }) => (result.failure && !result.failure.waiting ? 'warn' : 'info'),
    fields: [
      ...['tenant', 'watched', 'changed', 'closed', 'reopened', 'moved', 'movedBack', 'told', 'waiting', 'refused'],
      ...['why', 'mend'],
    ],
    from: ({ result: { failure, stopped: _, ...counts } }) => ({ ...counts, why: failure?.why, mend: failure?.mend }),
  },
  'sync-planned': deedRow('debug'),
  'alert-closed': deedRow('info'),
  'alert-reopened': deedRow('info'),
  'issue-moved': deedRow('info'),
  'issue-moved-back': deedRow('info'),
  'sync-left': deedRow('warn'),
  agreed: { level: 'debug', fields: ['tenant', 'key'] },
  'issue-told-note': { level: 'info', fields: ['tenant', 'issue', 'notes'] },
  'note-waits': { level: 'info', fields: ['tenant', 'issue', 'why'] },
  'news-found': { level: 'debug', fields: ['tenant', 'alerts'] },
  'news-intended': { level: 'debug', fields: ['tenant', 'key', 'issue'] },
  'news-written': { level: 'debug', fields: ['tenant', 'key', 'issue', 'outcome'] },
  'late-news': newsRow(),
  'late-look-up': newsRow(),
  'report-delivered': { level: 'info', fields: ['scope', 'kind', 'channel', 'period'] },
  'report-failed': { level: 'warn', fields: ['scope', 'kind', 'channel', 'period', 'why'] },
  'twin-closed': {
    level: 'warn',
    fields: ['site', 'issue', 'original', 'note'],
    from: ({ twin: { site, twin, original, note } }) => ({ site, issue: twin.key, original: original.key, note }),
  },
  'sweep-started': { level: 'debug', fields: [] },
  swept: {
    level: 'info',
    fields: ['issues', 'closed', 'left', 'failed'],
    from: ({ summary: { issues, closed, left, failures } }) => ({
      ...{ issues, closed: closed.length, left: left.length },
      failed: failures.map(({ site }) => site).join(', '),
    }),
  },
  'audit-started': { level: 'debug', fields: ['tenant'] },
  audited: {
    level: ({ report }) => (report.differences.length > 0 || report.failures.length > 0 ? 'warn' : 'info'),
    fields: ['tenant', 'source', 'ledger', 'issues', 'admitted', 'differences', 'failures'],
    from: ({ report: { tenant, source, ledger, issues, admitted, differences, failures } }) => ({
      ...{ tenant, source, ledger, issues, admitted },
      differences: differences.map(({ kind, count }) => `${kind} ${count}`).join(', '),
      failures: failures.join('; '),
    }),
  },
  serving: serviceRow('info'),
  reloaded: serviceRow('info'),
  'reload-refused': { level: 'error', fields: ['why'], from: ({ why }) => ({ why: why.join('; ') }) },
  stopping: { level: 'info', fields: [] },
  'job-failed': { level: 'error', fields: ['job', 'why', 'retryMs'] },
  'trouble-began': { level: 'warn', fields: ['kind', 'tenant', 'says', 'mend'] },
  'trouble-ended': { level: 'info', fields: ['kind', 'tenant'] },
  settled: {
    level: ({ line }) => (line.outcome === 'held' ? 'warn' : 'info'),
    fields: ['tenant', 'alert', 'key', 'outcome', 'severity', 'issue', 'project', 'why', 'suppressedBy'],
    text: ['title', 'users', 'addresses'],
    from: ({ line }) => settledFields(line),
  },
};

function deedRow(level: LogLevel) {
  return {
    level,
    fields: ['tenant', 'alert', 'key', 'issue', 'deed', 'ending', 'why'],
    text: ['title'],
    from: ({ line }: { line: SyncLine }): LogFields => {
      const { tenant, alertId, key, ticket, deed, ending, title } = line;
      return { tenant, alert: alertId, key, issue: ticket.key, deed, ending, title, why: without(line.why, [title]) };
    },
  };
}

function newsRow() {
  return {
    level: 'info' as const,
    fields: ['tenant', 'alert', 'key', 'issue', 'outcome'],
    text: ['says'],
    from: ({ result }: Extract<ProgressEvent, { event: 'late-news' | 'late-look-up' }>): LogFields => ({
      tenant: result.tenant,
      alert: result.alertId,
      key: result.key,
      issue: result.ticket.key,
      outcome: result.outcome,
      says: result.says,
    }),
  };
}

function serviceRow(level: LogLevel) {
  return {
    level,
    fields: ['tenants', 'sites', 'store', 'listens'],
    from: (event: Extract<ProgressEvent, { event: 'serving' | 'reloaded' }>): LogFields => ({
      tenants: event.tenants.length,
      sites: event.sites.join(', '),
      store: event.store,
      listens: event.listens,
    }),
  };
}

/** An event that nobody has documented yet is told by its ids alone. */
const NO_ROW: Row<never> = { level: 'info', fields: ['tenant', 'key', 'issue'] };

function settledFields(line: AlertLine): LogFields {
  const { tenant, alertId, key, outcome, severity, ticket, project, title, users, findings } = line;
  const addresses = findings.map(({ address }) => address);
  return {
    ...{ tenant, alert: alertId, key, outcome, severity, project, title },
    issue: ticket?.key,
    why: without(line.why, [title, ...users, ...addresses]),
    suppressedBy: line.rules?.suppressedBy,
    users: users.join(', '),
    addresses: addresses.join(', '),
  };
}

/** A reason may repeat the alert's own words: the tracker's do where it refuses them. */
function without(why: string, texts: readonly string[]): string {
  return texts.filter((text) => text.length > 3).reduce((rest, text) => rest.replaceAll(text, '[text]'), why);
}

/** Mail addresses, IPv4 addresses that are not a service's own (behind `//`), and IPv6 addresses. */
const ADDRESSES =
  /[^\s@"'<>(),;:]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+|(?<!\/\/|[\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)|(?<![\w:])(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}(?![\w:])/gi;

/** The log line of an event: its level and its fields, those with people's text only if `text` is wanted. */
export function logLineOf(event: ProgressEvent, text: boolean): { level: LogLevel; fields: LogFields } {
  const row = (LOG_ROWS[event.event] ?? NO_ROW) as Row<ProgressEvent>;
  const all: LogFields = row.from ? row.from(event) : (event as unknown as LogFields);
  const fields: Record<string, LogFields[string]> = {};
  for (const name of row.fields) fields[name] = text ? all[name] : withoutAddresses(name, all[name]);
  for (const name of text ? (row.text ?? []) : []) fields[name] = all[name];
  return { level: typeof row.level === 'function' ? row.level(event) : row.level, fields };
}

/** Fields whose words may be somebody else's. */
const SENTENCES = new Set(['why', 'says', 'mend', 'note', 'failures']);

function withoutAddresses(name: string, value: LogFields[string]): LogFields[string] {
  return SENTENCES.has(name) && typeof value === 'string' ? value.replace(ADDRESSES, '[address]') : value;
}
