import type { ReportModel } from '../../model.ts';
import type { Block, TableBlock } from '../../paper.ts';
import { HOLD_REASONS } from '../words/names.ts';
import { count, number, share } from '../words/numbers.ts';
import { left, listTable, type Making, moment, partOf, quantity, right, words } from './tables.ts';

/** What did not become an issue, was not looked up or is not classified, and why. */

export function suppressedTable(making: Making): TableBlock {
  return listTable({
    name: 'suppressed',
    caption: 'Suppressed, by rule',
    columns: [left('Rule', 4), right('Alerts')],
    list: making.model.suppressed,
    making,
    trace: 'suppressed',
    empty: 'No alert was suppressed.',
    row: ({ rule, alerts }) => [words(rule ?? 'closed in Defender before it was first seen'), quantity(alerts)],
  });
}

export function heldTable({ model }: Making): TableBlock {
  return {
    block: 'table',
    name: 'held',
    caption: 'Held, by cause',
    columns: [left('Cause', 4), right('Held in the period', 2), right('Still held', 2)],
    rows: model.held.byReason.map(({ reason, held, still }) => [
      { text: HOLD_REASONS[reason], value: reason },
      quantity(held),
      quantity(still, still > 0 ? 'attention' : 'plain'),
    ]),
    empty: 'No alert was held.',
    trace: model.traces.held,
  };
}

export function heldAlertTable(making: Making): TableBlock {
  return listTable({
    name: 'held-alerts',
    caption: 'Alerts without an issue: held at the end',
    columns: [left('Alert', 3), left('Cause', 2), left('In Jira’s or the vendor’s words', 4), right('Since', 2)],
    list: making.model.held.still,
    making,
    trace: 'held',
    empty: 'No alert was held at the end.',
    row: ({ title, reason, why, since }) => [
      words(title),
      { text: HOLD_REASONS[reason], value: reason },
      words(why),
      moment(since, making),
    ],
  });
}

/** How many addresses were looked up, in a sentence. */
export function sayLookUps({ enrichment: { checked, never, notMade } }: ReportModel): Block {
  const own =
    never === 0
      ? ''
      : ` ${count(never, 'address', 'addresses')} more: private, reserved or one’s own, asked of nobody.`;
  if (checked.of === 0) return { block: 'text', runs: [`No alert names an address that may be looked up.${own}`] };
  const missing = checked.of - checked.count;
  const first = notMade.rows.find((row) => !row.never);
  const why = missing === 0 || first === undefined ? '' : ` Most often not: ${first.why} (${number(first.count)}).`;
  return { block: 'text', runs: ['Addresses looked up: ', { strong: share(checked) }, `.${why}${own}`] };
}

export function lookUpTable(making: Making): TableBlock {
  return listTable({
    name: 'look-ups-not-made',
    caption: 'Look-ups not made',
    columns: [left('Why', 4), right('Addresses'), left('May be asked')],
    list: making.model.enrichment.notMade,
    making,
    trace: 'enrichment',
    empty: 'Every address was looked up.',
    row: ({ why, count: n, never }) => [words(why), quantity(n), words(never ? 'never' : 'yes')],
  });
}

export function uncategorisedTable(making: Making): TableBlock {
  return listTable({
    name: 'uncategorised',
    caption: 'Detections without a category',
    columns: [left('Detection', 4), right('Alerts')],
    list: making.model.uncategorised,
    making,
    trace: 'uncategorised',
    empty: 'Every detection has its category.',
    row: ({ type, alerts }) => [words(type), quantity(alerts)],
  });
}

/** Weak spots and failing telemetry are no incidents, and stand apart. */
export function postureTable(making: Making): TableBlock {
  return listTable({
    name: 'posture',
    caption: 'Weak spots and failing telemetry, apart from incidents',
    columns: [left('Detection', 4), right('Alerts')],
    list: making.model.posture,
    making,
    trace: 'posture',
    empty: 'No weak spot was reported.',
    row: ({ type, alerts }) => [words(type), quantity(alerts)],
  });
}

/** Detections that are mostly wrong, of which there are enough to say so. */
export function tuningTable(making: Making): TableBlock {
  return listTable({
    name: 'tuning',
    caption: 'Worth tuning: more than 80 % false positives of 20 or more',
    columns: [left('Detection', 4), right('With verdict'), right('False positives', 2)],
    list: making.model.tuning,
    making,
    trace: 'tuning',
    empty: 'No detection is false so often that it is worth tuning.',
    row: ({ type, falsePositives }) => [words(type), quantity(falsePositives.of), partOf(falsePositives, 'attention')],
  });
}
