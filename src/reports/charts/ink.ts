import { FONTS, LIGHT, namedColours, PRINT_FAMILY } from '../palette.ts';
import type { Attributes } from './svg.ts';

/**
 * Where a chart takes its colours from: `class` from the page's stylesheet (`chartStyles`), so that it follows light
 * and dark; `light` and `print` carry them in presentation attributes, `print` in a font that the PDF's typesetter has.
 */
export type ChartTheme = 'light' | 'print' | 'class';

/** What is drawn, with the colour of its area and outline by its name in the palette. */
const ROLES = {
  ink: { fill: 'ink' },
  quiet: { fill: 'quiet' },
  high: { fill: 'high', stroke: 'high-edge', width: 1 },
  medium: { fill: 'medium', stroke: 'medium-edge', width: 1 },
  low: { fill: 'low', stroke: 'low-edge', width: 1 },
  informational: { fill: 'informational', stroke: 'informational-edge', width: 1 },
  grid: { stroke: 'line', width: 1 },
  axis: { stroke: 'edge', width: 1 },
  trend: { stroke: 'accent', width: 2 },
  under: { fill: 'accent-ground' },
  dot: { fill: 'accent' },
  ring: { fill: 'panel', stroke: 'accent', width: 2 },
  span: { stroke: 'accent', width: 1.5 },
  target: { stroke: 'ink', width: 2 },
  whole: { fill: 'heat-1', stroke: 'edge', width: 1 },
  part: { fill: 'accent', stroke: 'accent', width: 1 },
  'heat-0': { fill: 'heat-0', stroke: 'line', width: 1 },
  'heat-1': { fill: 'heat-1' },
  'heat-2': { fill: 'heat-2' },
  'heat-3': { fill: 'heat-3' },
  'heat-4': { fill: 'heat-4' },
  'on-heat-0': { fill: 'on-heat-0' },
  'on-heat-1': { fill: 'on-heat-1' },
  'on-heat-2': { fill: 'on-heat-2' },
  'on-heat-3': { fill: 'on-heat-3' },
  'on-heat-4': { fill: 'on-heat-4' },
} as const satisfies Record<string, { fill?: string; stroke?: string; width?: number }>;

export type Role = keyof typeof ROLES;

/** The attributes that give something its colours. */
export type Paint = (role: Role) => Attributes;

const COLOURS = namedColours(LIGHT);

export function paintIn(theme: ChartTheme): Paint {
  if (theme === 'class') return (role) => ({ class: `c-${role}` });
  return (role) => {
    const { fill, stroke, width }: { fill?: string; stroke?: string; width?: number } = ROLES[role];
    return {
      fill: fill === undefined ? 'none' : COLOURS.get(fill),
      stroke: stroke === undefined ? undefined : COLOURS.get(stroke),
      'stroke-width': width,
    };
  };
}

export function fontIn(theme: ChartTheme): string | undefined {
  if (theme === 'class') return undefined;
  return theme === 'print' ? PRINT_FAMILY : FONTS.text;
}

/** The rules that colour charts of theme `class`; the page defines the custom properties (`cssVariables`). */
export function chartStyles(): string {
  const rules = Object.entries(ROLES).map(
    ([role, paint]: [string, { fill?: string; stroke?: string; width?: number }]) => {
      const fill = `fill:${paint.fill === undefined ? 'none' : `var(--${paint.fill})`}`;
      const stroke = paint.stroke === undefined ? '' : `;stroke:var(--${paint.stroke});stroke-width:${paint.width}`;
      return `.chart .c-${role}{${fill}${stroke}}`;
    },
  );
  return ['.chart{display:block;width:100%;height:auto;font-variant-numeric:tabular-nums}', ...rules].join('\n');
}
