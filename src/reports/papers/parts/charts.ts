import { SEVERITIES, type Severity } from '../../../domain/alert.ts';
import { MINUTE_MS, sayDuration } from '../../../domain/time.ts';
import type { Durations, OverviewModel, ReportModel } from '../../model.ts';
import type { Block } from '../../paper.ts';
import { count, FEW, number, share } from '../words/numbers.ts';
import { dayLabel, dayName, monthLabel, periodName } from '../words/times.ts';

/** More bars than a reader takes in at once say less. */
const BARS = 10;

function totalOf(volumes: Readonly<Record<Severity, number>>): number {
  return SEVERITIES.reduce((sum, severity) => sum + volumes[severity], 0);
}

/** Alerts of each day of one tenant. */
export function volumeChart({ figures: { alerts, bySeverity }, ...model }: ReportModel): Block {
  return dayVolumes(model, { title: 'Alerts by day and severity', alerts, high: bySeverity.high });
}

/** Alerts of each day, which sum up to `alerts`, `high` of them of high severity. */
export function dayVolumes(
  { days, period, traces }: Pick<ReportModel | OverviewModel, 'days' | 'period' | 'traces'>,
  { title, alerts, high }: { title: string; alerts: number; high: number },
): Block {
  const most = days.toSorted((a, b) => totalOf(b.volumes) - totalOf(a.volumes))[0];
  const top =
    most && totalOf(most.volumes) > 0 ? ` Most on ${dayName(most.day)}: ${number(totalOf(most.volumes))}.` : '';
  return {
    block: 'chart',
    chart: {
      chart: 'stacked-columns',
      name: 'alerts-by-day',
      title,
      says: `${capital(count(alerts, 'alert'))}, ${number(high)} of high severity.${top}`,
      columns: days.map(({ day, volumes }) => ({ label: dayLabel(day, period.kind), when: day, values: volumes })),
      unit: 'alerts',
    },
    caption: 'By the day on which Defender raised them',
    trace: traces.alerts,
  };
}

/** Issues open at the end of each day that has ended. */
export function backlogChart({ days, period, figures, traces }: ReportModel): Block {
  const points = days.flatMap(({ day, open }) =>
    open === undefined ? [] : [{ label: dayLabel(day, period.kind), when: day, value: open }],
  );
  return {
    block: 'chart',
    chart: {
      chart: 'line',
      name: 'open-issues',
      title: 'Open issues',
      says: `${number(figures.openAtStart)} issues were open at the beginning and ${number(figures.openAtEnd)} at the end.`,
      points,
      unit: 'issues',
    },
    caption: 'Open at the end of each day',
    trace: traces.backlog,
  };
}

/** Thirteen months. */
export function trendChart({ trend, traces }: ReportModel): Block {
  const last = trend.at(-1);
  const most = trend.toSorted((a, b) => totalOf(b.volumes) - totalOf(a.volumes))[0];
  return {
    block: 'chart',
    chart: {
      chart: 'stacked-columns',
      name: 'alerts-by-month',
      title: 'Alerts by month and severity',
      says:
        last && most
          ? `${capital(count(totalOf(last.volumes), 'alert'))} in ${periodName(last.period)}; most in ${periodName(most.period)}: ${number(totalOf(most.volumes))}.`
          : 'The ledger has no month yet.',
      columns: trend.map(({ period, volumes }, i) => ({
        label: monthLabel(period.name, i === 0),
        when: period.name,
        values: volumes,
      })),
      unit: 'alerts',
    },
    caption: `By the month in which Defender raised them; ${count(trend.length, 'month')} of which the ledger knows`,
    trace: traces.trend,
  };
}

/** Detections with the part of them that was found to be false. */
export function detectionChart({ detections, traces }: ReportModel): Block {
  const rows = detections.rows.slice(0, BARS);
  const first = rows[0];
  return {
    block: 'chart',
    chart: {
      chart: 'bars-with-share',
      name: 'top-detections',
      title: 'Detections and their false positives',
      says: first ? `Most alerts: ${first.type}, ${number(first.alerts)}.` : 'No detection raised an alert.',
      bars: rows.map(({ type, alerts, falsePositives }) => ({
        label: type,
        value: alerts,
        part: Math.min(alerts, falsePositives.count),
        note: falsePositives.of === 0 ? 'none closed with a verdict' : `false: ${share(falsePositives)} closed`,
      })),
      unit: 'alerts',
      partWords: 'false positives',
    },
    caption: rows.length < detections.total ? `The first ${BARS} of ${number(detections.total)}` : 'By alerts',
    trace: traces.detections,
  };
}

/** How long it took until an issue was acknowledged, or resolved. */
export function timesChart({ figures, sla, traces }: ReportModel, what: 'acknowledge' | 'resolve'): Block {
  const done = what === 'acknowledge' ? 'acknowledged' : 'resolved';
  const all = figures[what];
  return {
    block: 'chart',
    chart: {
      chart: 'dots',
      name: `time-to-${what}`,
      title: `Time until ${done}`,
      says:
        all.medianMs === undefined
          ? `${capital(count(all.n, 'issue'))} ${all.n === 1 ? 'was' : 'were'} ${done}; of fewer than ${FEW} no median is told.`
          : `Half of ${number(all.n)} issues were ${done} within ${sayDuration(all.medianMs)}, nine in ten within ${sayDuration(all.p90Ms ?? 0)}.`,
      rows: SEVERITIES.map((severity) => {
        const target = sla.targets[severity]?.[what === 'acknowledge' ? 'acknowledgeMs' : 'resolveMs'];
        return {
          label: severity,
          ...dotsOf(figures.bySeverityTimes[severity][what]),
          ...(target === undefined ? {} : { targetMinutes: target / MINUTE_MS }),
        };
      }),
    },
    caption: 'Median and 90th percentile by severity, with the target',
    trace: traces[what],
  };
}

function dotsOf({ n, medianMs, p90Ms }: Durations) {
  return {
    n,
    ...(medianMs === undefined ? {} : { medianMinutes: medianMs / MINUTE_MS }),
    ...(p90Ms === undefined ? {} : { p90Minutes: p90Ms / MINUTE_MS }),
  };
}

export function tacticsChart({ tactics, traces }: ReportModel): Block {
  const first = tactics.rows.toSorted((a, b) => b.alerts - a.alerts)[0];
  return {
    block: 'chart',
    chart: {
      chart: 'heat-strip',
      name: 'tactics-strip',
      title: 'Tactics of MITRE ATT&CK',
      says:
        first && first.alerts > 0
          ? `Most alerts: ${first.name}, ${number(first.alerts)}.`
          : 'No tactic is known of any alert.',
      cells: tactics.rows.map(({ name, alerts }) => ({ label: name, value: alerts })),
      unit: 'alerts',
    },
    caption: 'An alert may show several tactics',
    trace: traces.tactics,
  };
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
