import type { OverviewModel, ReportModel, TraceName } from '../../model.ts';
import type { Block, Run, Trace } from '../../paper.ts';
import { FEW, target } from '../words/numbers.ts';
import { instant, span } from '../words/times.ts';

const DAYS = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ');

/** What each trace is of, as its heading in the annex. */
const TRACED: Readonly<Record<TraceName, string>> = {
  alerts: 'Alerts',
  issues: 'Issues made',
  acknowledged: 'Issues acknowledged',
  resolved: 'Issues resolved',
  reopened: 'Issues reopened',
  backlog: 'Open issues and their age',
  outcomes: 'Outcomes',
  detection: 'From activity to alert',
  pipeline: 'From alert to issue',
  acknowledge: 'Time until acknowledged',
  resolve: 'Time until resolved',
  sla: 'Targets met and missed',
  overdue: 'Open beyond the target',
  dueSoon: 'Due within 24 hours',
  completeness: 'Readings, gaps and recounts',
  detections: 'Detections',
  categories: 'Categories',
  tactics: 'Tactics',
  users: 'Users',
  addresses: 'Addresses',
  countries: 'Countries',
  repeats: 'Those who come back',
  suppressed: 'Suppressed',
  held: 'Held',
  enrichment: 'Look-ups',
  tuning: 'Worth tuning',
  uncategorised: 'Without a category',
  posture: 'Weak spots',
  high: 'High severity',
  notable: 'Notable incidents',
  trend: 'Thirteen months',
};

/** How it was counted, and from where each number comes. */
export function methodAnnex(model: ReportModel, revision: number | undefined): readonly Block[] {
  return [
    { block: 'heading', level: 2, text: 'How it was counted', id: 'method' },
    {
      block: 'list',
      items: [
        ...basis(model, revision),
        [
          'Alerts count by when Defender raised them, not by when their issue was made; so a late reading moves no day.',
        ],
        [
          'Issues, acknowledgements and resolutions count by when they happened. Acknowledged: assigned, or out of its first status. Resolved: reached a status of category Done, each time that it did.',
        ],
        [
          `Times are told as median and 90th percentile (nearest rank) with n; with fewer than ${FEW} neither is told, nor a share in percent.`,
        ],
        [
          'The share of false positives is taken of the verdicts true positive, benign and false positive; alerts closed without a verdict are undetermined and stand apart.',
        ],
        slaBasis(model),
        ...(model.pseudonymised
          ? [['Users stand under other names, each under the same one throughout this report.']]
          : []),
      ],
    },
    { block: 'heading', level: 2, text: 'Where each number comes from', id: 'traces' },
    traceList(Object.entries(model.traces).map(([name, trace]) => [TRACED[name as TraceName], trace])),
  ];
}

/** Only whence the numbers come: for a paper of one page. */
export function traceAnnex(model: ReportModel, revision: number | undefined): readonly Block[] {
  return [
    { block: 'heading', level: 2, text: 'How it was counted', id: 'method' },
    { block: 'list', items: [...basis(model, revision), slaBasis(model)] },
    { block: 'heading', level: 2, text: 'Where each number comes from', id: 'traces' },
    traceList(Object.entries(model.traces).map(([name, trace]) => [TRACED[name as TraceName], trace])),
  ];
}

/** The same of a look at all tenants. */
export function overviewAnnex(model: OverviewModel, revision: number | undefined): readonly Block[] {
  return [
    { block: 'heading', level: 2, text: 'How it was counted', id: 'method' },
    {
      block: 'list',
      items: [
        ...basis(model, revision),
        ["Each tenant's numbers are those of its own report; the totals are their sums."],
        ['Tenants that could not be looked at, or not wholly, come first; then those with most alerts.'],
        slaBasis(model),
      ],
    },
    { block: 'heading', level: 2, text: 'Where each number comes from', id: 'traces' },
    traceList(Object.entries(model.traces).map(([name, trace]) => [TRACED[name as TraceName], trace])),
  ];
}

function basis({ period, asOf, soFar }: ReportModel | OverviewModel, revision: number | undefined): Run[][] {
  const known = instant(asOf, period.zone);
  return [
    [`Period: from ${span(period, period.zone)}; its end does not belong to it.`],
    soFar
      ? [`Told as things stood ${known}; the period has not ended, so the same report may say more later.`]
      : revision === undefined
        ? [`Told as recorded by ${known}. The report is provisional: the same report may say something else later.`]
        : [
            `Told as recorded by ${known}, revision ${revision}, as every report of this period. Made again it is the same; what is recorded later is in no revision but a later one.`,
          ],
  ];
}

function slaBasis({ sla: { targets, businessHours }, period }: ReportModel | OverviewModel): Run[] {
  const said = Object.entries(targets).map(([severity, { acknowledgeMs, resolveMs }]) => {
    const within = [
      ...(acknowledgeMs === undefined ? [] : [`acknowledged within ${target(acknowledgeMs)}`]),
      ...(resolveMs === undefined ? [] : [`resolved within ${target(resolveMs)}`]),
    ];
    return `${severity} ${within.join(' and ')}`;
  });
  if (said.length === 0) return ['No targets are set.'];
  const clock = businessHours
    ? `The clock runs from ${timeOf(businessHours.fromMinute)} to ${timeOf(businessHours.toMinute)} on ${businessHours.days.map((day) => DAYS[day - 1]).join(', ')}, ${period.zone}; public holidays are not known.`
    : 'The clock always runs, day and night.';
  return [`Targets, from the making of the issue: ${said.join('; ')}. ${clock}`];
}

function timeOf(minute: number): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

function traceList(traces: readonly (readonly [string, Trace])[]): Block {
  return {
    block: 'list',
    items: traces.map(([name, { jql, ledger }]): Run[] => [
      { strong: name },
      ...(ledger === undefined ? [] : [`: ${ledger}`]),
      ...(jql === undefined ? [] : [ledger === undefined ? ': ' : '; in Jira: ', { code: jql }]),
    ]),
  };
}
