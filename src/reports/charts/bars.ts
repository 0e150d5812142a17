import type { ChartSpec } from '../chart-spec.ts';
import { counted, swatch } from './axes.ts';
import { type Canvas, type Drawing, drawKey, label, NARROW, nothing, TEXT } from './canvas.ts';
import { cutTo, sayCount, widthOf } from './measure.ts';
import { box, element } from './svg.ts';

type Spec = Extract<ChartSpec, { chart: 'bars-with-share' }>;

const THICK = 14;
const BOLD = 1.1;

/** Bars in a list, the marked part at each one's beginning; in a narrow chart each name stands above its bar. */
export function drawBars(canvas: Canvas, { bars, unit, partWords }: Spec): Drawing {
  if (bars.length === 0) return nothing(canvas, unit);
  const above = canvas.width < NARROW;
  const pitch = above ? 40 : 24;
  const key = drawKey(canvas, [
    { mark: swatch(canvas, 'whole'), words: unit },
    ...(bars.some(({ part }) => counted(part) > 0)
      ? [{ mark: swatch(canvas, 'part'), words: `of them ${partWords}` }]
      : []),
  ]);
  const names = above
    ? 0
    : columnFor(
        bars.map((bar) => widthOf(bar.label, TEXT.body) + 16),
        canvas.width * 0.42,
      );
  const ends = columnFor(bars.map(widthOfEnd), canvas.width * (above ? 0.7 : 0.36));
  const most = Math.max(1, ...bars.map(({ value }) => counted(value)));
  const length = (value: number) => (counted(value) / most) * (canvas.width - names - ends);
  const rows = bars.flatMap((bar, at) => {
    const top = key.height + at * pitch + (above ? 20 : 5);
    const end = names + length(bar.value) + 7;
    const count = sayCount(counted(bar.value));
    return [
      label(canvas, above ? bar.label : cutTo(bar.label, TEXT.body, names - 10), {
        x: 0,
        y: above ? top - 6 : top + 11,
        role: 'ink',
        size: TEXT.body,
      }),
      strip(canvas, 'whole', { x: names, y: top, length: length(bar.value) }),
      strip(canvas, 'part', { x: names, y: top, length: length(Math.min(counted(bar.part), counted(bar.value))) }),
      label(canvas, count, { x: end, y: top + 11, role: 'ink', size: TEXT.body, bold: true }),
      label(canvas, bar.note, { x: end + widthOf(count, TEXT.body) * BOLD + 6, y: top + 11 }),
    ];
  });
  return { height: key.height + bars.length * pitch + 4, parts: [...key.parts, ...rows] };
}

function columnFor(widths: readonly number[], most: number): number {
  return Math.min(most, Math.max(...widths));
}

function widthOfEnd({ value, note }: Spec['bars'][number]): number {
  const count = 12 + widthOf(sayCount(counted(value)), TEXT.body) * BOLD;
  return note === '' ? count : count + 6 + widthOf(note, TEXT.small);
}

function strip(
  canvas: Canvas,
  role: 'whole' | 'part',
  { x, y, length }: { x: number; y: number; length: number },
): string {
  if (length <= 0) return '';
  return element('path', { ...canvas.paint(role), d: box(x + 0.5, y + 0.5, Math.max(0.5, length - 1), THICK - 1) });
}
