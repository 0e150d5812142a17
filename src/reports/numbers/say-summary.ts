import { sayDuration } from '../../domain/time.ts';
import type { Completeness, Durations, Figures, PeriodFigures, ReportModel } from '../model.ts';
import { LEAST_FOR_PERCENTILES } from './count/samples.ts';

/**
 * A month in three to five sentences for somebody who reads nothing else: how complete the picture is, how much there
 * was, what it turned out to be, how soon it was dealt with, and what is left to do.
 */
export function saySummary(model: ReportModel): string[] {
  const { figures, completeness, held } = model;
  const trust = sayTrust(completeness, figures.alerts);
  const numbers = [
    sayVolume(model),
    sayOutcome(figures),
    sayTimes(figures),
    model.notMeasured ? sayHeld(held.still.total) : sayOpen(figures, held.still.total),
  ];
  // Whoever reads the first sentence alone is not to take blindness for quiet.
  return (isBlind(completeness) ? [trust, ...numbers] : [...numbers, trust]).filter((sentence) => sentence !== '');
}

function sayVolume({ figures, previous, yearAgo, completeness }: ReportModel): string {
  const { alerts, bySeverity, issues } = figures;
  const made = `${count(issues, 'issue was', 'issues were')} made`;
  if (alerts === 0) {
    const none = isBlind(completeness) ? 'No alert of this period is known' : 'No alert was raised in this period';
    return issues === 0 ? `${none}.` : `${none}; ${made} for earlier ones.`;
  }
  const high = bySeverity.high === 0 ? 'none of high severity' : `${bySeverity.high} of high severity`;
  const others = [
    sayAgainst(alerts, previous.at(-1), 'in the period before'),
    sayAgainst(alerts, yearAgo, 'a year ago'),
  ];
  const compared = others.filter((words) => words !== '').join(', ');
  const added = compared === '' ? '' : ` (${compared})`;
  return `${count(alerts, 'alert was', 'alerts were')} raised${added}, ${high}, and ${made}.`;
}

/** Below twenty in either period no rise or fall is spoken of, and nothing of a period that is not wholly known. */
function sayAgainst(alerts: number, other: PeriodFigures | undefined, when: string): string {
  if (!other || other.knownSince !== undefined) return '';
  const before = other.figures.alerts;
  if (Math.min(alerts, before) < LEAST_FOR_PERCENTILES || alerts === before) return `${before} ${when}`;
  const change = Math.round((Math.abs(alerts - before) / before) * 100);
  if (change === 0) return `${before} ${when}`;
  return `${change} % ${alerts > before ? 'more' : 'fewer'} than the ${before} ${when}`;
}

function sayOutcome({ outcomes }: Figures): string {
  const { truePositive, benign, undetermined, falsePositives } = outcomes;
  const { count: wrong, of } = falsePositives;
  if (of === 0) return undetermined === 0 ? '' : `${count(undetermined, 'alert')} ended without a verdict.`;
  const apart = undetermined === 0 ? '' : `; ${undetermined} more ended without one`;
  if (of === 1) {
    const what = wrong === 1 ? 'a false alarm' : benign === 1 ? 'real but harmless' : 'real';
    return `The one that was closed with a verdict was ${what}${apart}.`;
  }
  const share = of < LEAST_FOR_PERCENTILES ? '' : ` (${Math.round((100 * wrong) / of)} %)`;
  const rest = `${truePositive} real and ${benign} real but harmless`;
  return `Of the ${of} that were closed with a verdict, ${wrong}${share} ${wrong === 1 ? 'was a false alarm' : 'were false alarms'}, ${rest}${apart}.`;
}

function sayTimes({ acknowledge, resolve, acknowledgeSla, resolveSla }: Figures): string {
  if (acknowledge.n === 0 && resolve.n === 0) return '';
  const missed = acknowledgeSla.breached.count + resolveSla.breached.count;
  const of = acknowledgeSla.breached.of + resolveSla.breached.of;
  const kept =
    of === 0
      ? ''
      : missed === 0
        ? `; ${of === 1 ? 'the one agreed target was' : `all ${of} agreed targets were`} kept`
        : `; ${missed} of ${count(of, 'agreed target')} ${missed === 1 ? 'was' : 'were'} missed`;
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

/** Where nothing is known of issues after they were made. */
function sayHeld(held: number): string {
  const waiting =
    held === 0
      ? ''
      : `${count(held, 'alert is', 'alerts are')} held and ${held === 1 ? 'waits' : 'wait'} for a person; `;
  return `${waiting}${waiting === '' ? 'How' : 'how'} soon people dealt with the issues was not measured.`;
}

function isBlind({ state }: Completeness): boolean {
  return state === 'not-read' || state === 'could-not-look';
}

function sayTrust({ state, days, longestGapMs, differences }: Completeness, alerts: number): string {
  const blind = days.filter(({ reading }) => reading === 'could-not-look' || reading === 'not-read').length;
  switch (state) {
    case 'whole':
      return alerts === 0 ? 'The source was read all through, so that there was none to miss.' : '';
    case 'not-read':
      return 'The source was not read at all in this period: these numbers do not say what happened.';
    case 'could-not-look':
      return 'The source could not be read in this period: what happened there is not known.';
    case 'differs':
      return `A recount found ${differences.map(({ count: n, kind }) => `${n} ${kind.replaceAll('-', ' ')}`).join(', ')}; see the completeness of this report.`;
    default:
      return blind > 0
        ? `On ${count(blind, 'day')} the source could not be read or was not read; alerts of then may be missing.`
        : `The source could not always be read in time; the longest gap was ${sayDuration(longestGapMs)}.`;
  }
}

function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
