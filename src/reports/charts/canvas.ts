import { type ChartTheme, fontIn, type Paint, paintIn, type Role } from './ink.ts';
import { cutTo, widthOf } from './measure.ts';
import { type Attributes, element, escapeXml } from './svg.ts';

/** Sizes of a chart's text, in its own units. */
export const TEXT = { small: 11, body: 12, large: 17 } as const;

/** Below this width what else stands beside a mark stands above it. */
export const NARROW = 480;

/** What one kind of chart has drawn: its height, and its elements in the order of painting. */
export interface Drawing {
  height: number;
  parts: readonly string[];
}

/** Where and how a chart is drawn. */
export interface Canvas {
  width: number;
  paint: Paint;
  /** A face with small letters is set larger, to look as large as others. */
  enlarge: number;
}

/** Libertinus has small letters. */
const ENLARGED = 1.08;

export function canvasOf(theme: ChartTheme, width: number): Canvas {
  return { width, paint: paintIn(theme), enlarge: theme === 'print' ? ENLARGED : 1 };
}

/** A line of text that is cut where it would leave the chart. */
export function label(
  { width, paint, enlarge }: Canvas,
  text: string,
  at: { x: number; y: number; role?: Role; size?: number; anchor?: 'start' | 'middle' | 'end'; bold?: boolean },
): string {
  const { x, y, role = 'quiet', size = TEXT.small, anchor = 'start', bold = false } = at;
  const room = anchor === 'start' ? width - x : anchor === 'end' ? x : 2 * Math.min(x, width - x);
  const line = cutTo(text, size, room);
  if (line === '') return '';
  const attributes: Attributes = {
    // The quiet small text that most is comes from the frame.
    ...(role === 'quiet' ? {} : paint(role)),
    x,
    y,
    'font-size': size === TEXT.small ? undefined : size * enlarge,
    'text-anchor': anchor === 'start' ? undefined : anchor,
    'font-weight': bold ? 600 : undefined,
  };
  return element('text', attributes, escapeXml(line));
}

/** Many short lines around their middles, in one group: a chart of a month has sixty. */
export function labelsInMiddle(canvas: Canvas, lines: readonly { text: string; x: number; y: number }[]): string {
  const texts = lines.map(({ text, x, y }) => label(canvas, text, { x, y, anchor: 'middle' }).replace(MIDDLE, ''));
  return texts.join('') === '' ? '' : element('g', { 'text-anchor': 'middle' }, ...texts);
}

const MIDDLE = ' text-anchor="middle"';

/** Instead of a chart without anything in it. */
export function nothing(canvas: Canvas, unit: string): Drawing {
  const at = { x: canvas.width / 2, y: 24, size: TEXT.body, anchor: 'middle' } as const;
  return { height: 40, parts: [label(canvas, `No ${unit}`, at)] };
}

/** An entry of a key: a swatch drawn by `mark` around a point, and its words. */
export interface KeyEntry {
  mark: (x: number, y: number) => string;
  words: string;
}

/** A key in as many lines as it needs, from the top; says how high it is. */
export function drawKey(canvas: Canvas, entries: readonly KeyEntry[]): Drawing {
  const parts: string[] = [];
  let x = 0;
  let y = 12;
  for (const { mark, words } of entries) {
    const width = 16 + widthOf(words, TEXT.small);
    if (x > 0 && x + width > canvas.width) {
      x = 0;
      y += 18;
    }
    parts.push(mark(x + 5, y - 4), label(canvas, words, { x: x + 15, y }));
    x += width + 14;
  }
  return { height: entries.length === 0 ? 0 : y + 10, parts };
}

/** The finished picture: named and described for those who do not see it. */
export function frame(
  { width, height, parts, paint, enlarge }: Drawing & Canvas,
  { id, title, says, theme }: { id: string; title: string; says: string; theme: ChartTheme },
): string {
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      class: theme === 'class' ? 'chart' : undefined,
      viewBox: `0 0 ${Math.round(width)} ${Math.ceil(height)}`,
      width: theme === 'class' ? undefined : Math.round(width),
      height: theme === 'class' ? undefined : Math.ceil(height),
      role: 'img',
      'aria-labelledby': `${id}-title ${id}-desc`,
      'font-family': fontIn(theme),
      'font-size': TEXT.small * enlarge,
    },
    element('title', { id: `${id}-title` }, escapeXml(title)),
    element('desc', { id: `${id}-desc` }, escapeXml(says)),
    element('g', paint('quiet'), ...parts),
  );
}
