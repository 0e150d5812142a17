import type { Block, Document, Inline } from '../../domain/document.ts';
import { cleanText, head } from './issue-text.ts';

/** A document whose text is clean; `cuts` says how much of each kind has been given up to make it fit. */
export interface FittedDocument {
  blocks: readonly Block[];
}

/** Below this a verbatim block, a paragraph or a table is not shortened further in one step. */
const LEAST_TEXT = 200;
const LEAST_ROWS = 5;

/**
 * Renders a document so that the result is no larger than `most`, giving up first verbatim text, then table rows and
 * list items, then long paragraphs. Each cut is visible and says where the whole can be read. `sizeOf` measures what
 * `render` makes.
 */
export function renderToFit<T>(
  document: Document,
  most: number,
  { render, sizeOf }: { render: (blocks: readonly Block[]) => T; sizeOf: (rendered: T) => number },
): T {
  let blocks = document.blocks.map(cleanBlock);
  const where = document.fullTextAt ? `; the whole is at ${document.fullTextAt}` : '';
  for (let rounds = 0; ; rounds++) {
    const rendered = render(blocks);
    const excess = sizeOf(rendered) - most;
    if (excess <= 0) return rendered;
    const shorter = shorten(blocks, excess, where);
    if (!shorter || rounds > 60) return render(lastResort(blocks, most, where));
    blocks = shorter;
  }
}

function cleanInline(inline: Inline): Inline {
  return { ...inline, text: cleanText(inline.text) };
}

function cleanBlock(block: Block): Block {
  switch (block.kind) {
    case 'heading':
      return { ...block, text: cleanText(block.text) };
    case 'paragraph':
    case 'notice':
      return { ...block, content: block.content.map(cleanInline) };
    case 'list':
      return { ...block, items: block.items.map((item) => item.map(cleanInline)) };
    case 'table':
      return {
        ...block,
        header: block.header.map(cleanText),
        rows: block.rows.map((row) => row.map((cell) => cell.map(cleanInline))),
      };
    case 'verbatim':
      return { ...block, title: cleanText(block.title), text: cleanText(block.text) };
  }
}

/** One round of shortening: the largest block of the first kind that can still give something up. */
function shorten(blocks: readonly Block[], excess: number, where: string): Block[] | undefined {
  const steps: [(block: Block) => number, (block: Block) => Block][] = [
    [verbatimSize, (block) => cutVerbatim(block, excess, where)],
    [rowCount, (block) => cutRows(block, where)],
    [textSize, (block) => cutParagraph(block, excess, where)],
  ];
  for (const [sizeOf, cutOne] of steps) {
    const largest = blocks.reduce((best, block, i) => (sizeOf(block) > sizeOf(blocks[best] as Block) ? i : best), 0);
    const block = blocks[largest];
    if (block && sizeOf(block) > 0) return blocks.map((other, i) => (i === largest ? cutOne(block) : other));
  }
  return undefined;
}

function verbatimSize(block: Block): number {
  return block.kind === 'verbatim' && block.text.length > LEAST_TEXT ? block.text.length : 0;
}

const CUT_MARK = /\n… cut: \d+ of (\d+) characters shown[^\n]*$/;

function cutVerbatim(block: Block, excess: number, where: string): Block {
  if (block.kind !== 'verbatim') return block;
  const shown = block.text.replace(CUT_MARK, '');
  const whole = Number(CUT_MARK.exec(block.text)?.[1] ?? shown.length);
  // One character of text can cost several in JSON; taking the excess whole overshoots a little and ends the loop soon.
  const keep = Math.max(LEAST_TEXT / 2, Math.min(shown.length - excess - 120, Math.floor(shown.length * 0.98)));
  const kept = head(shown, keep);
  return { ...block, text: `${kept}\n… cut: ${kept.length} of ${whole} characters shown${where}` };
}

function rowCount(block: Block): number {
  if (block.kind === 'table') return block.rows.length > LEAST_ROWS + 1 ? block.rows.length : 0;
  return block.kind === 'list' && block.items.length > LEAST_ROWS + 1 ? block.items.length : 0;
}

const ROWS_MARK = /^… cut: (\d+) more/;

function cutRows(block: Block, where: string): Block {
  if (block.kind !== 'table' && block.kind !== 'list') return block;
  const all = block.kind === 'table' ? block.rows.map((row) => row[0] ?? []) : block.items;
  const mark = ROWS_MARK.exec(all.at(-1)?.[0]?.text ?? '');
  const real = mark ? all.length - 1 : all.length;
  const keep = Math.max(LEAST_ROWS, Math.floor(real * 0.7));
  const left = real - keep + Number(mark?.[1] ?? 0);
  const note: Inline = { kind: 'text', text: `… cut: ${left} more${where}` };
  if (block.kind === 'list') return { ...block, items: [...block.items.slice(0, keep), [note]] };
  const empty = block.header.slice(1).map((): Inline[] => []);
  return { ...block, rows: [...block.rows.slice(0, keep), [[note], ...empty]] };
}

function textSize(block: Block): number {
  if (
    block.kind !== 'paragraph' &&
    block.kind !== 'notice' &&
    block.kind !== 'list' &&
    block.kind !== 'table' &&
    block.kind !== 'heading'
  )
    return 0;
  const longest = longestText(block);
  return longest > LEAST_TEXT ? longest : 0;
}

function longestText(block: Block): number {
  switch (block.kind) {
    case 'heading':
    case 'verbatim':
      return block.text.length;
    case 'paragraph':
    case 'notice':
      return Math.max(0, ...block.content.map(({ text }) => text.length));
    case 'list':
      return Math.max(0, ...block.items.flat().map(({ text }) => text.length));
    case 'table':
      return Math.max(0, ...block.rows.flat(2).map(({ text }) => text.length));
  }
}

function cutParagraph(block: Block, excess: number, where: string): Block {
  const longest = longestText(block);
  const keep = Math.max(LEAST_TEXT / 2, Math.min(longest - excess - 120, Math.floor(longest * 0.9)));
  const shorter = (text: string) =>
    text.length > keep ? `${head(text, keep)} … cut: ${keep} of ${text.length} characters shown${where}` : text;
  const inline = (content: readonly Inline[]) => content.map((part) => ({ ...part, text: shorter(part.text) }));
  switch (block.kind) {
    case 'heading':
      return { ...block, text: shorter(block.text) };
    case 'paragraph':
    case 'notice':
      return { ...block, content: inline(block.content) };
    case 'list':
      return { ...block, items: block.items.map(inline) };
    case 'table':
      return { ...block, rows: block.rows.map((row) => row.map(inline)) };
    case 'verbatim':
      return block;
  }
}

/** When nothing can be shortened further: as many whole blocks as surely fit, and the note. */
function lastResort(blocks: readonly Block[], most: number, where: string): Block[] {
  const kept: Block[] = [];
  let size = 500;
  for (const block of blocks) {
    size += 12 * JSON.stringify(block).length;
    if (size > most) break;
    kept.push(block);
  }
  return [...kept, { kind: 'paragraph', content: [{ kind: 'text', text: `… cut${where}` }] }];
}
