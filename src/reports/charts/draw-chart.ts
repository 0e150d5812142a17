import type { ChartSpec } from '../chart-spec.ts';
import { drawBars } from './bars.ts';
import { type Canvas, canvasOf, type Drawing, frame } from './canvas.ts';
import { drawDots } from './dots.ts';
import { drawHeatStrip } from './heat-strip.ts';
import type { ChartTheme } from './ink.ts';
import { drawLine } from './line.ts';
import { drawStackedColumns } from './stacked-columns.ts';

/** Narrower than this nothing can be labelled. */
const NARROWEST = 240;

/**
 * Draws a chart as SVG text that depends on nothing but its arguments. `width` is in units of about a pixel; the
 * height follows from what is shown. It holds no style attribute, `<style>` or `<script>`, and all foreign text is
 * escaped, so it may stand in a page under a strict policy; its ids are made of the chart's name and width.
 */
export function drawChart(spec: ChartSpec, { theme, width }: { theme: ChartTheme; width: number }): string {
  const wide = Math.max(NARROWEST, Math.round(width));
  const canvas = canvasOf(theme, wide);
  const id = `chart-${spec.name.replace(/[^A-Za-z0-9]+/g, '-')}-${wide}`;
  return frame({ ...canvas, ...draw(canvas, spec) }, { id, title: spec.title, says: spec.says, theme });
}

function draw(canvas: Canvas, spec: ChartSpec): Drawing {
  switch (spec.chart) {
    case 'stacked-columns':
      return drawStackedColumns(canvas, spec);
    case 'line':
      return drawLine(canvas, spec);
    case 'bars-with-share':
      return drawBars(canvas, spec);
    case 'dots':
      return drawDots(canvas, spec);
    case 'heat-strip':
      return drawHeatStrip(canvas, spec);
  }
}
