import type { Block, Inline } from '../../../domain/document.ts';
import { head } from './issue-text.ts';

/** Adjacent blocks that are cut as one. */
export type Part = readonly Block[];

/** One way to shorten a part. */
export interface Step {
  /** How many characters, rows or items there are to give up; 0 where the step is not about this part. */
  lengthOf(part: Part): number;
  /** So many are kept, even where that is still too much. */
  least: number;
  /** The part with its first `count` only, and a note of the cut that names where the rest can be read. */
  shorten(part: Part, count: number, where: string | undefined): Part;
}

/** What is given up when space is short, first to last. */
export const STEPS: readonly Step[] = [
  { lengthOf: verbatimLength, least: 0, shorten: cutVerbatim },
  { lengthOf: rowCount, least: 10, shorten: (part, count, where) => cutRows(part, { count, where }) },
  { lengthOf: textLength, least: 500, shorten: cutText },
  { lengthOf: rowCount, least: 0, shorten: (part, count, where) => cutRows(part, { count, where, cellsTo: 200 }) },
];

function verbatimLength([block]: Part): number {
  return block?.kind === 'verbatim' ? block.text.length : 0;
}

function cutVerbatim(part: Part, count: number, where: string | undefined): Part {
  const [block] = part;
  if (block?.kind !== 'verbatim' || count >= block.text.length) return part;
  const shown = head(block.text, count);
  const note = plain(noteOf(shown.length, `${say(block.text.length)} characters`, where));
  return [{ ...block, text: shown === '' ? note : `${shown}\n${note}` }];
}

function rowCount([block]: Part): number {
  if (block?.kind === 'table') return block.rows.length;
  return block?.kind === 'list' ? block.items.length : 0;
}

interface RowsKept {
  count: number;
  where: string | undefined;
  cellsTo?: number;
}

function cutRows(part: Part, { count, where, cellsTo }: RowsKept): Part {
  const [block] = part;
  const shortCell = (cell: readonly Inline[]) => (cellsTo === undefined ? cell : cutInlines(cell, cellsTo, where));
  const whole = rowCount(part);
  const note =
    count < whole ? [noteOf(count, `${say(whole)} ${block?.kind === 'list' ? 'items' : 'rows'}`, where)] : [];
  if (block?.kind === 'list') return [{ ...block, items: [...block.items.slice(0, count).map(shortCell), ...note] }];
  if (block?.kind !== 'table') return part;
  const rows = block.rows.slice(0, count).map((row) => row.map(shortCell));
  const blank = block.header.slice(1).map((): Inline[] => []);
  return [{ ...block, rows: [...rows, ...note.map((said) => [said, ...blank])] }];
}

function textLength(part: Part): number {
  return part.reduce((total, block) => total + lengthOf(contentOf(block)), 0);
}

function contentOf(block: Block): readonly Inline[] {
  if (block.kind === 'heading') return [{ kind: 'text', text: block.text }];
  return block.kind === 'paragraph' || block.kind === 'notice' ? block.content : [];
}

function cutText(part: Part, count: number, where: string | undefined): Part {
  const whole = textLength(part);
  if (count >= whole) return part;
  const kept: Block[] = [];
  let left = count;
  for (const block of part) {
    const length = lengthOf(contentOf(block));
    if (length > left) {
      const shown = firstOf(contentOf(block), left);
      const note = noteOf(count - left + lengthOf(shown), `${say(whole)} characters`, where);
      kept.push(withContent(block, shown.length > 0 ? [...shown, { kind: 'text', text: ' ' }, ...note] : note));
      break;
    }
    kept.push(block);
    left -= length;
  }
  return kept;
}

function withContent(block: Block, content: readonly Inline[]): Block {
  if (block.kind === 'heading') return { ...block, text: plain(content) };
  return block.kind === 'paragraph' || block.kind === 'notice' ? { ...block, content } : block;
}

function cutInlines(content: readonly Inline[], most: number, where: string | undefined): readonly Inline[] {
  const whole = lengthOf(content);
  if (whole <= most) return content;
  const shown = firstOf(content, most);
  return [...shown, { kind: 'text', text: ' ' }, ...noteOf(lengthOf(shown), `${say(whole)} characters`, where)];
}

/** The first `count` characters, less one where that would split a surrogate pair. */
function firstOf(content: readonly Inline[], count: number): Inline[] {
  const shown: Inline[] = [];
  let left = count;
  for (const inline of content) {
    if (left <= 0) break;
    const text = head(inline.text, left);
    if (text !== '') shown.push({ ...inline, text });
    left -= inline.text.length;
  }
  return shown;
}

function noteOf(shown: number, whole: string, where: string | undefined): Inline[] {
  const cut = `… cut: ${say(shown)} of ${whole} shown`;
  if (where === undefined) return [{ kind: 'text', text: cut }];
  return [
    { kind: 'text', text: `${cut}; the whole is at ` },
    { kind: 'link', text: where, url: where },
  ];
}

function lengthOf(content: readonly Inline[]): number {
  return content.reduce((total, { text }) => total + text.length, 0);
}

function plain(content: readonly Inline[]): string {
  return content.map(({ text }) => text).join('');
}

function say(count: number): string {
  return count.toLocaleString('en-US');
}
