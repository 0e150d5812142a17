import { SEVERITIES } from '../../../domain/alert.ts';
import { MINUTE_MS, sayDuration } from '../../../domain/time.ts';
import type { Listed, ReportModel, SlaRow, TraceName } from '../../model.ts';
import type { Block, TableBlock } from '../../paper.ts';
import { count, number, target } from '../words/numbers.ts';
import { metCell, timeCell } from './measures.ts';
import { lasting, left, link, links, listTable, type Making, moment, NONE, quantity, right, words } from './tables.ts';

/** How long issues took, by severity. */
export function timesTable({ figures, sla, traces }: ReportModel): TableBlock {
  const rows = (['acknowledge', 'resolve'] as const).flatMap((what) =>
    SEVERITIES.map((severity) => {
      const durations = figures.bySeverityTimes[severity][what];
      const within = sla.targets[severity]?.[what === 'acknowledge' ? 'acknowledgeMs' : 'resolveMs'];
      return [
        words(what === 'acknowledge' ? 'acknowledged' : 'resolved'),
        words(severity),
        quantity(durations.n),
        timeCell(durations),
        lasting(durations.p90Ms),
        within === undefined ? NONE : { text: target(within), value: within / MINUTE_MS },
        metCell(figures.slaBySeverity[severity][what]),
      ];
    }),
  );
  return {
    block: 'table',
    name: 'times',
    caption: 'Time from the making of the issue, by severity',
    columns: [
      left('Until'),
      left('Severity'),
      right('n'),
      right('Median', 2),
      right('90th percentile'),
      right('Target'),
      right('In time'),
    ],
    rows,
    empty: 'No issue was acknowledged or resolved.',
    trace: traces.acknowledge,
  };
}

/** Targets that were missed, are overdue, or will be due within a day. */
export function slaFigures({ figures, slaLists, traces, sla }: ReportModel): Block {
  if (Object.keys(sla.targets).length === 0)
    return {
      block: 'text',
      runs: ['No targets are set; ', { code: 'reports.sla' }, ' of the configuration sets them.'],
    };
  const { acknowledgeSla: ack, resolveSla: done } = figures;
  const overdue = slaLists.overdue.total;
  const soon = ack.dueSoon + done.dueSoon;
  return {
    block: 'figures',
    name: 'sla',
    figures: [
      {
        label: 'Acknowledged in time',
        ...metCell(ack),
        note: ack.breached.of === 0 ? 'no target was met or missed' : `${number(ack.breached.count)} missed`,
      },
      {
        label: 'Resolved in time',
        ...metCell(done),
        note: done.breached.of === 0 ? 'no target was met or missed' : `${number(done.breached.count)} missed`,
      },
      { label: 'Issues beyond a target', text: number(overdue), value: overdue, tone: overdue > 0 ? 'bad' : 'good' },
      {
        label: 'Due within 24 hours',
        text: number(soon),
        value: soon,
        tone: soon > 0 ? 'attention' : 'plain',
      },
    ],
    trace: traces.sla,
  };
}

const SLA_LISTS = {
  breached: { name: 'sla-missed', caption: 'Targets missed', trace: 'sla', empty: 'No target was missed.' },
  overdue: {
    name: 'sla-overdue',
    caption: 'Open beyond the target',
    trace: 'overdue',
    empty: 'No open issue is beyond its target.',
  },
  dueSoon: {
    name: 'sla-due-soon',
    caption: 'Due within 24 hours after the end',
    trace: 'dueSoon',
    empty: 'No open issue is due within 24 hours.',
  },
} as const satisfies Record<string, { name: string; caption: string; trace: TraceName; empty: string }>;

export function slaTable(making: Making, which: keyof typeof SLA_LISTS): TableBlock {
  const list: Listed<SlaRow> = making.model.slaLists[which];
  return listTable({
    ...SLA_LISTS[which],
    columns: [links('Issue'), left('Alert', 4), left('Severity'), left('Until', 2), right('Due', 2), right('Done', 2)],
    list,
    making,
    row: ({ issue, url, title, severity, target, dueAt, ...ended }) => [
      link(issue, url),
      words(title),
      words(severity),
      words(target === 'acknowledge' ? 'acknowledged' : 'resolved'),
      moment(dueAt, making),
      doneCell(ended, making),
    ],
  });
}

function doneCell({ doneAt, goneAt }: Pick<SlaRow, 'doneAt' | 'goneAt'>, making: Making) {
  if (doneAt !== undefined) return moment(doneAt, making);
  return goneAt === undefined ? words('still open', 'bad') : words('deleted');
}

/** Open issues by age. */
export function backlogTable({ backlog, traces }: ReportModel): TableBlock {
  const open = backlog.buckets.some(({ issues }) => issues > 0);
  return {
    block: 'table',
    name: 'backlog',
    caption: 'Open issues at the end, by age',
    columns: [left('Age', 2), ...SEVERITIES.map((severity) => right(severity)), right('Issues')],
    rows: open
      ? backlog.buckets.map(({ label, bySeverity, issues }) => [
          words(label),
          ...SEVERITIES.map((severity) => quantity(bySeverity[severity])),
          quantity(issues),
        ])
      : [],
    empty: 'No issue was open at the end.',
    trace: traces.backlog,
  };
}

export function oldestTable(making: Making): TableBlock {
  return listTable({
    name: 'oldest-issues',
    caption: 'Oldest open issues',
    columns: [links('Issue'), left('Alert', 4), left('Severity'), right('Made', 2), right('Age')],
    list: making.model.backlog.oldest,
    making,
    trace: 'backlog',
    empty: 'No issue was open at the end.',
    row: ({ issue, url, title, severity, madeAt, ageMs }) => [
      link(issue, url),
      words(title),
      words(severity),
      moment(madeAt, making),
      lasting(ageMs),
    ],
  });
}

/** How fast alerts became issues, in one sentence. */
export function sayPipeline({ figures: { alertToIssue, seenToIssue, detection } }: ReportModel): Block {
  const { n, medianMs, p90Ms } = alertToIssue;
  if (n === 0) return { block: 'text', runs: ['No issue was made, so nothing can be said of how soon.'] };
  const soon =
    medianMs === undefined
      ? `${count(n, 'issue')} made, the soonest ${sayDuration(alertToIssue.shortestMs ?? 0)} and the latest ${sayDuration(alertToIssue.longestMs ?? 0)} after the alert`
      : `Half of ${number(n)} issues stood ${sayDuration(medianMs)} after the alert, nine in ten after ${sayDuration(p90Ms ?? 0)}`;
  const own =
    seenToIssue.medianMs === undefined ? '' : `; of that Casewire itself took ${sayDuration(seenToIssue.medianMs)}`;
  const raised =
    detection.medianMs === undefined
      ? ''
      : ` Defender raised half of the alerts within ${sayDuration(detection.medianMs)} of the activity (n = ${detection.n}).`;
  return { block: 'text', runs: [`${soon}${own}.${raised}`] };
}

/** What alerts were found to be. */
export function outcomesTable({ figures: { outcomes }, traces }: ReportModel): TableBlock {
  const { truePositive, benign, falsePositive, undetermined } = outcomes;
  const all = truePositive + benign + falsePositive + undetermined;
  const row = (label: string, n: number, of: number) => [
    words(label),
    quantity(n),
    of === 0
      ? NONE
      : {
          text: of < 20 ? '–' : `${Math.round((n / of) * 100)} %`,
          value: of === 0 ? '' : Math.round((n / of) * 1000) / 10,
        },
  ];
  const judged = outcomes.falsePositives.of;
  return {
    block: 'table',
    name: 'outcomes',
    caption: 'What the alerts closed in the period were found to be; shares of those with a verdict',
    columns: [left('Outcome', 3), right('Alerts'), right('Share')],
    rows:
      all === 0
        ? []
        : [
            row('true positive', truePositive, judged),
            row('benign true positive', benign, judged),
            row('false positive', falsePositive, judged),
            [words('undetermined'), quantity(undetermined), NONE],
          ],
    empty: 'No alert was closed in the period.',
    trace: traces.outcomes,
  };
}
