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
export function composeDaily(making: Making, revision: number): readonly Block[] {
  const { model } = making;
  const { gaps } = model.completeness;
  return [
    completenessNotice(model),
    completenessFigures(model),
    dayFigures(model),
    highTable({ ...making, most: making.most * 2 }),
    { block: 'heading', level: 2, text: 'Targets', id: 'targets' },
    slaFigures(model),
    ...(model.slaLists.overdue.total > 0 ? [slaTable(making, 'overdue')] : []),
    ...(model.slaLists.dueSoon.total > 0 ? [slaTable(making, 'dueSoon')] : []),
    ...(gaps.total + model.held.still.total + model.uncategorised.total > 0
      ? [{ block: 'heading' as const, level: 2 as const, text: 'What waits for somebody', id: 'waiting' }]
      : []),
    ...(gaps.total > 0 ? [gapTable(making)] : []),
    ...(model.held.still.total > 0 ? [heldAlertTable(making)] : []),
    ...(model.uncategorised.total > 0 ? [uncategorisedTable(making)] : []),
    sayLookUps(model),
    { block: 'annex' },
    ...traceAnnex(model, revision),
  ];
}

function dayFigures({ figures, previous, traces }: ReportModel): Block {
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
  const { held } = figures.states;
  return {
    block: 'figures',
    name: 'day',
    figures: [
      figure('Alerts', ({ alerts }) => alerts),
      figure('High severity', ({ bySeverity }) => bySeverity.high),
      figure('Issues made', ({ issues }) => issues),
      figure('Acknowledged', ({ acknowledged }) => acknowledged),
      figure('Resolved', ({ resolved }) => resolved),
      figure('Open at the end', ({ openAtEnd }) => openAtEnd, {
        note: change(figures.openAtEnd, figures.openAtStart, 'at its beginning'),
      }),
      figure('Suppressed', ({ states }) => states.suppressed),
      figure('Held', ({ states }) => states.held, { tone: held > 0 ? 'attention' : 'plain' }),
    ],
    trace: traces.alerts,
  };
}
