import { scaleLinear } from 'd3-scale';
import type { Canvas } from './canvas.ts';
import { label, labelsInMiddle, TEXT } from './canvas.ts';
import { sayCount, widthOf } from './measure.ts';
import { box, element, say } from './svg.ts';

/** What is counted: nothing below nought, and nothing that is no number. */
export function counted(value: number): number {
  return Number.isFinite(value) && value > 0 ? value : 0;
}

/** From nought to the highest value, or to a round number above it where lines are to tell the steps. */
export function countScale(highest: number, [bottom, top]: readonly [number, number], round = true) {
  const scale = scaleLinear()
    .domain([0, Math.max(1, highest)])
    .range([bottom, top]);
  if (round) scale.nice(3);
  const ticks = scale.ticks(3).filter((tick) => Number.isInteger(tick));
  return { y: (value: number) => scale(value), ticks };
}

/** Faint lines across the plot, each with its number at the left. */
export function gridLines(
  canvas: Canvas,
  { ticks, y, left, right }: { ticks: readonly number[]; y: (value: number) => number; left: number; right: number },
): string[] {
  return ticks
    .filter((tick) => tick > 0)
    .flatMap((tick) => [
      element('path', { ...canvas.paint('grid'), d: across(y(tick), left, right) }),
      label(canvas, sayCount(tick), { x: left - 6, y: y(tick) + 4, anchor: 'end' }),
    ]);
}

function across(y: number, left: number, right: number): string {
  return `M${say(left)} ${say(Math.round(y) + 0.5)}H${say(right)}`;
}

/** The line that everything stands on. */
export function baseLine(canvas: Canvas, y: number, left: number, right: number): string {
  return element('path', { ...canvas.paint('axis'), d: across(y, left, right) });
}

/** Labels under the plot: every one, every second, third … so that none touch; the first is always among them. */
export function underLabels(canvas: Canvas, labels: readonly { text: string; x: number }[], y: number): string[] {
  const placed = labels.map(({ text, x }) => {
    const half = Math.min(widthOf(text, TEXT.small) / 2, canvas.width / 2);
    return { text, half, x: Math.min(Math.max(x, half), canvas.width - half) };
  });
  const touch = (every: number) =>
    placed.some((one, at) => {
      const next = placed[at + every];
      return at % every === 0 && next !== undefined && one.x + one.half + 6 > next.x - next.half;
    });
  let every = 1;
  while (every < placed.length && touch(every)) every += 1;
  return [
    labelsInMiddle(
      canvas,
      placed.filter((_, at) => at % every === 0).map(({ text, x }) => ({ text, x, y })),
    ),
  ];
}

/** A filled square of a key. */
export function swatch(canvas: Canvas, role: Parameters<Canvas['paint']>[0]): (x: number, y: number) => string {
  return (x, y) => element('path', { ...canvas.paint(role), d: box(x - 4.5, y - 4.5, 9, 9) });
}
