import type { Scalar } from 'yaml';

export interface Spot {
  /** The scalar's value. */
  text: string;
  /** Both count from 1 within the value. */
  row: number;
  column: number;
}

/**
 * The offset in a YAML source of a place within a scalar's value: quotes, escapes, indentation and folded lines are
 * stepped over. Exact for the styles that people use; else it falls somewhere into the same scalar.
 */
export function offsetWithin(source: string, { range, type }: Scalar, spot: Spot): number {
  const [start, end] = range ?? [0, 0];
  const stop = indexOf(spot);
  let at = start + (type === 'PLAIN' ? 0 : 1);
  if (type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED') at = source.indexOf('\n', start) + 1;
  for (let i = 0; ; i++) {
    const next = spot.text[i] ?? '';
    if (!isSpace(next)) while (at < end && isSpace(source[at] ?? '')) at++;
    if (type === 'QUOTE_DOUBLE' && /^\\\r?\n/.test(source.slice(at, at + 3))) at = lineAfter(source, at);
    if (i >= stop || at >= end) return Math.min(at, end);
    at += widthAt(source, at, { type, value: next });
  }
}

function indexOf({ text, row, column }: Spot): number {
  let begin = 0;
  for (let line = 1; line < row; line++) begin = text.indexOf('\n', begin) + 1;
  return begin + column - 1;
}

/** How many characters of the source stand for one character of the value. */
function widthAt(source: string, at: number, { type, value }: { type: Scalar['type']; value: string }): number {
  const char = source[at] ?? '';
  if (type === 'QUOTE_SINGLE' && char === "'" && source[at + 1] === "'") return 2;
  if (type === 'QUOTE_DOUBLE' && char === '\\') {
    const kind = source[at + 1] ?? '';
    return 2 + ({ x: 2, u: 4, U: 8 }[kind] ?? 0);
  }
  return isSpace(value) && !isSpace(char) ? 0 : 1;
}

function lineAfter(source: string, at: number): number {
  let next = at + 1;
  while (isSpace(source[next] ?? '')) next++;
  return next;
}

function isSpace(char: string): boolean {
  return char === ' ' || char === '\n' || char === '\t' || char === '\r';
}
