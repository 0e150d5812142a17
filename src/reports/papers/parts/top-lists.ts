import type { AddressRow } from '../../model.ts';
import type { Cell, TableBlock, Tone } from '../../paper.ts';
import { categoryName } from '../words/names.ts';
import { number } from '../words/numbers.ts';
import { left, listTable, type Making, NONE, partOf, quantity, right, words } from './tables.ts';

const VERDICTS = [right('With verdict'), right('False positives', 2)] as const;

/** Detections, with what became of those that were closed. */
export function detectionTable(making: Making): TableBlock {
  return listTable({
    name: 'detections',
    caption: 'Detections and policies by alerts',
    columns: [left('Detection', 4), right('Alerts'), ...VERDICTS],
    list: making.model.detections,
    making,
    trace: 'detections',
    empty: 'No detection raised an alert.',
    row: ({ type, alerts, falsePositives }) => [
      words(type),
      quantity(alerts),
      quantity(falsePositives.of),
      partOf(falsePositives),
    ],
  });
}

export function categoryTable(making: Making): TableBlock {
  return listTable({
    name: 'categories',
    caption: 'Incident categories (RSIT) by alerts',
    columns: [left('Category', 4), right('Alerts'), right('Share')],
    list: making.model.categories,
    making,
    trace: 'categories',
    empty: 'No alert, so no category.',
    row: ({ category, alerts }) => [
      { text: categoryName(category), value: category },
      quantity(alerts),
      shareOfAlerts(alerts, making),
    ],
  });
}

export function tacticTable(making: Making): TableBlock {
  return listTable({
    name: 'tactics',
    caption: 'Tactics of MITRE ATT&CK by alerts',
    columns: [left('Tactic', 3), left('Id'), right('Alerts')],
    list: { ...making.model.tactics, rows: making.model.tactics.rows.filter(({ alerts }) => alerts > 0) },
    making: { ...making, most: Number.POSITIVE_INFINITY },
    trace: 'tactics',
    empty: 'No tactic is known of any alert.',
    row: ({ id, name, alerts }) => [words(name), words(id), quantity(alerts)],
  });
}

export function userTable(making: Making): TableBlock {
  return listTable({
    name: 'users',
    caption: 'Users by alerts',
    columns: [left('User', 4), right('Alerts'), right('Share'), ...VERDICTS],
    list: making.model.users,
    making,
    trace: 'users',
    empty: 'No alert names a user.',
    row: ({ name, alerts, falsePositives }) => [
      words(name),
      quantity(alerts),
      shareOfAlerts(alerts, making),
      quantity(falsePositives.of),
      partOf(falsePositives),
    ],
  });
}

const BAND_TONES: Readonly<Record<NonNullable<AddressRow['band']>, Tone>> = {
  none: 'plain',
  weak: 'plain',
  suspicious: 'attention',
  strong: 'bad',
};

/** Addresses with what AbuseIPDB knew of them when they were looked up. */
export function addressTable(making: Making): TableBlock {
  return listTable({
    name: 'addresses',
    caption: 'Addresses by alerts, with what AbuseIPDB knew of them',
    columns: [
      left('Address', 2),
      right('Alerts'),
      left('Band', 2),
      right('Score'),
      right('Reports'),
      left('Usage type', 2),
      left('Country'),
      left('Tor'),
    ],
    list: making.model.addresses,
    making,
    trace: 'addresses',
    empty: 'No alert names an address.',
    row: ({ address, alerts, band, score, reports, usageType, country, tor, why }) => [
      words(address),
      quantity(alerts),
      band === undefined ? words(`not checked: ${why ?? 'not known why'}`) : words(band, BAND_TONES[band]),
      score === undefined ? NONE : quantity(score),
      reports === undefined ? NONE : quantity(reports),
      words(usageType ?? '–'),
      words(country ?? '–'),
      words(tor ? 'yes' : band === undefined ? '–' : 'no', tor ? 'attention' : 'plain'),
    ],
  });
}

export function countryTable(making: Making): TableBlock {
  return listTable({
    name: 'countries',
    caption: 'Countries of the addresses, as AbuseIPDB knows them',
    columns: [left('Country', 3), right('Alerts'), right('Addresses')],
    list: making.model.countries,
    making,
    trace: 'countries',
    empty: 'No country of an address is known.',
    row: ({ country, alerts, addresses }) => [words(country), quantity(alerts), quantity(addresses)],
  });
}

/** Who comes back week after week. */
export function repeatTable(making: Making): TableBlock {
  return listTable({
    name: 'repeats',
    caption: 'Users and addresses with alerts in three or more of the last five weeks',
    columns: [left('Who', 4), left('Kind'), right('Weeks'), right('Alerts by week, oldest first', 3)],
    list: making.model.repeats,
    making,
    trace: 'repeats',
    empty: 'Nobody has alerts in three of the last five weeks.',
    row: ({ kind, name, weeks, alerts }) => [
      words(name),
      words(kind),
      quantity(weeks),
      words(alerts.map(number).join(' · ')),
    ],
  });
}

function shareOfAlerts(alerts: number, { model }: Making): Cell {
  const of = model.figures.alerts;
  if (of === 0) return NONE;
  return { text: of < 20 ? '–' : `${Math.round((alerts / of) * 100)} %`, value: Math.round((alerts / of) * 1000) / 10 };
}
