import { scaleLog } from 'd3-scale';
import { MINUTE_MS, sayDuration } from '../../domain/time.ts';
import type { ChartSpec } from '../chart-spec.ts';
import { type Canvas, type Drawing, drawKey, label, NARROW, nothing, TEXT } from './canvas.ts';
import { cutTo, widthOf } from './measure.ts';
import { element, say } from './svg.ts';

type Spec = Extract<ChartSpec, { chart: 'dots' }>;
type Row = Spec['rows'][number];

/** Spans that people think in, from a minute to a year. */
const TICKS = [
  [1, '1 min'],
  [5, '5 min'],
  [15, '15 min'],
  [60, '1 h'],
  [240, '4 h'],
  [1_440, '1 d'],
  [4_320, '3 d'],
  [10_080, '7 d'],
  [43_200, '30 d'],
  [525_600, '1 y'],
] as const;
const LONGEST = 525_600;

/**
 * Median and 90th percentile of each row on one logarithmic scale, its target as an upright stroke; in a narrow chart
 * the words stand above the marks.
 */
export function drawDots(canvas: Canvas, { rows }: Spec): Drawing {
  if (rows.length === 0) return nothing(canvas, 'times');
  const all = rows
    .flatMap((row) => [row.medianMinutes, row.p90Minutes, row.targetMinutes])
    .filter(isSpan)
    .map(clampMinutes);
  const key = drawKey(canvas, keyOf(canvas, rows));
  const place = placeOf(canvas, rows);
  const { x, ticks } = timeScale(all, [place.left, place.right]);
  const foot = key.height + rows.length * place.pitch + 4;
  return {
    height: foot + (all.length === 0 ? 4 : 18),
    parts: [
      ...key.parts,
      ...(all.length === 0 ? [] : ticks).flatMap((tick) => [
        element('path', {
          ...canvas.paint('grid'),
          d: uprights(tick.x, { ...place, top: key.height, rows: rows.length }),
        }),
        label(canvas, tick.words, { x: tick.x, y: foot + 14, anchor: 'middle' }),
      ]),
      ...rows.flatMap((row, at) => {
        const top = key.height + at * place.pitch;
        const figures = { x: place.under ? 0 : canvas.width, y: top + place.figures };
        return [
          label(canvas, cutTo(row.label, TEXT.body, place.names), {
            x: 0,
            y: top + place.words,
            role: 'ink',
            size: TEXT.body,
          }),
          label(canvas, wordsOf(row), { ...figures, anchor: place.under ? 'start' : 'end' }),
          ...marks(canvas, row, x, top + place.marks),
        ];
      }),
    ],
  };
}

/** A faint line through the marks of all rows, not through the words above them. */
function uprights(x: number, { top, rows, pitch, marks: at, above }: Place & { top: number; rows: number }): string {
  const line = Math.round(x) + 0.5;
  if (!above) return `M${line} ${say(top)}V${say(top + rows * pitch + 4)}`;
  return Array.from({ length: rows }, (_, row) => `M${line} ${say(top + row * pitch + at - 8)}v16`).join('');
}

/** Where names, marks and figures of a row go, downwards from its top and across. */
interface Place {
  above: boolean;
  /** The figures have a line of their own. */
  under: boolean;
  pitch: number;
  words: number;
  figures: number;
  marks: number;
  names: number;
  left: number;
  right: number;
}

function placeOf({ width }: Canvas, rows: readonly Row[]): Place {
  const wanted = Math.max(...rows.map((row) => widthOf(row.label, TEXT.body))) + 4;
  const ends = Math.max(...rows.map((row) => widthOf(wordsOf(row), TEXT.small))) + 4;
  if (width < NARROW) {
    const under = wanted + ends > width;
    const down = under ? { pitch: 58, figures: 28, marks: 43 } : { pitch: 44, figures: 14, marks: 29 };
    return { above: true, under, words: 14, ...down, names: width - (under ? 0 : ends), left: 22, right: width - 22 };
  }
  const names = Math.min(wanted, width * 0.3);
  return {
    above: false,
    under: false,
    ...{ pitch: 26, words: 19, figures: 19, marks: 15 },
    names,
    left: names + 22,
    right: width - Math.min(ends, width * 0.4) - 22,
  };
}

function timeScale(all: readonly number[], range: readonly [number, number]) {
  const low = TICKS.findLast(([minutes]) => minutes <= Math.min(...all))?.[0] ?? 1;
  const high = TICKS.find(([minutes]) => minutes >= Math.max(...all, low * 10))?.[0] ?? LONGEST;
  const scale = scaleLog()
    .domain([low, high])
    .range([...range])
    .clamp(true);
  const x = (minutes: number) => scale(clampMinutes(minutes));
  const ticks = TICKS.filter(([minutes]) => minutes >= low && minutes <= high);
  return { x, ticks: apart(ticks.map(([minutes, words]) => ({ x: x(minutes), words }))) };
}

function marks(
  { paint }: Canvas,
  { medianMinutes, p90Minutes, targetMinutes }: Row,
  x: (minutes: number) => number,
  y: number,
): string[] {
  const median = isSpan(medianMinutes) ? x(medianMinutes) : undefined;
  const p90 = isSpan(p90Minutes) ? x(p90Minutes) : undefined;
  const target = isSpan(targetMinutes) ? x(targetMinutes) : undefined;
  return [
    ...(median !== undefined && p90 !== undefined
      ? [element('path', { ...paint('span'), d: `M${say(median)} ${say(y)}H${say(p90)}` })]
      : []),
    ...(target === undefined ? [] : [element('path', { ...paint('target'), d: `M${say(target)} ${say(y - 8)}v16` })]),
    ...(p90 === undefined ? [] : [element('circle', { ...paint('ring'), cx: p90, cy: y, r: 4 })]),
    ...(median === undefined ? [] : [element('circle', { ...paint('dot'), cx: median, cy: y, r: 5 })]),
  ];
}

function keyOf({ paint }: Canvas, rows: readonly Row[]) {
  const entries = [
    {
      there: rows.some((row) => isSpan(row.medianMinutes)),
      words: 'median',
      mark: (x: number, y: number) => element('circle', { ...paint('dot'), cx: x, cy: y, r: 5 }),
    },
    {
      there: rows.some((row) => isSpan(row.p90Minutes)),
      words: '90th percentile',
      mark: (x: number, y: number) => element('circle', { ...paint('ring'), cx: x, cy: y, r: 4 }),
    },
    {
      there: rows.some((row) => isSpan(row.targetMinutes)),
      words: 'target',
      mark: (x: number, y: number) => element('path', { ...paint('target'), d: `M${say(x)} ${say(y - 7)}v14` }),
    },
  ];
  return entries.filter(({ there }) => there);
}

/** `12 min · 90 % in 1 h 40 min · n 34`; without figures only how few there were. */
function wordsOf({ medianMinutes, p90Minutes, n }: Row): string {
  const spans = [medianMinutes, p90Minutes].filter(isSpan).map((minutes) => sayDuration(minutes * MINUTE_MS));
  return [...spans, `n ${n.toLocaleString('en-US')}`].join(' · ');
}

function isSpan(minutes: number | undefined): minutes is number {
  return minutes !== undefined && Number.isFinite(minutes) && minutes >= 0;
}

function clampMinutes(minutes: number): number {
  return Math.min(LONGEST, Math.max(1, minutes));
}

/** Leaves out ticks whose words would touch those before. */
function apart(ticks: readonly { x: number; words: string }[]): { x: number; words: string }[] {
  const kept: { x: number; words: string }[] = [];
  for (const tick of ticks) {
    const before = kept.at(-1);
    const half = widthOf(tick.words, TEXT.small) / 2;
    if (!before || tick.x - half > before.x + widthOf(before.words, TEXT.small) / 2 + 8) kept.push(tick);
  }
  return kept;
}
