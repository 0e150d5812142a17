import { SEVERITIES } from '../../../domain/alert.ts';
import type { Durations, Figures, PeriodFigures, ReportModel, SlaFigures } from '../../model.ts';
import type { Cell, TableBlock } from '../../paper.ts';
import { FEW, median, percent, target } from '../words/numbers.ts';
import { instant, periodName, shortPeriod } from '../words/times.ts';
import { lasting, left, NONE, partOf, quantity, right, words } from './tables.ts';

/** One line by which periods are compared. */
interface Measure {
  label: string;
  /** Where no column of its own says the target. */
  whole?: string;
  target: Cell;
  of(figures: Figures): Cell;
}

const plain = (label: string, of: (figures: Figures) => number): Measure => ({
  label,
  target: NONE,
  of: (figures) => quantity(of(figures)),
});

const medianOf = (label: string, of: (figures: Figures) => Durations): Measure => ({
  label,
  target: NONE,
  of: (figures) => briefTime(of(figures)),
});

/** The same where there is little room: of few only how many they are. */
function briefTime({ n, medianMs }: Durations): Cell {
  if (medianMs !== undefined) return lasting(medianMs);
  return { text: n === 0 ? '–' : `n = ${n}`, value: '' };
}

/** A median for people and, in minutes, for machines; of few only from when to when. */
export function timeCell(durations: Durations): Cell {
  const { medianMs } = durations;
  return medianMs === undefined ? { text: median(durations), value: '' } : lasting(medianMs);
}

/** A share of missed targets up to which a person is only made aware of it. */
const TOLERABLE = 0.1;

/** Of targets that were met or missed, how many were met. */
export function metCell({ breached: { count: missed, of } }: SlaFigures): Cell {
  if (of === 0) return NONE;
  const tone = missed === 0 ? 'good' : missed / of > TOLERABLE ? 'bad' : 'attention';
  const met = of - missed;
  const text = of < FEW ? `${met} of ${of}` : `${percent({ count: met, of })} of ${of}`;
  return { ...words(text, tone), value: Math.round((met / of) * 1000) / 10 };
}

function measuresOf({ sla, notMeasured }: ReportModel): readonly Measure[] {
  const made: Measure[] = [
    plain('Alerts', ({ alerts }) => alerts),
    plain('Alerts of high severity', ({ bySeverity }) => bySeverity.high),
    plain('Issues made', ({ issues }) => issues),
    plain('Alerts suppressed', ({ decisions }) => decisions.suppressed),
    plain('Alerts held at the end', ({ heldAtEnd }) => heldAtEnd),
    medianOf('Alert to issue, median', ({ alertToIssue }) => alertToIssue),
  ];
  if (notMeasured) return made;
  return [
    ...made,
    plain('Issues acknowledged', ({ acknowledged }) => acknowledged),
    plain('Resolutions', ({ resolved }) => resolved),
    { label: 'Resolutions reopened', target: NONE, of: ({ reopened }) => partOf(reopened) },
    plain('Issues open at the end', ({ openAtEnd }) => openAtEnd),
    { label: 'False positives', target: NONE, of: ({ outcomes }) => partOf(outcomes.falsePositives) },
    medianOf('Acknowledged, median', ({ acknowledge }) => acknowledge),
    medianOf('Resolved, median', ({ resolve }) => resolve),
    ...SEVERITIES.flatMap((severity): Measure[] => {
      const { acknowledgeMs, resolveMs } = sla.targets[severity] ?? {};
      return [
        ...(acknowledgeMs === undefined ? [] : [metMeasure(severity, 'acknowledge', acknowledgeMs)]),
        ...(resolveMs === undefined ? [] : [metMeasure(severity, 'resolve', resolveMs)]),
      ];
    }),
  ];
}

function metMeasure(severity: (typeof SEVERITIES)[number], what: 'acknowledge' | 'resolve', targetMs: number): Measure {
  const done = what === 'acknowledge' ? 'acknowledged' : 'resolved';
  return {
    label: `${severity}: ${done} in time`,
    whole: `${severity}: ${done} in ${target(targetMs)}`,
    target: { text: target(targetMs), value: targetMs / 60_000 },
    of: ({ slaBySeverity }) => metCell(slaBySeverity[severity][what]),
  };
}

/** What is compared with less than a whole period. */
function sayPartly(periods: readonly PeriodFigures[], { zone }: ReportModel['period']): string {
  return periods
    .flatMap(({ period, knownSince }) =>
      knownSince === undefined ? [] : [`; ${shortPeriod(period)} is known since ${instant(knownSince, zone)} only`],
    )
    .join('');
}

/** A column whose period is known in part says so itself. */
function partly(label: string, one: PeriodFigures | undefined): string {
  return one?.knownSince === undefined ? label : `${label} (partly)`;
}

/** Only what can still be acted on is told in colour. */
function inThePast({ tone: _, ...cell }: Cell): Cell {
  return cell;
}

/** This period beside those before it, oldest first. */
export function comparison(model: ReportModel, caption: string): TableBlock {
  const { period, figures, previous, traces } = model;
  const periods: readonly PeriodFigures[] = [...previous, { period, figures }];
  return {
    block: 'table',
    name: 'comparison',
    caption: `${caption}${sayPartly(previous, period)}`,
    columns: [left('Measure', 3), ...periods.map((one) => right(partly(shortPeriod(one.period), one)))],
    rows: measuresOf(model).map(({ label, whole = label, of }) => [
      words(whole),
      ...previous.map((one) => inThePast(of(one.figures))),
      of(figures),
    ]),
    empty: 'There is nothing to compare.',
    trace: traces.alerts,
  };
}

/** Target, this month, the month before, the same month of last year. */
export function scorecard(model: ReportModel): TableBlock {
  const { period, figures, previous, yearAgo, traces } = model;
  const last = previous.at(-1);
  const compared = [yearAgo, last].flatMap((one) => one ?? []);
  const gone = last === undefined || yearAgo === undefined;
  return {
    block: 'table',
    name: 'scorecard',
    caption: `Scorecard; of fewer than ${FEW} only n is told${gone ? ', and a dash stands for a month of which the ledger has nothing' : ''}${sayPartly(compared, period)}`,
    columns: [
      left('Measure', 3),
      right('Target'),
      right(shortPeriod(period)),
      right(partly('Month before', last)),
      right(partly('Year before', yearAgo)),
    ],
    rows: measuresOf(model).map(({ label, target, of }) => [
      words(label),
      target,
      of(figures),
      last ? inThePast(of(last.figures)) : NONE,
      yearAgo ? inThePast(of(yearAgo.figures)) : NONE,
    ]),
    empty: `Nothing is known of ${periodName(period)}.`,
    trace: traces.alerts,
  };
}
