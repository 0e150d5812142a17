import type { StatusReport, TenantStatus } from '../../domain/outcome.ts';
import { clean } from '../../domain/text/clean.ts';
import { wrap, wrapIndented } from '../../domain/text/width.ts';
import { type EpochMs, SECOND_MS, sayDuration } from '../../domain/time.ts';
import type { Paper } from '../text/paper.ts';
import { type Column, layOut, rowOf } from '../text/table.ts';
import { count, sayNumber } from './alert-words.ts';
import { renderWarnings } from './render-warnings.ts';

const COLUMNS: readonly Column[] = [
  { title: 'TENANT', flexible: true, most: 30 },
  { title: 'READ', align: 'right' },
  { title: 'OLDEST OPEN', align: 'right' },
  { title: 'WAITING', align: 'right' },
  { title: 'RAISED', align: 'right' },
  { title: 'ATTACHED', align: 'right' },
  { title: 'SUPPRESSED', align: 'right' },
  { title: 'HELD', align: 'right' },
];

const MOST_ON_A_TERMINAL = 10;
const MOST_TYPES = 3;
const MOST_NAMES = 3;
const OPEN_STATES = ['pending', 'sending', 'unknown', 'attaching'];

/** One screen: whether all is well, and if not, what to do; then where every tenant stands, those in trouble first. */
export function renderStatus(report: StatusReport, paper: Paper): string[] {
  const { store, at, tenants, uncategorised, quota, warnings } = report;
  const troubled = Map.groupBy(warnings, ({ tenant }) => tenant ?? '');
  const ordered = [...tenants].sort((a, b) => Number(troubled.has(b.tenant)) - Number(troubled.has(a.tenant)));
  const shown = paper.terminal ? ordered.slice(0, MOST_ON_A_TERMINAL) : ordered;
  const left = ordered.slice(shown.length);
  const rows = [...shown.map((tenant) => cells(tenant, at)), ...(left.length > 0 ? [restOf(left, at)] : [])];
  const widths = layOut(COLUMNS, rows, paper.columns);
  return [
    ...headline(report, paper),
    '',
    rowOf(
      COLUMNS,
      widths,
      COLUMNS.map(({ title }) => title),
      (cell) => paper.style('dim', cell),
    ),
    ...rows.map((row) => rowOf(COLUMNS, widths, row)),
    '',
    ...sayUncategorised(uncategorised, paper),
    ...sayClocks(report, paper),
    ...wrap(quota ? sayQuota(quota, at) : 'AbuseIPDB look-ups are switched off.', paper.columns),
    `Ledger ${clean(store)}`,
  ];
}

function headline({ warnings, tenants }: StatusReport, paper: Paper): string[] {
  if (tenants.length > 0 && tenants.every(({ polledAt, failure }) => polledAt === undefined && failure === undefined))
    return [paper.style('odd', 'Nothing has been read yet → casewire run')];
  if (warnings.length === 0) return [paper.style('good', 'All is well.')];
  return renderWarnings(warnings, paper);
}

/** The tenants that do not fit on the screen, in one row. */
function restOf(tenants: readonly TenantStatus[], at: EpochMs): string[] {
  const sum = (of: (tenant: TenantStatus) => number) => sayNumber(tenants.reduce((n, tenant) => n + of(tenant), 0));
  const read = tenants.flatMap(({ polledAt }) => polledAt ?? []);
  const open = tenants.flatMap(({ oldestOpen }) => oldestOpen ?? []);
  return [
    `${sayNumber(tenants.length)} more`,
    read.length < tenants.length ? 'some never' : sayRead(Math.min(...read), at),
    open.length === 0 ? '–' : sayDuration(Math.max(0, at - Math.min(...open))),
    sum(openOf),
    sum(({ counts }) => counts.raised ?? 0),
    sum(({ counts }) => counts.attached ?? 0),
    sum(({ counts }) => counts.suppressed ?? 0),
    sum(heldOf),
  ];
}

function sayRead(polledAt: EpochMs, at: EpochMs): string {
  return at - polledAt < SECOND_MS ? 'just now' : `${sayDuration(at - polledAt)} ago`;
}

/** When each clock last ran, as far as the ledger knows. */
function sayClocks({ at, clocks }: StatusReport, { columns }: Paper): string[] {
  const say = (word: string, instant: EpochMs | undefined) =>
    instant === undefined ? [] : [`${word} ${sayRead(instant, at)}`];
  const { polledAt, syncedAt, sweptAt, auditedAt } = clocks;
  const known = [
    ...say('read', polledAt),
    ...say('kept in step', syncedAt),
    ...say('swept', sweptAt),
    ...say('audited', auditedAt),
  ];
  return known.length === 0 ? [] : wrap(`Last ${known.join(', ')}.`, columns);
}

function cells(tenant: TenantStatus, at: EpochMs): string[] {
  const { counts, polledAt, oldestOpen } = tenant;
  return [
    clean(tenant.tenant),
    polledAt === undefined ? 'never' : sayRead(polledAt, at),
    oldestOpen === undefined ? '–' : sayDuration(Math.max(0, at - oldestOpen)),
    sayNumber(openOf(tenant)),
    sayNumber(counts.raised ?? 0),
    sayNumber(counts.attached ?? 0),
    sayNumber(counts.suppressed ?? 0),
    sayNumber(heldOf(tenant)),
  ];
}

function openOf({ counts }: TenantStatus): number {
  return OPEN_STATES.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
}

/** What a person gave up on is no longer a thing to look at. */
function heldOf({ counts, heldBy }: TenantStatus): number {
  return (counts.held ?? 0) - (heldBy.dropped ?? 0);
}

/** One line to a detection, over all tenants: it is a detection that a rule gives a category. */
function sayUncategorised({ days, types }: StatusReport['uncategorised'], paper: Paper): string[] {
  if (types.length === 0) return [];
  const all = types.reduce((sum, { alerts }) => sum + alerts, 0);
  const byType = [...Map.groupBy(types, ({ type }) => type)]
    .map(([type, rows]) => ({ type, rows, alerts: rows.reduce((sum, { alerts }) => sum + alerts, 0) }))
    .sort((a, b) => b.alerts - a.alerts);
  const shown = paper.terminal ? byType.slice(0, MOST_TYPES) : byType;
  const more = byType.length - shown.length;
  const head = `Without a category: ${count(all, 'alert')} of the last ${days} days. A rule gives one: then: { category: … } (docs/categories.md)`;
  return [
    ...wrap(head, paper.columns).map((line) => paper.style('odd', line)),
    ...shown.flatMap(({ type, rows, alerts }) =>
      wrapIndented(`${sayNumber(alerts)} ${clean(type) || '(no name)'} (${sayTenants(rows)})`, 4, paper.columns),
    ),
    ...(more > 0 ? [`    and ${sayNumber(more)} more: casewire status --json`] : []),
  ];
}

function sayTenants(rows: readonly { tenant: string }[]): string {
  const names = rows.slice(0, MOST_NAMES).map(({ tenant }) => clean(tenant));
  const more = rows.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${sayNumber(more)} more` : ''}`;
}

function sayQuota(quota: NonNullable<StatusReport['quota']>, at: EpochMs): string {
  const { dailyBudget, used, left, blockedUntil, blockedWhy } = quota;
  const blocked =
    blockedUntil !== undefined && blockedUntil > at
      ? `; none is sent for another ${sayDuration(blockedUntil - at)}${blockedWhy === undefined ? '' : ` (${clean(blockedWhy)})`}`
      : '';
  return `AbuseIPDB look-ups today: ${sayNumber(used)} of ${sayNumber(dailyBudget)} used, ${sayNumber(left)} left${blocked}`;
}
