import { scaleBand } from 'd3-scale';
import { SEVERITIES, type Severity } from '../../domain/alert.ts';
import type { ChartSpec } from '../chart-spec.ts';
import { baseLine, counted, countScale, gridLines, swatch, underLabels } from './axes.ts';
import { type Canvas, type Drawing, drawKey, label, labelsInMiddle, TEXT } from './canvas.ts';
import { sayCount, widthOf } from './measure.ts';
import { box, element } from './svg.ts';

type Spec = Extract<ChartSpec, { chart: 'stacked-columns' }>;

const PLOT = 150;

/** Columns with the gravest at the foot, where lengths compare; each column's total stands on it where there is room. */
export function drawStackedColumns(canvas: Canvas, { columns, unit }: Spec): Drawing {
  const sums = new Map(SEVERITIES.map((severity) => [severity, sumOf(columns, severity)]));
  const shown = SEVERITIES.filter((severity) => (sums.get(severity) ?? 0) > 0);
  const totals = columns.map(({ values }) => SEVERITIES.reduce((sum, severity) => sum + counted(values[severity]), 0));
  const key = drawKey(
    canvas,
    shown.map((severity) => ({
      mark: swatch(canvas, severity),
      words: `${severity[0]?.toUpperCase()}${severity.slice(1)} ${sayCount(sums.get(severity) ?? 0)}`,
    })),
  );

  const top = key.height + 14;
  const foot = top + (shown.length === 0 ? PLOT / 3 : PLOT);
  const widest = Math.max(0, ...totals.map((total) => widthOf(sayCount(total), TEXT.small)));
  const toldOnTop = widest <= canvas.width / Math.max(1, columns.length);
  const { y, ticks } = countScale(Math.max(0, ...totals), [foot, top], !toldOnTop);
  const left = toldOnTop ? 0 : Math.max(0, ...ticks.map((tick) => widthOf(sayCount(tick), TEXT.small))) + 8;
  const band = scaleBand<number>()
    .domain(columns.map((_, at) => at))
    .range([left, canvas.width])
    .paddingInner(columns.length > 60 ? 0.1 : 0.28)
    .paddingOuter(0.1);
  const middle = (at: number) => (band(at) ?? 0) + band.bandwidth() / 2;

  return {
    height: foot + 22,
    parts: [
      ...key.parts,
      ...(toldOnTop ? [] : gridLines(canvas, { ticks, y, left, right: canvas.width })),
      ...segments(
        canvas,
        { columns, shown, y, x: (at) => band(at) ?? 0, breadth: Math.min(band.bandwidth(), 64) },
        band.bandwidth(),
      ),
      baseLine(canvas, foot, left, canvas.width),
      labelsInMiddle(
        canvas,
        totals.flatMap((total, at) =>
          toldOnTop && total > 0 ? [{ text: sayCount(total), x: middle(at), y: y(total) - 5 }] : [],
        ),
      ),
      ...(shown.length === 0
        ? [label(canvas, `No ${unit}`, { x: canvas.width / 2, y: (top + foot) / 2, anchor: 'middle', size: TEXT.body })]
        : []),
      ...underLabels(
        canvas,
        columns.map(({ label: text }, at) => ({ text, x: middle(at) })),
        foot + 17,
      ),
    ],
  };
}

function sumOf(columns: Spec['columns'], severity: Severity): number {
  return columns.reduce((sum, { values }) => sum + counted(values[severity]), 0);
}

/** One path for each severity, its outline within its area, so that a pixel of ground divides neighbours. */
function segments(
  canvas: Canvas,
  plot: {
    columns: Spec['columns'];
    shown: readonly Severity[];
    x: (at: number) => number;
    y: (value: number) => number;
    breadth: number;
  },
  pitch: number,
): string[] {
  const below = plot.columns.map(() => 0);
  return plot.shown.map((severity) => {
    const pieces = plot.columns.flatMap(({ values }, at) => {
      const value = counted(values[severity]);
      if (value === 0) return [];
      const base = below[at] ?? 0;
      below[at] = base + value;
      const [high, low] = [plot.y(base + value), plot.y(base)];
      const x = plot.x(at) + (pitch - plot.breadth) / 2;
      return box(x + 0.5, high + 0.5, Math.max(0.1, plot.breadth - 1), Math.max(0.1, low - high - 2));
    });
    return element('path', { ...canvas.paint(severity), d: pieces.join('') });
  });
}
