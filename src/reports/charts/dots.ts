import { scaleLog } from 'd3-scale';
import { MINUTE_MS, sayDuration } from '../../domain/time.ts';
import type { ChartSpec } from '../chart-spec.ts';
import { type Canvas, type Drawing, drawKey, label, TEXT } from './canvas.ts';
import { cutTo, widthOf } from './measure.ts';
import { element, say } from './svg.ts';

type Spec = Extract<ChartSpec, { chart: 'dots' }>;
type Row = Spec['rows'][number];

const PITCH = 26;

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

/** Median and 90th percentile of each row on one logarithmic scale, its target as an upright stroke. */
export function drawDots(canvas: Canvas, { rows }: Spec): Drawing {
  const all = rows.flatMap((row) =>
    [row.medianMinutes, row.p90Minutes, row.targetMinutes].filter(isSpan).map(clampMinutes),
  );
  const key = drawKey(canvas, all.length === 0 ? [] : keyOf(canvas, rows));
  const told = rows.map(wordsOf);
  const names = Math.min(canvas.width * 0.3, 14 + Math.max(0, ...rows.map((row) => widthOf(row.label, TEXT.body))));
  const ends = Math.min(canvas.width * 0.42, 12 + Math.max(0, ...told.map((words) => widthOf(words, TEXT.small))));
  const [left, right] = [names + 8, canvas.width - ends - 8];
  const low = TICKS.findLast(([minutes]) => minutes <= Math.min(...all))?.[0] ?? 1;
  const high = TICKS.find(([minutes]) => minutes >= Math.max(...all, low * 10))?.[0] ?? 525_600;
  const scale = scaleLog().domain([low, high]).range([left, right]).clamp(true);
  const x = (minutes: number) => scale(clampMinutes(minutes));
  const foot = key.height + rows.length * PITCH + 4;
  const ticks = apart(
    TICKS.filter(([minutes]) => minutes >= low && minutes <= high).map(([minutes, words]) => ({
      x: x(minutes),
      words,
    })),
  );

  return {
    height: foot + (all.length === 0 ? 4 : 18),
    parts: [
      ...key.parts,
      ...(all.length === 0
        ? []
        : ticks.flatMap((tick) => [
            element('path', {
              ...canvas.paint('grid'),
              d: `M${Math.round(tick.x) + 0.5} ${say(key.height)}V${say(foot)}`,
            }),
            label(canvas, tick.words, { x: tick.x, y: foot + 14, anchor: 'middle' }),
          ])),
      ...rows.flatMap((row, at) => {
        const y = key.height + at * PITCH + PITCH / 2 + 2;
        return [
          label(canvas, cutTo(row.label, TEXT.body, names - 4), { x: 0, y: y + 4, role: 'ink', size: TEXT.body }),
          ...marks(canvas, row, x, y),
          label(canvas, cutTo(told[at] ?? '', TEXT.small, ends), { x: canvas.width, y: y + 4, anchor: 'end' }),
        ];
      }),
    ],
  };
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
  return Math.min(525_600, Math.max(1, minutes));
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
