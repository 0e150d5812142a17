import { sayDuration } from '../../../domain/time.ts';
import type { ReportModel } from '../../model.ts';
import type { Block } from '../../paper.ts';
import { STATES } from '../words/names.ts';
import { change, count, FEW, number, part, share } from '../words/numbers.ts';
import { before, periodName } from '../words/times.ts';
import { capital } from './charts.ts';

/** The month in three to five sentences. */
export function summary(model: ReportModel): Block {
  const sentences = [sayVolume(model), sayFate(model), sayOutcomes(model), sayTimes(model), sayBacklog(model)];
  return { block: 'text', runs: [sentences.filter((sentence) => sentence !== '').join(' ')] };
}

function sayVolume({ scope, period, figures, previous, completeness }: ReportModel): string {
  const when = `In ${periodName(period)}`;
  const looked = completeness.state === 'whole' ? '' : ` (${STATES[completeness.state].says})`;
  const last = previous.at(-1);
  const than = last ? `, ${change(figures.alerts, last.figures.alerts, before(last.period))}` : '';
  if (figures.alerts === 0) return `${when} no alert of ${scope} is known${looked}${than}.`;
  const high =
    figures.bySeverity.high === 0 ? 'none of high severity' : `${number(figures.bySeverity.high)} of high severity`;
  return `${when} Defender raised ${count(figures.alerts, 'alert')} of ${scope}, ${high}${than}${looked}.`;
}

function sayFate({ figures: { alerts, states } }: ReportModel): string {
  if (alerts === 0) return '';
  const rest = [
    ...(states.attached > 0 ? [`${number(states.attached)} joined the issue of another`] : []),
    ...(states.suppressed > 0
      ? [`${number(states.suppressed)} ${states.suppressed === 1 ? 'was' : 'were'} suppressed`]
      : []),
    ...(states.held > 0 ? [`${number(states.held)} ${states.held === 1 ? 'is' : 'are'} held`] : []),
    ...(states.dropped > 0
      ? [`${number(states.dropped)} ${states.dropped === 1 ? 'was' : 'were'} dropped by a person`]
      : []),
    ...(states.underWay > 0 ? [`${number(states.underWay)} ${states.underWay === 1 ? 'is' : 'are'} under way`] : []),
  ];
  if (rest.length === 0) return states.raised === 1 ? 'It became an issue.' : 'Each of them became an issue.';
  return `${capital(count(states.raised, 'alert'))} became ${states.raised === 1 ? 'an issue' : 'issues'}; ${list(rest)}.`;
}

function sayOutcomes({ figures: { outcomes, resolved } }: ReportModel): string {
  const { falsePositives, truePositive, benign } = outcomes;
  const done =
    resolved === 0
      ? 'No issue was resolved'
      : `${capital(count(resolved, 'issue'))} ${resolved === 1 ? 'was' : 'were'} resolved`;
  if (falsePositives.of === 0) return `${done}, and no alert was closed with a verdict.`;
  return `${done}; of ${count(falsePositives.of, 'alert')} closed with a verdict ${part(falsePositives)} ${falsePositives.count === 1 ? 'was a false positive' : 'were false positives'}, ${number(truePositive)} true and ${number(benign)} benign.`;
}

function sayTimes({ figures, sla }: ReportModel): string {
  const { acknowledge, resolve, acknowledgeSla, resolveSla } = figures;
  const half = [
    ...(acknowledge.medianMs === undefined
      ? []
      : [`acknowledged within ${sayDuration(acknowledge.medianMs)} (n = ${number(acknowledge.n)})`]),
    ...(resolve.medianMs === undefined
      ? []
      : [`resolved within ${sayDuration(resolve.medianMs)} (n = ${number(resolve.n)})`]),
  ];
  const missed = {
    count: acknowledgeSla.breached.count + resolveSla.breached.count,
    of: acknowledgeSla.breached.of + resolveSla.breached.of,
  };
  const targets =
    Object.keys(sla.targets).length === 0 || missed.of === 0
      ? ''
      : `${missed.count === 0 ? 'no target' : `${share(missed)} targets`} ${missed.count === 0 ? 'was missed' : 'were missed'}`;
  if (half.length === 0 && targets === '') return '';
  if (half.length === 0) return `${capital(targets)}; of fewer than ${FEW} issues no typical time is told.`;
  return `Half of the issues were ${list(half)}${targets === '' ? '' : `; ${targets}`}.`;
}

function sayBacklog({ figures }: ReportModel): string {
  const { openAtEnd, openAtStart, acknowledgeSla, resolveSla } = figures;
  const overdue = acknowledgeSla.overdue + resolveSla.overdue;
  const late = overdue === 0 ? '' : `, with ${count(overdue, 'target')} overdue`;
  if (openAtEnd === 0) return 'No issue was open at the end.';
  return `${capital(count(openAtEnd, 'issue'))} ${openAtEnd === 1 ? 'was' : 'were'} open at the end, ${change(openAtEnd, openAtStart, 'at the beginning')}${late}.`;
}

function list(parts: readonly string[]): string {
  return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
