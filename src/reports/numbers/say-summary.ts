import { sayDuration } from '../../domain/time.ts';
import type { Completeness, Durations, Figures, PeriodFigures, ReportModel } from '../model.ts';
import { LEAST_FOR_PERCENTILES } from './count/samples.ts';

/**
 * A month in three to five sentences for somebody who reads nothing else: how complete the picture is, how much there
 * was, what it turned out to be, how soon it was dealt with, and what is left to do.
 */
export function saySummary(model: ReportModel): string[] {
  return [
    sayVolume(model),
    sayOutcome(model.figures),
    sayTimes(model.figures),
    sayOpen(model.figures, model.held.still.total),
    ...sayTrust(model.completeness),
  ].filter((sentence) => sentence !== '');
}

function sayVolume({ figures, previous, yearAgo }: ReportModel): string {
  const { alerts, bySeverity, issues } = figures;
  if (alerts === 0)
    return issues === 0
      ? 'No alert was raised in this period.'
      : `No alert was raised, and ${count(issues, 'issue')} made for earlier ones.`;
  const high = bySeverity.high === 0 ? 'none of high severity' : `${bySeverity.high} of high severity`;
  const against = [
    sayAgainst(alerts, previous.at(-1), 'in the period before'),
    sayAgainst(alerts, yearAgo, 'a year ago'),
  ];
  const compared = against.filter((words) => words !== '').join(', ');
  const added = compared === '' ? '' : ` (${compared})`;
  return `${count(alerts, 'alert was', 'alerts were')} raised${added}, ${high}, and ${count(issues, 'issue was', 'issues were')} made.`;
}

/** Plain numbers: below twenty in either period no rise or fall is spoken of. */
function sayAgainst(alerts: number, other: PeriodFigures | undefined, when: string): string {
  if (!other) return '';
  const before = other.figures.alerts;
  if (Math.min(alerts, before) < LEAST_FOR_PERCENTILES || alerts === before) return `${before} ${when}`;
  const change = Math.round((Math.abs(alerts - before) / before) * 100);
  if (change === 0) return `${before} ${when}`;
  return `${change} % ${alerts > before ? 'more' : 'fewer'} than the ${before} ${when}`;
}

function sayOutcome({ outcomes }: Figures): string {
  const { truePositive, benign, undetermined, falsePositives } = outcomes;
  const { count: wrong, of } = falsePositives;
  const apart = undetermined === 0 ? '' : `; ${undetermined} more ended without a verdict`;
  if (of === 0)
    return undetermined === 0 ? 'None was closed.' : `${count(undetermined, 'alert')} ended without a verdict.`;
  const shown =
    of < LEAST_FOR_PERCENTILES ? `${wrong} of ${of}` : `${wrong} of ${of} (${Math.round((100 * wrong) / of)} %)`;
  return `Of those closed with a verdict, ${shown} were false alarms, ${truePositive} were real and ${benign} real but harmless${apart}.`;
}

function sayTimes({ acknowledge, resolve, acknowledgeSla, resolveSla }: Figures): string {
  if (acknowledge.n === 0 && resolve.n === 0) return '';
  const missed = acknowledgeSla.breached.count + resolveSla.breached.count;
  const of = acknowledgeSla.breached.of + resolveSla.breached.of;
  const kept =
    of === 0
      ? ''
      : missed === 0
        ? `; all ${of} agreed targets were kept`
        : `; ${missed} of ${of} agreed targets were missed`;
  const parts = [
    acknowledge.n === 0 ? '' : `People took up an issue ${sayDurations(acknowledge)}`,
    resolve.n === 0 ? '' : `${acknowledge.n === 0 ? 'Issues were resolved' : 'resolved it'} ${sayDurations(resolve)}`,
  ].filter((part) => part !== '');
  return `${parts.join(' and ')}${kept}.`;
}

/** By n = 20 the half of them is spoken of; below it, from which to which. */
function sayDurations({ n, medianMs, shortestMs = 0, longestMs = 0 }: Durations): string {
  if (medianMs !== undefined) return `within ${sayDuration(medianMs)} in half of ${n} cases`;
  if (n === 1) return `after ${sayDuration(longestMs)} in the one case`;
  return `after ${sayDuration(shortestMs)} to ${sayDuration(longestMs)} (${n} cases)`;
}

function sayOpen({ openAtEnd, acknowledgeSla, resolveSla }: Figures, held: number): string {
  const overdue = acknowledgeSla.overdue + resolveSla.overdue;
  const late = overdue === 0 ? '' : `, with ${count(overdue, 'target')} overdue`;
  const waiting =
    held === 0
      ? ''
      : `; ${count(held, 'alert is', 'alerts are')} held and ${held === 1 ? 'waits' : 'wait'} for a person`;
  if (openAtEnd === 0 && held === 0) return 'Nothing was left open at the end.';
  return `${count(openAtEnd, 'issue was', 'issues were')} open at the end${late}${waiting}.`;
}

function sayTrust({ state, days, longestGapMs, differences }: Completeness): string[] {
  const blind = days.filter(({ reading }) => reading === 'could-not-look' || reading === 'not-read').length;
  switch (state) {
    case 'whole':
      return [];
    case 'not-read':
      return ['The source was not read at all in this period, so that these numbers say nothing of what happened.'];
    case 'could-not-look':
      return ['The source could not be read in this period: no alerts here does not mean that there were none.'];
    case 'differs':
      return [
        `A recount found ${differences.map(({ count: n, kind }) => `${n} ${kind.replaceAll('-', ' ')}`).join(', ')}; see the first page.`,
      ];
    default:
      return [
        blind > 0
          ? `On ${count(blind, 'day')} the source could not be read or was not read; alerts of then may be missing.`
          : `The source could not always be read in time; the longest gap was ${sayDuration(longestGapMs)}.`,
      ];
  }
}

function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
