import type { ChartSpec } from '../chart-spec.ts';
import { counted, swatch } from './axes.ts';
import { type Canvas, type Drawing, drawKey, label, TEXT } from './canvas.ts';
import { cutTo, sayCount, widthOf } from './measure.ts';
import { box, element } from './svg.ts';

type Spec = Extract<ChartSpec, { chart: 'bars-with-share' }>;

const THICK = 14;

/** Bars in a list, the marked part at each one's beginning; in a narrow chart each name stands above its bar. */
export function drawBars(canvas: Canvas, { bars, unit, partWords }: Spec): Drawing {
  const stacked = canvas.width < 480;
  const marked = bars.some(({ part }) => counted(part) > 0);
  const key = drawKey(
    canvas,
    bars.length === 0
      ? []
      : [
          { mark: swatch(canvas, 'whole'), words: unit },
          ...(marked ? [{ mark: swatch(canvas, 'part'), words: `of them ${partWords}` }] : []),
        ],
  );
  if (bars.length === 0)
    return {
      height: 40,
      parts: [label(canvas, `No ${unit}`, { x: canvas.width / 2, y: 24, anchor: 'middle', size: TEXT.body })],
    };

  const names = stacked
    ? 0
    : Math.min(canvas.width * 0.38, 16 + Math.max(...bars.map((bar) => widthOf(bar.label, TEXT.body))));
  const words = bars.map(({ value, note }) => ({ count: sayCount(counted(value)), note }));
  const noteRoom = Math.min(
    canvas.width * 0.34,
    Math.max(
      ...words.map(
        ({ count, note }) => widthOf(count, TEXT.body) * 1.1 + (note === '' ? 0 : 8 + widthOf(note, TEXT.small)),
      ),
    ) + 10,
  );
  const room = canvas.width - names - noteRoom;
  const most = Math.max(1, ...bars.map(({ value }) => counted(value)));
  const pitch = stacked ? 40 : 24;
  const rows = bars.flatMap((bar, at) => {
    const top = key.height + at * pitch + (stacked ? 20 : 5);
    const length = (counted(bar.value) / most) * room;
    const part = (Math.min(counted(bar.part), counted(bar.value)) / most) * room;
    const count = words[at]?.count ?? '';
    const after = names + length + 7;
    const noteAt = after + widthOf(count, TEXT.body) * 1.1 + 7;
    return [
      stacked
        ? label(canvas, bar.label, { x: 0, y: top - 6, role: 'ink', size: TEXT.body })
        : label(canvas, cutTo(bar.label, TEXT.body, names - 10), { x: 0, y: top + 11, role: 'ink', size: TEXT.body }),
      ...(length > 0 ? [strip(canvas, 'whole', names, top, length)] : []),
      ...(part > 0 ? [strip(canvas, 'part', names, top, part)] : []),
      label(canvas, count, { x: after, y: top + 11, role: 'ink', size: TEXT.body, bold: true }),
      label(canvas, bar.note, { x: noteAt, y: top + 11 }),
    ];
  });
  return { height: key.height + bars.length * pitch + 4, parts: [...key.parts, ...rows] };
}

function strip(canvas: Canvas, role: 'whole' | 'part', x: number, y: number, length: number): string {
  return element('path', { ...canvas.paint(role), d: box(x + 0.5, y + 0.5, Math.max(0.5, length - 1), THICK - 1) });
}
