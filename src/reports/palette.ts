import type { Severity } from '../domain/alert.ts';
import type { Tone } from './paper.ts';

/** How one severity is drawn: its area, the outline that holds it against the ground (3:1), and text upon it (4.5:1). */
export interface SeverityColours {
  fill: string;
  edge: string;
  on: string;
}

/** All colours of a page. Text upon any of the grounds has at least 4.5:1 (WCAG 2.2 §1.4.3), edges 3:1 (§1.4.11). */
export interface Palette {
  /** Behind everything. */
  ground: string;
  /** Cards and tables that lie on the ground. */
  panel: string;
  /** Heads of tables, code, hovered rows. */
  sunken: string;
  ink: string;
  /** Second voice: notes, units, axis labels. */
  quiet: string;
  /** Hair lines that only divide. */
  line: string;
  /** Outlines that must be seen: inputs, light areas of charts. */
  edge: string;
  /** The one accent: links, focus, the line of a chart. */
  accent: string;
  accentGround: string;
  onAccent: string;
  /** Text in a tone, and the ground of a notice in it. */
  tone: Readonly<Record<Exclude<Tone, 'plain'>, { text: string; ground: string }>>;
  severity: Readonly<Record<Severity, SeverityColours>>;
  /** From least to most, for strips of cells. */
  heat: readonly { fill: string; on: string }[];
}

/** On white, the graver a severity the darker it is, so that the order is read in grey and by every eye. */
export const LIGHT: Palette = {
  ground: '#fbfbfa',
  panel: '#ffffff',
  sunken: '#f2f3f4',
  ink: '#17202a',
  quiet: '#56616d',
  line: '#d9dde1',
  edge: '#79848f',
  accent: '#0b5f70',
  accentGround: '#e3f1f3',
  onAccent: '#ffffff',
  tone: {
    good: { text: '#1c6840', ground: '#e7f3ec' },
    attention: { text: '#7d4b00', ground: '#fcf1dd' },
    bad: { text: '#a11a2c', ground: '#fbe9ea' },
  },
  severity: {
    high: { fill: '#78122a', edge: '#78122a', on: '#ffffff' },
    medium: { fill: '#bf5420', edge: '#bf5420', on: '#ffffff' },
    low: { fill: '#e3ad4b', edge: '#9c6c12', on: '#17202a' },
    informational: { fill: '#dde2e7', edge: '#79848f', on: '#17202a' },
  },
  heat: [
    { fill: '#f2f3f4', on: '#56616d' },
    { fill: '#cfe3e6', on: '#17202a' },
    { fill: '#93c3ca', on: '#17202a' },
    { fill: '#327b89', on: '#ffffff' },
    { fill: '#0b4a58', on: '#ffffff' },
  ],
};

/** On dark, the graver a severity the lighter it is: what matters most stands out most, as on white. */
export const DARK: Palette = {
  ground: '#10151b',
  panel: '#171d25',
  sunken: '#1f2730',
  ink: '#e7ebef',
  quiet: '#a5b0bb',
  line: '#2e3843',
  edge: '#76838f',
  accent: '#62c6d6',
  accentGround: '#12303a',
  onAccent: '#08171b',
  tone: {
    good: { text: '#74d09b', ground: '#14291e' },
    attention: { text: '#f0b75c', ground: '#2f2512' },
    bad: { text: '#ff9a92', ground: '#361b1e' },
  },
  severity: {
    high: { fill: '#ffb3a6', edge: '#ffb3a6', on: '#10151b' },
    medium: { fill: '#e07f3c', edge: '#e07f3c', on: '#10151b' },
    low: { fill: '#8f6a1e', edge: '#a8802f', on: '#ffffff' },
    informational: { fill: '#414c57', edge: '#76838f', on: '#ffffff' },
  },
  heat: [
    { fill: '#1f2730', on: '#a5b0bb' },
    { fill: '#1d4650', on: '#e7ebef' },
    { fill: '#2a6d7b', on: '#ffffff' },
    { fill: '#53aebd', on: '#08171b' },
    { fill: '#a9e4ed', on: '#08171b' },
  ],
};

/** Type sizes of a page, in rem, a ratio of about 1.2 apart. */
export const SIZES = { small: 0.8125, body: 0.9375, large: 1.125, title: 1.375, display: 1.75 } as const;

export const FONTS = {
  text: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
  code: "ui-monospace, 'SF Mono', 'Cascadia Mono', Consolas, 'DejaVu Sans Mono', monospace",
} as const;

/** What a PDF's text and charts are set in first: a font that comes with Casewire, under a name that no machine knows. */
export const PRINT_FAMILY = 'Casewire Text';

/** Every colour of a palette by its name in stylesheets: `ink`, `high`, `high-edge`, `on-high`, `bad-ground`, `heat-3`. */
export function namedColours(palette: Palette): ReadonlyMap<string, string> {
  const { tone, severity, heat, ...plain } = palette;
  return new Map([
    ...Object.entries(plain).map(([name, colour]): [string, string] => [kebab(name), colour]),
    ...Object.entries(tone).flatMap(([name, { text, ground }]): [string, string][] => [
      [name, text],
      [`${name}-ground`, ground],
    ]),
    ...Object.entries(severity).flatMap(([name, { fill, edge, on }]): [string, string][] => [
      [name, fill],
      [`${name}-edge`, edge],
      [`on-${name}`, on],
    ]),
    ...heat.flatMap(({ fill, on }, at): [string, string][] => [
      [`heat-${at}`, fill],
      [`on-heat-${at}`, on],
    ]),
  ]);
}

/** The palette as custom properties of a stylesheet: `--ink:#17202a;` and so on. */
export function cssVariables(palette: Palette): string {
  return [...namedColours(palette)].map(([name, colour]) => `--${name}:${colour};`).join('');
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
