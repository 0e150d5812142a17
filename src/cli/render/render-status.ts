import type { StatusReport, TenantStatus } from '../../domain/outcome.ts';
import { type EpochMs, SECOND_MS, sayDuration } from '../../domain/time.ts';
import { clean } from '../text/clean.ts';
import type { Paper } from '../text/paper.ts';
import { type Column, layOut, rowOf } from '../text/table.ts';
import { wrap, wrapIndented } from '../text/width.ts';
import { count, sayNumber } from './alert-words.ts';

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

const MOST_ON_A_TERMINAL = 40;
const MOST_TYPES = 20;
const MOST_NAMES = 5;
const OPEN_STATES = ['pending', 'sending', 'unknown', 'attaching'];

/** Where every tenant stands, those in trouble first; what is left of the look-ups; where the ledger is. */
export function renderStatus({ store, at, tenants, uncategorised, quota }: StatusReport, paper: Paper): string[] {
  const ordered = [...tenants].sort((a, b) => troubleOf(b) - troubleOf(a));
  const shown = paper.terminal ? ordered.slice(0, MOST_ON_A_TERMINAL) : ordered;
  const rows = shown.map((tenant) => cells(tenant, at));
  const widths = layOut(COLUMNS, rows, paper.columns);
  const more = ordered.length - shown.length;
  return [
    rowOf(
      COLUMNS,
      widths,
      COLUMNS.map(({ title }) => title),
      (cell) => paper.style('dim', cell),
    ),
    ...shown.flatMap((tenant, i) => [rowOf(COLUMNS, widths, rows[i] ?? []), ...remarks(tenant, paper)]),
    ...(more > 0 ? [`and ${sayNumber(more)} more tenants: casewire status --json`] : []),
    '',
    ...sayUncategorised(uncategorised, paper),
    ...(quota ? [sayQuota(quota, at)] : ['AbuseIPDB look-ups are switched off.']),
    `Ledger ${clean(store)}`,
  ];
}

function cells(tenant: TenantStatus, at: EpochMs): string[] {
  const { counts } = tenant;
  const ago = (instant: EpochMs | undefined, missing: string) =>
    instant === undefined ? missing : sayDuration(Math.max(0, at - instant));
  return [
    clean(tenant.tenant),
    tenant.polledAt === undefined
      ? 'never'
      : at - tenant.polledAt < SECOND_MS
        ? 'just now'
        : `${ago(tenant.polledAt, '')} ago`,
    ago(tenant.oldestOpen, '–'),
    sayNumber(openOf(tenant)),
    sayNumber(counts.raised ?? 0),
    sayNumber(counts.attached ?? 0),
    sayNumber(counts.suppressed ?? 0),
    sayNumber(heldOf(tenant)),
  ];
}

function remarks(tenant: TenantStatus, { columns, style }: Paper): string[] {
  const held = Object.entries(tenant.heldBy).filter(([reason, n]) => reason !== 'dropped' && n > 0);
  return [
    ...(tenant.failure === undefined
      ? []
      : wrapIndented(`last read failed: ${clean(tenant.failure)}`, 4, columns).map((line) => style('bad', line))),
    ...(held.length === 0
      ? []
      : wrapIndented(
          `held: ${held.map(([reason, n]) => `${sayNumber(n)} ${reason}`).join(', ')} (casewire held)`,
          4,
          columns,
        ).map((line) => style('odd', line))),
  ];
}

function openOf({ counts }: TenantStatus): number {
  return OPEN_STATES.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
}

/** What a person gave up on is no longer a thing to look at. */
function heldOf({ counts, heldBy }: TenantStatus): number {
  return (counts.held ?? 0) - (heldBy.dropped ?? 0);
}

function troubleOf(tenant: TenantStatus): number {
  return (tenant.failure === undefined ? 0 : 2) + (heldOf(tenant) > 0 ? 1 : 0);
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
