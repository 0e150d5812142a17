import type { ChartSpec } from '../chart-spec.ts';
import { counted } from './axes.ts';
import { type Canvas, type Drawing, label, TEXT } from './canvas.ts';
import type { Role } from './ink.ts';
import { cutTo, sayCount } from './measure.ts';
import { box, element } from './svg.ts';

type Spec = Extract<ChartSpec, { chart: 'heat-strip' }>;

const GAP = 3;
const TALL = 46;
const LEVELS = 4;

/** Cells in reading order, darker the more, each with its name and number inside; the strip turns where it must. */
export function drawHeatStrip(canvas: Canvas, { cells, unit }: Spec): Drawing {
  if (cells.length === 0)
    return {
      height: 40,
      parts: [label(canvas, `No ${unit}`, { x: canvas.width / 2, y: 24, anchor: 'middle', size: TEXT.body })],
    };
  const perRow = Math.max(1, Math.min(cells.length, Math.floor((canvas.width + GAP) / 110)));
  const rows = Math.ceil(cells.length / perRow);
  const across = Math.ceil(cells.length / rows);
  const breadth = (canvas.width - GAP * (across - 1)) / across;
  const most = Math.max(1, ...cells.map(({ value }) => counted(value)));
  const parts = cells.flatMap(({ label: name, value }, at) => {
    const x = (at % across) * (breadth + GAP);
    const y = Math.floor(at / across) * (TALL + GAP);
    const level = Math.ceil((counted(value) / most) * LEVELS);
    const on = `on-heat-${level}` as Role;
    return [
      element('path', { ...canvas.paint(`heat-${level}` as Role), d: box(x + 0.5, y + 0.5, breadth - 1, TALL - 1) }),
      label(canvas, cutTo(name, TEXT.small, breadth - 14), { x: x + 8, y: y + 17, role: on }),
      label(canvas, sayCount(counted(value)), { x: x + 8, y: y + 37, role: on, size: TEXT.large, bold: level > 0 }),
    ];
  });
  return { height: rows * (TALL + GAP) - GAP, parts };
}
