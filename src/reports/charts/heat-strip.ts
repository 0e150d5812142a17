import type { ChartSpec } from '../chart-spec.ts';
import { counted } from './axes.ts';
import { type Canvas, type Drawing, label, nothing, TEXT } from './canvas.ts';
import type { Role } from './ink.ts';
import { inTwoLines, sayCount, widthOf } from './measure.ts';
import { box, element } from './svg.ts';

type Spec = Extract<ChartSpec, { chart: 'heat-strip' }>;

const GAP = 3;
const TALL = 40;
const NARROWEST = 124;
const LEVELS = 4;

/** Cells in reading order, darker the more, each with its name and number inside; the strip turns where it must. */
export function drawHeatStrip(canvas: Canvas, { cells, unit }: Spec): Drawing {
  if (cells.length === 0) return nothing(canvas, unit);
  const perRow = Math.max(1, Math.min(cells.length, Math.floor((canvas.width + GAP) / (NARROWEST + GAP))));
  const rows = Math.ceil(cells.length / perRow);
  const across = Math.ceil(cells.length / rows);
  const breadth = (canvas.width - GAP * (across - 1)) / across;
  const most = Math.max(1, ...cells.map(({ value }) => counted(value)));
  const parts = cells.flatMap((cell, at) => {
    const x = (at % across) * (breadth + GAP);
    const y = Math.floor(at / across) * (TALL + GAP);
    const level = Math.ceil((counted(cell.value) / most) * LEVELS);
    return [
      element('path', { ...canvas.paint(`heat-${level}` as Role), d: box(x + 0.5, y + 0.5, breadth - 1, TALL - 1) }),
      ...words(canvas, cell, { x, y, breadth, level }),
    ];
  });
  return { height: rows * (TALL + GAP) - GAP, parts };
}

function words(
  canvas: Canvas,
  { label: name, value }: Spec['cells'][number],
  { x, y, breadth, level }: { x: number; y: number; breadth: number; level: number },
): string[] {
  const role = `on-heat-${level}` as Role;
  const count = sayCount(counted(value));
  const lines = inTwoLines(name, TEXT.small, breadth - 22 - widthOf(count, TEXT.large));
  return [
    ...lines.map((line, at) =>
      label(canvas, line, { x: x + 8, y: y + (lines.length === 1 ? 24 : 17 + at * 14), role }),
    ),
    label(canvas, count, {
      x: x + breadth - 8,
      y: y + 26,
      role,
      size: TEXT.large,
      anchor: 'end',
      bold: level > 0,
    }),
  ];
}
