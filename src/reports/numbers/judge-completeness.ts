import type { AuditReport, Difference } from '../../domain/audit.ts';
import type { ReadingGap, ReadingHour } from '../../domain/facts.ts';
import { type EpochMs, HOUR_MS } from '../../domain/time.ts';
import type { Completeness, CompletenessDay, CompletenessState } from '../model.ts';
import type { DaySpan, Span } from '../periods/period.ts';
import { byName, listed } from './count/ranking.ts';
import type { Scope } from './scope.ts';

export interface Readings {
  hours: readonly ReadingHour[];
  gaps: readonly ReadingGap[];
  recounts: readonly AuditReport[];
}

type Gap = Completeness['gaps']['rows'][number];

/** Says of each day whether the tenant was looked at, and what the recounts found. */
export function judgeCompleteness(
  { hours, gaps, recounts }: Readings,
  scope: Scope,
  days: readonly { span: DaySpan; alerts: number; withIssue: number }[],
  most: number,
): Completeness {
  // An hour that had not ended by then would be told otherwise later.
  const ended = hours.filter((one) => endsIn(one, scope) && one.hour + HOUR_MS <= scope.asOf);
  const cut = gapsIn(gaps, scope);
  const told = days.map(({ span, alerts, withIssue }) => {
    const own = ended.filter((one) => endsIn(one, span));
    const done = sum(own, ({ done: n }) => n);
    const failed = sum(own, ({ failed: n }) => n);
    const reading = readingOf(span, { done, failed }, cut, scope.asOf);
    return { ...span, reading, done, failed, alerts, withIssue, recount: recountOf(span, recounts) };
  });
  const agreed = told.filter(({ recount }) => recount === 'agrees' || recount === 'differs').length;
  return {
    state: stateOf(told),
    days: told,
    readings: { done: sum(ended, ({ done }) => done), failed: sum(ended, ({ failed }) => failed) },
    gaps: listed(cut, most, (a, b) => b.to - b.from - (a.to - a.from) || a.from - b.from),
    longestGapMs: cut.reduce((longest, { from, to }) => Math.max(longest, to - from), 0),
    recounts: listed(recounts.map(toRow), most, (a, b) => b.at - a.at),
    differences: worstOf(days.flatMap(({ span }) => newestOf(span, recounts) ?? [])),
    recounted: { count: agreed, of: told.length },
    failures: failuresOf(ended, cut, recounts),
  };
}

/** In zones that are not whole hours from UTC, an hour is told with the day in which it ends. */
function endsIn({ hour }: ReadingHour, { from, to }: Span): boolean {
  return hour + HOUR_MS > from && hour + HOUR_MS <= to;
}

function readingOf(
  day: DaySpan,
  { done, failed }: { done: number; failed: number },
  gaps: readonly Gap[],
  asOf: EpochMs,
): CompletenessDay['reading'] {
  if (day.from + HOUR_MS > asOf) return 'ahead';
  if (done === 0) return failed === 0 ? 'not-read' : 'could-not-look';
  return gaps.some(({ from, to }) => from < day.to && to > day.from) ? 'partly' : 'looked';
}

/** The newest recount of the whole day that came to its end. */
function newestOf(day: DaySpan, recounts: readonly AuditReport[]): AuditReport | undefined {
  return recounts.findLast(({ from, to, failures }) => from <= day.from && to >= day.to && failures.length === 0);
}

function recountOf(day: DaySpan, recounts: readonly AuditReport[]): CompletenessDay['recount'] {
  const newest = newestOf(day, recounts);
  if (newest) return newest.differences.length === 0 ? 'agrees' : 'differs';
  return recounts.some(({ from, to }) => from <= day.from && to >= day.to) ? 'failed' : 'none';
}

function stateOf(days: readonly CompletenessDay[]): CompletenessState {
  const past = days.filter(({ reading }) => reading !== 'ahead');
  if (past.every(({ reading }) => reading === 'not-read')) return 'not-read';
  if (past.every(({ done }) => done === 0)) return 'could-not-look';
  if (past.some(({ recount }) => recount === 'differs')) return 'differs';
  return past.every(({ reading }) => reading === 'looked') ? 'whole' : 'partly';
}

function gapsIn(gaps: readonly ReadingGap[], { from, end, asOf }: Scope): Gap[] {
  return gaps
    .filter((gap) => gap.from < end && (gap.to ?? end) > from)
    .map(({ from: begin, to, why }) => ({
      from: Math.max(begin, from),
      to: Math.min(to ?? end, end),
      open: to === undefined || to > asOf,
      ...(why === undefined ? {} : { why }),
    }));
}

/** Of each kind the largest: recounts see the same days again, so that their sum would count twice. */
function worstOf(recounts: readonly AuditReport[]): readonly Difference[] {
  const worst = new Map<string, Difference>();
  for (const one of recounts.flatMap(({ differences }) => differences))
    if (one.count > (worst.get(one.kind)?.count ?? 0)) worst.set(one.kind, one);
  return [...worst.values()].sort((a, b) => b.count - a.count || byName(a.kind, b.kind));
}

function failuresOf(hours: readonly ReadingHour[], gaps: readonly Gap[], recounts: readonly AuditReport[]): string[] {
  const lastWhy = hours.findLast(({ why }) => why !== undefined)?.why;
  const all = [lastWhy, ...gaps.map(({ why }) => why), ...recounts.flatMap(({ failures }) => failures)];
  return [...new Set(all.filter((why) => why !== undefined))].sort(byName);
}

function toRow({ tenant: _, ...row }: AuditReport): Omit<AuditReport, 'tenant'> {
  return row;
}

function sum<T>(rows: readonly T[], of: (row: T) => number): number {
  return rows.reduce((total, row) => total + of(row), 0);
}
