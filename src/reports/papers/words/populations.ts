import type { Block } from '../../paper.ts';

const ALERTS = 'All alerts that Defender raised in the period, whatever was decided on them';
const OWN_VERDICTS = 'verdicts are those that these alerts had at its end';
const MEASURES =
  'Alerts count by when Defender raised them; decisions, issues, first touches, resolutions, verdicts and targets by when they happened, all in the period; open, overdue, due soon and held as they stood at its end.';
const COMPLETENESS = 'Readings, gaps and recounts of the source in the hours of the period that had ended.';
const VOLUMES = `${ALERTS}.`;
const TIMES =
  'Issues whose first touch lies in the period, and each resolution in the period; targets that were decided in it.';
const OPEN = 'Issues that were open at the end of the period, whenever they were made.';
const HELD =
  'Each time that an alert became held in the period; still held: alerts that waited for a person at its end, whenever they were raised.';

/**
 * What each figure, table and chart counts, by the name of its block: one sentence, the same in every kind of report,
 * format and period.
 */
export const POPULATIONS = {
  completeness: COMPLETENESS,
  'completeness-days': COMPLETENESS,
  gaps: COMPLETENESS,
  recounts: COMPLETENESS,
  'not-read': COMPLETENESS,
  day: MEASURES,
  comparison: MEASURES,
  scorecard: MEASURES,
  totals: MEASURES,
  tenants: MEASURES,
  'alerts-by-day': VOLUMES,
  'alerts-by-month': 'All alerts that Defender raised in each month, whatever was decided on them.',
  'high-severity': 'Alerts of high severity that Defender raised in the period, as they stood at its end.',
  'top-detections': `${ALERTS}; ${OWN_VERDICTS}.`,
  detections: `${ALERTS}; ${OWN_VERDICTS}.`,
  users: `${ALERTS}, once for each user; ${OWN_VERDICTS}.`,
  addresses: `${ALERTS}, once for each address.`,
  countries: `${ALERTS}, once for each country of an address that was looked up.`,
  categories: VOLUMES,
  tactics: `${ALERTS}, once for each tactic.`,
  'tactics-strip': `${ALERTS}, once for each tactic.`,
  uncategorised: 'Alerts that Defender raised in the period and that have no category.',
  posture: 'Alerts that Defender raised in the period and that tell of a weak spot or of failing telemetry.',
  'look-ups-not-made': 'Addresses of all alerts that Defender raised in the period, once for each alert.',
  repeats: 'All alerts that Defender raised in this week and the four before it, whatever was decided on them.',
  outcomes:
    'Verdicts given in Defender in the period, with and without an issue: each time that an alert was closed, or got another verdict while it was closed.',
  tuning: 'Verdicts given in Defender in the period, by detection.',
  suppressed: 'Decisions to suppress an alert that were made in the period, whenever it was raised.',
  held: HELD,
  'held-alerts': 'Alerts that were held and waited for a person at the end of the period, whenever they were raised.',
  'time-to-acknowledge': 'Issues whose first touch by a person lies in the period.',
  'time-to-resolve': 'Each time that an issue became done in the period.',
  times: TIMES,
  sla: 'Targets that were decided in the period, each once: met, or missed when its due instant passed; overdue and due soon as issues stood at its end.',
  'sla-missed': 'Targets that were missed in the period, whatever became of their issues afterwards.',
  'sla-overdue': 'Issues that were open at the end of the period beyond a target.',
  'sla-due-soon': 'Issues that were open at the end of the period with a target due within 24 hours after it.',
  'open-issues': 'Issues that were open at the end of each day, whenever they were made.',
  backlog: OPEN,
  'oldest-issues': OPEN,
} as const satisfies Record<string, string>;

/** The block with the sentence that says what it counts. */
export function withPopulation(block: Block): Block {
  if (block.block !== 'figures' && block.block !== 'chart' && block.block !== 'table') return block;
  const name = block.block === 'chart' ? block.chart.name : block.name;
  const population: string | undefined = (POPULATIONS as Record<string, string>)[name];
  return population === undefined ? block : { ...block, population };
}
