import type { ReportModel } from '../model.ts';
import type { Block, ScoreFigure } from '../paper.ts';
import { traceAnnex } from './parts/annex.ts';
import { completenessFigures, completenessNotice, gapTable } from './parts/completeness.ts';
import { highTable } from './parts/incidents.ts';
import { heldAlertTable, sayLookUps, uncategorisedTable } from './parts/leftovers.ts';
import type { Making } from './parts/tables.ts';
import { slaFigures, slaTable } from './parts/work.ts';
import { change, number } from './words/numbers.ts';
import { before } from './words/times.ts';

/** The day for those who work on it: one page, and behind it how it was counted. Lists without rows are left out. */
export function composeDaily(making: Making, revision: number | undefined): readonly Block[] {
  const { model } = making;
  const { gaps } = model.completeness;
  const few = { ...making, most: Math.ceil(making.most / 2) };
  const page: readonly Block[] = [
    completenessNotice(model),
    completenessFigures(model),
    dayFigures(model),
    highTable(making),
    slaFigures(model),
    ...(model.slaLists.overdue.total > 0 ? [slaTable(few, 'overdue')] : []),
    ...(model.slaLists.dueSoon.total > 0 ? [slaTable(few, 'dueSoon')] : []),
    ...(gaps.total > 0 ? [gapTable(few)] : []),
    ...(model.held.still.total > 0 ? [heldAlertTable(few)] : []),
    ...(model.uncategorised.total > 0 ? [uncategorisedTable(making)] : []),
    sayLookUps(model),
  ];
  return [...page.map(withoutTrace), { block: 'annex' }, ...traceAnnex(model, revision)];
}

/** So that the day fits on a page, what was counted stands in the annex alone. */
function withoutTrace(block: Block): Block {
  if (!('trace' in block)) return block;
  const { trace: _, ...rest } = block;
  return rest;
}

function dayFigures({ figures, previous, traces, notMeasured }: ReportModel): Block {
  const last = previous.at(-1);
  const than = (of: (f: ReportModel['figures']) => number): Pick<ScoreFigure, 'note'> =>
    last ? { note: change(of(figures), of(last.figures), before(last.period)) } : {};
  const figure = (label: string, of: (f: ReportModel['figures']) => number, rest: Partial<ScoreFigure> = {}) => ({
    label,
    text: number(of(figures)),
    value: of(figures),
    ...than(of),
    ...rest,
  });
  const { heldAtEnd } = figures;
  return {
    block: 'figures',
    name: 'day',
    figures: [
      figure('Alerts', ({ alerts }) => alerts),
      figure('High severity', ({ bySeverity }) => bySeverity.high),
      figure('Issues made', ({ issues }) => issues),
      ...(notMeasured
        ? []
        : [
            figure('Acknowledged', ({ acknowledged }) => acknowledged),
            figure('Resolved', ({ resolved }) => resolved),
            figure('Open at the end', ({ openAtEnd }) => openAtEnd, {
              note: change(figures.openAtEnd, figures.openAtStart, 'at its beginning'),
            }),
          ]),
      figure('Suppressed', ({ decisions }) => decisions.suppressed),
      figure('Held at the end', (of) => of.heldAtEnd, { tone: heldAtEnd > 0 ? 'attention' : 'plain' }),
    ],
    trace: traces.alerts,
  };
}
