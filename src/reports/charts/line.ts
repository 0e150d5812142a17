import { scalePoint } from 'd3-scale';
import { area, line } from 'd3-shape';
import type { ChartSpec } from '../chart-spec.ts';
import { baseLine, counted, countScale, gridLines, underLabels } from './axes.ts';
import { type Canvas, type Drawing, label, TEXT } from './canvas.ts';
import { sayCount, widthOf } from './measure.ts';
import { element } from './svg.ts';

type Spec = Extract<ChartSpec, { chart: 'line' }>;

const PLOT = 120;

/** A line from nought, with its last value and its highest told where they are. */
export function drawLine(canvas: Canvas, { points, unit }: Spec): Drawing {
  const values = points.map(({ value }) => counted(value));
  const top = 20;
  const foot = top + PLOT;
  const { y, ticks } = countScale(Math.max(0, ...values), [foot, top]);
  const left = Math.max(0, ...ticks.map((tick) => widthOf(sayCount(tick), TEXT.small))) + 8;
  const lastWords = sayCount(values.at(-1) ?? 0);
  const right = canvas.width - widthOf(lastWords, TEXT.body) * 1.1 - 12;
  const scale = scalePoint<number>()
    .domain(values.map((_, at) => at))
    .range([left, right]);
  const x = (at: number) => (values.length === 1 ? right : (scale(at) ?? left));
  const trend = line<number>((_, at) => x(at), y).digits(1);
  const under = area<number>((_, at) => x(at), foot, y).digits(1);
  const peak = values.indexOf(Math.max(...values));
  const tellPeak = peak >= 0 && (values[peak] ?? 0) > 0 && right - x(peak) > 40;
  const last = values.length - 1;

  return {
    height: foot + 22,
    parts: [
      ...(values.length > 1 ? [element('path', { ...canvas.paint('under'), d: under(values) ?? '' })] : []),
      ...gridLines(canvas, { ticks, y, left, right }),
      baseLine(canvas, foot, left, right),
      ...(values.length > 1
        ? [element('path', { ...canvas.paint('trend'), d: trend(values) ?? '', 'stroke-linejoin': 'round' })]
        : []),
      ...(tellPeak ? tell(canvas, { x: x(peak), y: y(values[peak] ?? 0), words: sayCount(values[peak] ?? 0) }) : []),
      ...(values.length === 0
        ? [label(canvas, `No ${unit}`, { x: canvas.width / 2, y: (top + foot) / 2, anchor: 'middle', size: TEXT.body })]
        : [
            element('circle', { ...canvas.paint('dot'), cx: x(last), cy: y(values[last] ?? 0), r: 4 }),
            label(canvas, lastWords, {
              x: right + 8,
              y: y(values[last] ?? 0) + 4,
              role: 'ink',
              size: TEXT.body,
              bold: true,
            }),
          ]),
      ...underLabels(
        canvas,
        points.map(({ label: text }, at) => ({ text, x: x(at) })),
        foot + 17,
      ),
    ],
  };
}

function tell(canvas: Canvas, { x, y, words }: { x: number; y: number; words: string }): string[] {
  const half = widthOf(words, TEXT.small) / 2;
  return [
    element('circle', { ...canvas.paint('dot'), cx: x, cy: y, r: 2.5 }),
    label(canvas, words, { x: Math.max(x, half), y: y - 7, role: 'ink', anchor: 'middle' }),
  ];
}
