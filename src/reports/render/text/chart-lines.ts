import { SEVERITIES, type Severity } from '../../../domain/alert.ts';
import { clean } from '../../../domain/text/clean.ts';
import { pad, widthOf, wrap } from '../../../domain/text/width.ts';
import { MINUTE_MS, sayDuration } from '../../../domain/time.ts';
import type { ChartSpec } from '../../chart-spec.ts';

const BAR = 30;
const LABEL = 32;
/** More columns than these stand in one row of small ones. */
const FEW = 13;
const STEPS = '▁▂▃▄▅▆▇█';

/** A chart as bars of text; what has no such form is told by its sentence alone. */
export function chartLines(spec: ChartSpec, columns: number): string[] {
  return [spec.title, spec.says].flatMap((text) => wrap(clean(text), columns)).concat(drawn(spec, columns));
}

function drawn(spec: ChartSpec, columns: number): string[] {
  switch (spec.chart) {
    case 'stacked-columns': {
      const totals = spec.columns.map(({ label, values }) => ({
        label,
        value: SEVERITIES.reduce((sum, severity) => sum + values[severity], 0),
        note: bySeverity(values),
      }));
      return totals.length > FEW ? small(totals, columns) : bars(totals, columns);
    }
    case 'line':
      return small(spec.points, columns);
    case 'bars-with-share':
      return bars(spec.bars, columns);
    case 'heat-strip':
      return bars(
        spec.cells.filter(({ value }) => value > 0).map(({ label, value }) => ({ label, value, note: '' })),
        columns,
      );
    case 'dots':
      return spec.rows.map(({ label, medianMinutes, p90Minutes, n, targetMinutes }) => {
        const say = (minutes: number | undefined) => (minutes === undefined ? '–' : sayDuration(minutes * MINUTE_MS));
        const target = targetMinutes === undefined ? '' : `, target ${say(targetMinutes)}`;
        return `  ${pad(clean(label), 14)} median ${say(medianMinutes)}, p90 ${say(p90Minutes)}, n = ${n}${target}`;
      });
  }
}

function bySeverity(values: Readonly<Record<Severity, number>>): string {
  return SEVERITIES.filter((severity) => values[severity] > 0)
    .map((severity) => `${values[severity]} ${severity === 'informational' ? 'info' : severity}`)
    .join(', ');
}

/** One bar a line; the marked part of it is darker. */
function bars(
  rows: readonly { label: string; value: number; part?: number; note: string }[],
  columns: number,
): string[] {
  const most = Math.max(1, ...rows.map(({ value }) => value));
  const labels = Math.min(LABEL, Math.max(0, ...rows.map(({ label }) => widthOf(clean(label)))));
  const numbers = String(most).length;
  const notes = Math.max(0, ...rows.map(({ note }) => widthOf(clean(note))));
  const bar = Math.max(8, Math.min(BAR, columns - labels - numbers - notes - 7));
  return rows.map(({ label, value, part = value, note }) => {
    const whole = value === 0 ? 0 : Math.max(1, Math.round((value / most) * bar));
    const dark = value === 0 ? 0 : Math.round((part / value) * whole);
    const drawn = pad(`${'█'.repeat(dark)}${'░'.repeat(whole - dark)}`, bar);
    return `  ${pad(clean(label), labels)}  ${drawn} ${String(value).padStart(numbers)}  ${clean(note)}`.trimEnd();
  });
}

/** All in one row, each as high as it is much; below it the first and the last label. */
function small(points: readonly { label: string; value: number }[], columns: number): string[] {
  if (points.length === 0) return [];
  const shown = points.slice(-(columns - 20));
  const most = Math.max(1, ...shown.map(({ value }) => value));
  const row = shown.map(({ value }) =>
    value === 0 ? '·' : STEPS[Math.min(STEPS.length - 1, Math.floor((value / most) * STEPS.length))],
  );
  const first = clean(shown[0]?.label ?? '');
  const last = clean(shown.at(-1)?.label ?? '');
  return [`  ${first} ${row.join('')} ${last}   (highest: ${most})`];
}
