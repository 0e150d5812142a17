import { sayDuration } from '../../../domain/time.ts';
import type { Completeness, ReportModel } from '../../model.ts';
import type { Block, Run, TableBlock } from '../../paper.ts';
import { DIFFERENCES, READINGS, RECOUNTS, STATES } from '../words/names.ts';
import { count, number } from '../words/numbers.ts';
import { dayName, dayTime, instant } from '../words/times.ts';
import { lasting, left, listTable, type Making, moment, quantity, right, words } from './tables.ts';

/** Whether all of it was looked at: what must be known before any number below is read. */
export function completenessNotice(model: ReportModel): Block {
  const { completeness, asOf, period, soFar } = model;
  const { state } = completeness;
  const tone = STATES[state].tone === 'plain' ? 'good' : STATES[state].tone;
  return {
    block: 'notice',
    tone: tone as 'good' | 'attention' | 'bad',
    title: titleOf(model),
    runs: [
      ...(soFar ? [`The period has not ended; this is how things stood ${instant(asOf, period.zone)}. `] : []),
      ...sayReading(completeness),
      ' ',
      ...sayRecounts(completeness),
    ],
  };
}

function titleOf({ completeness: { state }, figures }: ReportModel): string {
  const none = figures.alerts === 0;
  if (state === 'whole') return none ? 'No alerts: all of it was read, and there were none' : 'All of it was read';
  if (state === 'differs') return 'A recount found a difference';
  if (state === 'partly') return none ? 'No alerts, and not all of it was read' : 'Not all of it was read';
  return state === 'could-not-look' ? 'Could not look: no reading went to its end' : 'Nobody looked';
}

function sayReading({ state, readings, gaps, longestGapMs, failures }: Completeness): Run[] {
  const why = failures[0] === undefined ? '' : ` (${failures[0]})`;
  if (state === 'not-read')
    return [
      'Casewire did not read this tenant in the period: that nothing stands here does not mean that nothing happened.',
    ];
  if (state === 'could-not-look')
    return [
      `Each of ${count(readings.failed, 'reading')} failed${why}. That no alerts stand here does not mean that there were none.`,
    ];
  const read = `The source was read ${number(readings.done)} ${readings.done === 1 ? 'time' : 'times'}`;
  if (gaps.total === 0)
    return [
      `${read} without a gap`,
      readings.failed === 0 ? '.' : `; ${count(readings.failed, 'reading')} failed${why} and the next one caught up.`,
    ];
  return [
    gaps.total === 1
      ? `${read}, with one gap of ${sayDuration(longestGapMs)}${why}. `
      : `${read}, with ${count(gaps.total, 'gap')}, the longest of ${sayDuration(longestGapMs)}${why}. `,
    'Alerts raised in a gap are read after it, late and not lost; those of a gap that has not ended are not here yet.',
  ];
}

function sayRecounts({ recounted, differences, recounts }: Completeness): Run[] {
  const days = `${number(recounted.count)} of ${count(recounted.of, 'day')}`;
  if (differences.length > 0) {
    const found = differences.map(({ kind, count: n }) => `${number(n)} ${DIFFERENCES[kind]}`);
    return ['Recounts of source, ledger and Jira found: ', { strong: found.join('; ') }, '.'];
  }
  if (recounts.total === 0) return ['Source, ledger and Jira were not recounted.'];
  if (recounted.count === 0) return ['No recount of source, ledger and Jira covers a whole day of it.'];
  return [
    recounted.count === recounted.of
      ? 'Recounts of source, ledger and Jira cover all of it and agree.'
      : `Recounts of source, ledger and Jira cover ${days} and agree.`,
  ];
}

/** Source, ledger and Jira side by side, on the first page. */
export function completenessFigures(model: ReportModel): Block {
  const { completeness, period, traces } = model;
  const { readings, gaps, longestGapMs, recounted, recounts } = completeness;
  const newest = recounts.rows[0];
  return {
    block: 'figures',
    name: 'completeness',
    figures: [
      {
        label: 'Readings',
        text: number(readings.done),
        value: readings.done,
        note:
          readings.done + readings.failed === 0
            ? 'nobody tried'
            : readings.failed === 0
              ? 'none failed'
              : `${number(readings.failed)} more failed`,
        tone: readings.done === 0 ? 'bad' : 'plain',
      },
      {
        label: 'Longest gap',
        text: gaps.total === 0 ? 'none' : sayDuration(longestGapMs),
        value: Math.round(longestGapMs / 6_000) / 10,
        ...(gaps.total === 0 ? {} : { note: `of ${count(gaps.total, 'gap')}`, tone: 'attention' as const }),
      },
      {
        label: 'Days recounted',
        text: `${number(recounted.count)} of ${number(recounted.of)}`,
        value: recounted.count,
        tone: recounted.count < recounted.of ? 'attention' : 'plain',
      },
      {
        label: 'At the source · in the ledger',
        text: newest ? [newest.source, newest.ledger].map(number).join(' · ') : 'not recounted',
        note: newest
          ? `recount of ${dayTime(newest.at, period)}, from ${dayTime(newest.from, period)}`
          : 'no recount touches the period',
        tone: newest && newest.differences.length > 0 ? 'bad' : 'plain',
      },
    ],
    trace: traces.completeness,
  };
}

/** Readings, alerts and recounts day by day. */
export function completenessDays({ model }: Making): TableBlock {
  return {
    block: 'table',
    name: 'completeness-days',
    caption: 'Read and recounted, day by day',
    columns: [
      left('Day', 2),
      left('Read', 2),
      right('Readings'),
      right('Failed'),
      right('Alerts'),
      right('With issue'),
      left('Recount', 2),
    ],
    rows: model.completeness.days.map(({ day, reading, done, failed, alerts, withIssue, recount }) => [
      { text: dayName(day), value: day },
      words(READINGS[reading].says, READINGS[reading].tone),
      quantity(done),
      quantity(failed, failed > 0 ? 'attention' : 'plain'),
      quantity(alerts),
      quantity(withIssue),
      words(RECOUNTS[recount].says, RECOUNTS[recount].tone),
    ]),
    empty: 'The period has no day yet.',
    trace: model.traces.completeness,
  };
}

/** When nobody looked, and why. */
export function gapTable(making: Making): TableBlock {
  return listTable({
    name: 'gaps',
    caption: 'Gaps in the reading, longest first',
    columns: [left('From', 2), left('To', 2), right('Length'), left('Why', 4)],
    list: making.model.completeness.gaps,
    making,
    trace: 'completeness',
    empty: 'There was no gap in the reading.',
    row: ({ from, to, why, open }) => [
      moment(from, making),
      open ? words('not ended', 'bad') : moment(to, making),
      lasting(to - from, 'attention'),
      words(why ?? 'not known'),
    ],
  });
}

export function recountTable(making: Making): TableBlock {
  return listTable({
    name: 'recounts',
    caption: 'Recounts of source, ledger and Jira',
    columns: [left('When', 2), left('Since', 2), right('Source'), right('Ledger'), right('Issues'), left('Found', 4)],
    list: making.model.completeness.recounts,
    making,
    trace: 'completeness',
    empty: 'No recount touches the period.',
    row: ({ at, from, source, ledger, issues, differences, failures }) => [
      moment(at, making),
      moment(from, making),
      quantity(source),
      quantity(ledger),
      quantity(issues),
      differences.length > 0
        ? words(differences.map(({ kind, count: n }) => `${number(n)} ${DIFFERENCES[kind]}`).join('; '), 'bad')
        : failures.length > 0
          ? words(`not all could be recounted: ${failures.join('; ')}`, 'attention')
          : words('agrees', 'good'),
    ],
  });
}
