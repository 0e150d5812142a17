import type { Block } from '../paper.ts';
import { methodAnnex } from './parts/annex.ts';
import { backlogChart, detectionChart, volumeChart } from './parts/charts.ts';
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
import { comparison } from './parts/measures.ts';
import { heading, type Making } from './parts/tables.ts';
import {
  addressTable,
  categoryTable,
  countryTable,
  detectionTable,
  repeatTable,
  userTable,
} from './parts/top-lists.ts';
import {
  backlogTable,
  oldestTable,
  outcomesTable,
  sayPipeline,
  slaFigures,
  slaTable,
  timesTable,
} from './parts/work.ts';

/** The week for a customer's lead of security, beside the four weeks before it. */
export function composeWeekly(making: Making, revision: number | undefined): readonly Block[] {
  const { model } = making;
  return [
    completenessNotice(model),
    completenessFigures(model),
    heading(2, 'The week and the four before it'),
    comparison(model, 'Week by week, this one last; of fewer than 20 only n is told'),
    volumeChart(model),
    heading(2, 'High severity'),
    highTable(making),
    heading(2, 'Notable incidents'),
    ...notableIncidents(making, 5),
    heading(2, 'Detections and outcomes'),
    detectionChart(model),
    detectionTable(making),
    outcomesTable(model),
    categoryTable(making),
    heading(2, 'Who and from where'),
    userTable(making),
    addressTable(making),
    countryTable(making),
    repeatTable(making),
    heading(2, 'Work and targets'),
    sayPipeline(model),
    slaFigures(model),
    slaTable(making, 'breached'),
    slaTable(making, 'overdue'),
    timesTable(model),
    backlogChart(model),
    backlogTable(model),
    oldestTable(making),
    heading(2, 'Worth tuning'),
    tuningTable(making),
    heading(2, 'What did not become an issue'),
    suppressedTable(making),
    heldTable(making),
    heldAlertTable(making),
    heading(2, 'Weak spots'),
    postureTable(making),
    { block: 'annex' },
    heading(2, 'Quality of the numbers'),
    completenessDays(making),
    gapTable(making),
    recountTable(making),
    sayLookUps(model),
    lookUpTable(making),
    uncategorisedTable(making),
    ...methodAnnex(model, revision),
  ];
}
