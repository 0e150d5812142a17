/** One line of the table; a cell that says nothing is a dash. */
export interface Row {
  what: string;
  casewire?: string;
  floor?: string;
  oneByOne?: string;
  ratio: string;
  aim: string;
  /** Whether the aim is reached. */
  reached: boolean;
  calls?: string;
}

const HEADS = ['what', 'Casewire', 'floor', 'one by one', 'ratio', 'aim', 'reached', 'calls'];

/** The rows as a table in Markdown, its columns as wide as their widest cell. */
export function toMarkdown(rows: readonly Row[]): string {
  const lines = rows.map((row) => [
    row.what,
    row.casewire ?? '–',
    row.floor ?? '–',
    row.oneByOne ?? '–',
    row.ratio,
    row.aim,
    row.reached ? 'yes' : 'NO',
    row.calls ?? '–',
  ]);
  const widths = HEADS.map((head, i) => Math.max(head.length, ...lines.map((line) => line[i]?.length ?? 0)));
  const toLine = (cells: readonly string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  return [toLine(HEADS), toLine(widths.map((width) => '-'.repeat(width))), ...lines.map(toLine)].join('\n');
}

/** The middle one of several measurements. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}

export const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
export const times = (ratio: number) => `${ratio.toFixed(2)} ×`;
