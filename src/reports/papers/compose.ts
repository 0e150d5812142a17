import type { OverviewModel, ReportModel } from '../model.ts';
import type { MissingTenant } from '../moment.ts';
import type { Block, Paper } from '../paper.ts';
import type { Period } from '../periods/period.ts';
import { composeDaily } from './daily.ts';
import { composeMonthly } from './monthly.ts';
import { composeOverview } from './overview.ts';
import { onlyMeasured } from './parts/not-measured.ts';
import { standingNotices } from './parts/standing.ts';
import type { Making } from './parts/tables.ts';
import { composeWeekly } from './weekly.ts';
import { withPopulation } from './words/populations.ts';
import { periodName, span } from './words/times.ts';

export interface Composing {
  /** 1 for the first; absent: the report is provisional. */
  revision?: number;
  /** Why it is: a sentence. */
  provisional?: string;
  /** Tenants of which not all is known. */
  missing?: readonly MissingTenant[];
  /** The program's version. */
  version: string;
  /** Every row that is known, as CSV wants it, instead of as many as a reader takes in. */
  whole?: boolean;
}

const TITLES: Readonly<Record<Period['kind'], string>> = {
  daily: 'Daily report',
  weekly: 'Weekly report',
  monthly: 'Monthly report',
};

/** Rows of a list that a reader takes in. */
const MOST: Readonly<Record<Period['kind'], number>> = { daily: 6, weekly: 10, monthly: 10 };

const BY_KIND: Readonly<Record<Period['kind'], (making: Making, revision: number | undefined) => readonly Block[]>> = {
  daily: composeDaily,
  weekly: composeWeekly,
  monthly: composeMonthly,
};

/** Says one tenant's numbers as a report of its kind; the same numbers always make the same paper. */
export function composeReport(model: ReportModel, composing: Composing): Paper {
  const { kind } = model.period;
  const making = { model, most: composing.whole ? Number.POSITIVE_INFINITY : MOST[kind] };
  const blocks = BY_KIND[kind](making, composing.revision);
  return {
    ...headOf(model, composing),
    title: TITLES[kind],
    scope: model.scope,
    pseudonymised: model.pseudonymised,
    blocks: [
      ...standingNotices(composing, model.period),
      ...(model.notMeasured ? onlyMeasured(blocks) : blocks).map(withPopulation),
    ],
  };
}

/** Says the numbers of all tenants on a few pages, whose details are in the report of each. */
export function composeAll(model: OverviewModel, composing: Composing): Paper {
  return {
    ...headOf(model, composing),
    title: `${TITLES[model.period.kind]}, overview`,
    scope: 'all tenants',
    pseudonymised: false,
    blocks: [...standingNotices(composing, model.period), ...composeOverview(model, composing).map(withPopulation)],
  };
}

function headOf({ period, asOf, soFar }: ReportModel | OverviewModel, { revision, version }: Composing) {
  return {
    kind: period.kind,
    period: `${periodName(period)}${soFar ? ', so far' : ''}`,
    span: span(period, period.zone),
    from: period.from,
    to: period.to,
    asOf,
    zone: period.zone,
    ...(revision === undefined ? {} : { revision }),
    version,
  };
}
