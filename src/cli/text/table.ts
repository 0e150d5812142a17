import { clip, pad, widthOf } from '../../domain/text/width.ts';

export interface Column {
  title: string;
  /** Widest it may become. */
  most?: number;
  /** Takes what the other columns leave. */
  flexible?: true;
  align?: 'right';
}

const GAP = 2;
const NARROWEST_FLEXIBLE = 12;

/** How wide each column becomes, so that a row with gaps of two blanks fits into `columns`. */
export function layOut(columns: readonly Column[], rows: readonly (readonly string[])[], total: number): number[] {
  const widths = columns.map((column, i) => {
    const widest = rows.reduce((most, row) => Math.max(most, widthOf(row[i] ?? '')), widthOf(column.title));
    return Math.min(widest, column.most ?? Number.POSITIVE_INFINITY);
  });
  const flexible = columns.findIndex((column) => column.flexible);
  const over = widths.reduce((sum, width) => sum + width + GAP, -GAP) - total;
  if (flexible >= 0 && over > 0) widths[flexible] = Math.max(NARROWEST_FLEXIBLE, (widths[flexible] ?? 0) - over);
  return widths;
}

/** One row laid into its columns; `dress` colours a cell after it was measured. */
export function rowOf(
  columns: readonly Column[],
  widths: readonly number[],
  cells: readonly string[],
  dress: (cell: string, index: number) => string = (cell) => cell,
): string {
  return cells
    .map((cell, i) => {
      const width = widths[i] ?? 0;
      const last = i === cells.length - 1 && columns[i]?.align !== 'right';
      const text = last ? clip(cell, width) : columns[i]?.align === 'right' ? right(cell, width) : pad(cell, width);
      return dress(text, i);
    })
    .join(' '.repeat(GAP))
    .trimEnd();
}

function right(text: string, width: number): string {
  const clipped = clip(text, width);
  return ' '.repeat(Math.max(0, width - widthOf(clipped))) + clipped;
}
