import { saySummary } from '../numbers/say-summary.ts';
import type { Block } from '../paper.ts';
import { methodAnnex } from './parts/annex.ts';
import { backlogChart, detectionChart, tacticsChart, timesChart, trendChart, volumeChart } from './parts/charts.ts';
import {
  completenessDays,
  completenessFigures,
  completenessNotice,
  gapTable,
  recountTable,
} from './parts/completeness.ts';
import { highTable, notableIncidents } from './parts/incidents.ts';
import {
  heldAlertTable,
  heldTable,
  lookUpTable,
  postureTable,
  sayLookUps,
  suppressedTable,
  tuningTable,
  uncategorisedTable,
} from './parts/leftovers.ts';
import { scorecard } from './parts/measures.ts';
import { recommendations } from './parts/recommendations.ts';
import { heading, type Making } from './parts/tables.ts';
import {
  addressTable,
  categoryTable,
  countryTable,
  detectionTable,
  tacticTable,
  userTable,
} from './parts/top-lists.ts';
import { backlogTable, outcomesTable, sayPipeline, slaFigures, slaTable, timesTable } from './parts/work.ts';

/** The month for those who answer for it: what matters on two to four pages, all the rest in the annex. */
export function composeMonthly(making: Making, revision: number | undefined): readonly Block[] {
  const { model } = making;
  return [
    completenessNotice(model),
    heading(2, 'Summary'),
    { block: 'text', runs: [saySummary(model).join(' ')] },
    completenessFigures(model),
    scorecard(model),
    heading(2, 'Alerts'),
    // One month alone is no trend.
    ...(model.trend.length > 1 ? [trendChart(model)] : []),
    volumeChart(model),
    categoryTable(making),
    tacticsChart(model),
    heading(2, 'Detections and outcomes'),
    detectionChart(model),
    outcomesTable(model),
    heading(2, 'Work and targets'),
    slaFigures(model),
    timesChart(model, 'acknowledge'),
    timesChart(model, 'resolve'),
    backlogChart(model),
    backlogTable(model),
    heading(2, 'Notable incidents'),
    ...notableIncidents(making, 3),
    heading(2, 'Recommendations'),
    recommendations(model),
    { block: 'annex' },
    heading(2, 'Lists'),
    highTable(making),
    detectionTable(making),
    tuningTable(making),
    tacticTable(making),
    userTable(making),
    addressTable(making),
    countryTable(making),
    timesTable(model),
    slaTable(making, 'breached'),
    slaTable(making, 'overdue'),
    postureTable(making),
    heading(2, 'What did not become an issue'),
    suppressedTable(making),
    heldTable(making),
    heldAlertTable(making),
    heading(2, 'Quality of the numbers'),
    sayPipeline(model),
    completenessDays(making),
    gapTable(making),
    recountTable(making),
    sayLookUps(model),
    lookUpTable(making),
    uncategorisedTable(making),
    ...methodAnnex(model, revision),
  ];
}
