import { clean } from '../../../domain/text/clean.ts';
import { clip, pad, widthOf, wrap } from '../../../domain/text/width.ts';
import type { Column, TableBlock } from '../../paper.ts';

const GAP = 2;
/** Lines that one cell may take; what is longer is cut. */
const DEEPEST = 3;
/** Below this text is no longer read. */
const NARROWEST = 12;

/** A table in columns of text, its cells broken over lines where they are too long, within `columns`. */
export function tableLines({ caption, columns, rows, empty }: TableBlock, total: number): string[] {
  if (rows.length === 0) return wrap(clean(empty), total);
  const cells = rows.map((row) => row.map(({ text }) => clean(text)));
  const widths = layOut(columns, cells, total);
  return [
    ...wrap(clean(caption), total),
    ...rowLines(
      columns.map(({ title }) => title),
      columns,
      widths,
    ),
    widths.map((width) => '─'.repeat(width)).join(' '.repeat(GAP)),
    ...cells.flatMap((row) => rowLines(row, columns, widths)),
  ];
}

/** As wide as the content asks; where that is too much, the widest columns of text give way first. */
function layOut(columns: readonly Column[], rows: readonly (readonly string[])[], total: number): number[] {
  const widths = columns.map(({ title }, i) =>
    rows.reduce((most, row) => Math.max(most, widthOf(row[i] ?? '')), longestWord(title)),
  );
  const over = () => widths.reduce((sum, width) => sum + width + GAP, -GAP) - total;
  while (over() > 0) {
    const texts = widths.map((width, i) => (columns[i]?.align === 'left' && width > NARROWEST ? width : 0));
    const anyText = texts.some((width) => width > 0);
    const from = anyText ? texts : widths;
    const widest = from.indexOf(Math.max(...from));
    const next = Math.max(anyText ? NARROWEST : 1, ...from.filter((_, i) => i !== widest));
    const step = Math.max(1, Math.min(over(), (from[widest] ?? 0) - next));
    widths[widest] = Math.max(1, (widths[widest] ?? 0) - step);
  }
  for (const [i, { title }] of columns.entries()) {
    const wish = widthOf(title) - (widths[i] ?? 0);
    if (wish > 0) widths[i] = (widths[i] ?? 0) + Math.max(0, Math.min(wish, -over()));
  }
  return widths;
}

function longestWord(title: string): number {
  return Math.max(...title.split(' ').map(widthOf));
}

function rowLines(cells: readonly string[], columns: readonly Column[], widths: readonly number[]): string[] {
  const broken = cells.map((cell, i) => breakCell(cell, widths[i] ?? 1));
  const height = Math.max(...broken.map(({ length }) => length));
  return Array.from({ length: height }, (_, line) =>
    broken
      .map((lines, i) => {
        const text = lines[line] ?? '';
        const width = widths[i] ?? 0;
        return columns[i]?.align === 'right' ? ' '.repeat(Math.max(0, width - widthOf(text))) + text : pad(text, width);
      })
      .join(' '.repeat(GAP))
      .trimEnd(),
  );
}

function breakCell(cell: string, width: number): string[] {
  const lines = wrap(cell, width);
  if (lines.length <= DEEPEST) return lines.map((line) => clip(line, width));
  const last = clip(`${lines.slice(DEEPEST - 1).join(' ')}`, width);
  return [...lines.slice(0, DEEPEST - 1).map((line) => clip(line, width)), last];
}
