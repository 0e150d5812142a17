import { type EpochMs, MINUTE_MS } from '../../domain/time.ts';
import type { ReportModel, SlaRow, TraceName } from '../model.ts';
import type { Trace } from '../paper.ts';
import { wallClock } from '../periods/zone.ts';
import type { Scope } from './scope.ts';

/** Where the issues of a tenant are to be looked for in Jira. */
export interface JiraScope {
  /** Project keys in which it has issues, sorted. */
  projects: readonly string[];
  /** A further condition that parts this tenant's issues from others' in the same projects: `labels = contoso`. */
  jql?: string;
}

/** Jira's own search takes some thousand characters in its address; a list beyond this is told by dates alone. */
const MOST_KEYS = 100;

type Lists = Pick<ReportModel, 'slaLists' | 'backlog' | 'high' | 'notable'>;

/** Says of each number how anybody counts it again: in Jira where Jira can, and in the ledger's facts. */
export function sayTraces(
  scope: Scope,
  tenant: string,
  jira: JiraScope,
  lists: Lists,
): Readonly<Record<TraceName, Trace>> {
  const span = `in [${iso(scope.from)}, ${iso(scope.to)})`;
  const alerts = `alerts of ${tenant} raised in Defender ${span}`;
  const issues = `issues made, or found again, for alerts of ${tenant}`;
  const ours = jqlOf(jira);
  const dated = (field: string) =>
    `${ours} AND ${field} >= "${jqlTime(scope, scope.from)}" AND ${field} < "${jqlTime(scope, scope.to)}"`;
  const { slaLists, backlog, high, notable } = lists;
  const openJql = `${ours} AND created < "${jqlTime(scope, scope.end)}" AND (statusCategory != Done OR resolved >= "${jqlTime(scope, scope.end)}")`;
  const asOf = `recorded until ${iso(scope.asOf)}`;
  const told = {
    alerts: { ledger: `${alerts}, ${asOf}` },
    issues: { jql: dated('created'), ledger: `${issues} ${span}` },
    acknowledged: { ledger: `issues first taken up, or resolved without that, ${span}` },
    resolved: { ledger: `times an issue became done ${span}` },
    reopened: { ledger: `times an issue became done ${span} that were reopened by the end, of all such times` },
    backlog: {
      ...keysOr(
        backlog.oldest.rows.map(({ issue }) => issue),
        backlog.oldest.total,
        openJql,
      ),
      ledger: `${issues} before ${iso(scope.end)} and not resolved then, or reopened since`,
    },
    outcomes: { ledger: `verdicts given ${span}: alerts closed in Defender, or with another verdict while closed` },
    detection: { ledger: `from the activity to the alert, of ${alerts}` },
    pipeline: { ledger: `from the alert, and from its being read, to its issue, of issues made ${span}` },
    acknowledge: { ledger: `from the making of the issue until it was first taken up ${span}` },
    resolve: { ledger: `from the making of the issue until each time that it became done ${span}` },
    sla: {
      ...keysOf(slaLists.breached),
      ledger: `targets of issues that were met, or whose time was up first, ${span}; ${slaWords(scope)}`,
    },
    overdue: { ...keysOf(slaLists.overdue), ledger: `issues open at ${iso(scope.end)} whose time was up before` },
    dueSoon: { ...keysOf(slaLists.dueSoon), ledger: `issues open at ${iso(scope.end)} whose time is up within 24 h` },
    completeness: {
      ledger: `reading hours, reading gaps and recounts of ${tenant} that touch [${iso(scope.from)}, ${iso(scope.to)})`,
    },
    detections: { ledger: `${alerts}, by type; false positives of those of them with a verdict at the end` },
    categories: { ledger: `${alerts}, by category` },
    tactics: { ledger: `${alerts}, by each tactic of the category` },
    users: { ledger: `${alerts}, by each user, upper and lower case alike` },
    addresses: { ledger: `${alerts}, by each address; the newest answer on it` },
    countries: { ledger: `${alerts}, by country of each address that was looked up` },
    repeats: { ledger: `alerts of ${tenant} by user and address in this period and the four before` },
    suppressed: { ledger: `decisions to suppress an alert of ${tenant} made ${span}, by rule` },
    held: {
      ledger: `times an alert of ${tenant} became held ${span}, by reason; still held: not released, dropped, raised or closed in Defender by the end`,
    },
    enrichment: { ledger: `addresses of ${alerts}, each counted in each alert` },
    tuning: {
      ledger: `detections with 20 or more verdicts given ${span}, more than 80 % of them false positives`,
    },
    uncategorised: { ledger: `${alerts} with category other/uncategorised, by type` },
    posture: { ledger: `${alerts} whose category begins in the phase Preparation, by type` },
    high: {
      ...keysOr(
        high.rows.flatMap(({ issue }) => issue ?? []),
        high.total,
        undefined,
      ),
      ledger: `${alerts} and severity high`,
    },
    notable: {
      ...keysOr(
        notable.rows.map(({ issue }) => issue),
        notable.rows.length,
        undefined,
      ),
      ledger: `issues of severity high closed ${span} as true positive, with a target missed ${span}, or among the three open longest`,
    },
    trend: { ledger: `alerts of ${tenant} by when Defender raised them and severity, in each month` },
  } satisfies Record<TraceName, Trace>;
  return told;
}

/** `2026-10-01 00:00` on the wall of the report's zone: Jira reads dates in the zone of who searches. */
function jqlTime({ period }: Scope, at: EpochMs): string {
  return new Date(wallClock(period.zone, at)).toISOString().slice(0, 16).replace('T', ' ');
}

function jqlOf({ projects, jql }: JiraScope): string {
  const where = projects.length === 0 ? [] : [`project in (${projects.map((key) => `"${key}"`).join(', ')})`];
  return ['labels = casewire', ...where, ...(jql === undefined ? [] : [jql])].join(' AND ');
}

function keysOf({ rows, total }: { rows: readonly SlaRow[]; total: number }): Trace {
  return keysOr(
    rows.map(({ issue }) => issue),
    total,
    undefined,
  );
}

/** By the keys themselves where the list is whole and short: nothing counts more exactly. */
function keysOr(keys: readonly string[], total: number, otherwise: string | undefined): Trace {
  const each = [...new Set(keys)];
  if (keys.length === total && each.length > 0 && each.length <= MOST_KEYS)
    return { jql: `key in (${each.join(', ')})` };
  return otherwise === undefined ? {} : { jql: otherwise };
}

function slaWords({ sla, period }: Scope): string {
  const hours = sla.businessHours;
  if (!hours) return 'the clock always runs';
  const time = (minute: number) =>
    `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
  const days = hours.days.join(', ');
  return `the clock runs on ISO weekdays ${days} from ${time(hours.fromMinute)} to ${time(hours.toMinute)}, ${period.zone}`;
}

/** An instant in UTC, to the minute or the second. */
export function iso(at: EpochMs): string {
  const text = new Date(at).toISOString();
  return at % MINUTE_MS === 0 ? `${text.slice(0, 16)}Z` : `${text.slice(0, 19)}Z`;
}
