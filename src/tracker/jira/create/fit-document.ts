import type { Block, Document, Inline } from '../../../domain/document.ts';
import { cleanText, toWebUrl } from './issue-text.ts';
import { type Part, STEPS, type Step } from './shorten-part.ts';

/** Beyond this a URL is not made a link: browsers and proxies cut it, and it would take the room of what can be read. */
const MOST_URL = 2000;

/** How an edition writes one block. A document is its blocks one after the other, so that sizes add up. */
export interface Edition<Piece> {
  render(block: Block): Piece;
  /** Characters that a piece takes in the rendered document, with what joins it to the next. */
  sizeOf(piece: Piece): number;
  /** Characters of a document without blocks. */
  frame: number;
}

interface Sized {
  whole: Part;
  now: Part;
  size: number;
}

/**
 * Renders a document's blocks so that together they have at most `most` characters. What does not fit is given up in
 * the order of `STEPS`, and every cut says how much is shown and where the rest can be read. Each text is measured
 * once, and what is searched for is searched near the answer, so that a text of any length costs little more than the
 * part of it that is shown.
 */
export function renderToFit<Piece>(document: Document, most: number, edition: Edition<Piece>): Piece[] {
  const blocks = document.blocks.map(cleanBlock);
  const tooLong = leastSize(blocks) > most;
  if (!tooLong) {
    const pieces = blocks.map(edition.render);
    if (edition.frame + sum(pieces.map(edition.sizeOf)) <= most) return pieces;
  }
  const { fullTextAt = '' } = document;
  const where = fullTextAt !== '' && fullTextAt.length <= MOST_URL ? cleanText(fullTextAt) : undefined;
  const fitting = new Fitting(blocks, most, edition);
  for (const step of STEPS) fitting.take(step, where);
  return fitting.shown(where).map(edition.render);
}

class Fitting<Piece> {
  readonly #parts: Sized[];
  readonly #most: number;
  readonly #edition: Edition<Piece>;

  constructor(blocks: readonly Block[], most: number, edition: Edition<Piece>) {
    this.#most = most - edition.frame;
    this.#edition = edition;
    this.#parts = toParts(blocks).map((part) => ({ whole: part, now: part, size: this.#measure(part) }));
  }

  /** Shortens what the step is about, the longest first and each no more than needed. */
  take(step: Step, where: string | undefined): void {
    const candidates = this.#parts.filter(({ whole }) => step.lengthOf(whole) > step.least);
    for (const sized of candidates.toSorted((a, b) => b.size - a.size)) {
      const total = sum(this.#parts.map(({ size }) => size));
      if (total <= this.#most) return;
      const room = this.#most - (total - sized.size);
      const fits = (count: number) => this.#measure(step.shorten(sized.whole, count, where)) <= room;
      const count = Math.max(step.least, largestThat(fits, step.lengthOf(sized.whole)));
      const shorter = step.shorten(sized.whole, count, where);
      const size = this.#measure(shorter);
      if (size < sized.size) Object.assign(sized, { now: shorter, size });
    }
  }

  /** The blocks as they fit now; when nothing can be shortened further, as many as fit and a note of it. */
  shown(where: string | undefined): Block[] {
    const all = this.#parts.flatMap(({ now }) => now);
    if (sum(this.#parts.map(({ size }) => size)) <= this.#most) return all;
    const rest = where === undefined ? '' : `; the whole is at ${where}`;
    const first = (count: number): Block[] => [
      ...all.slice(0, count),
      { kind: 'paragraph', content: [{ kind: 'text', text: `… cut: ${count} of ${all.length} parts shown${rest}` }] },
    ];
    return first(
      Math.max(
        0,
        largestThat((count) => this.#measure(first(count)) <= this.#most, all.length - 1),
      ),
    );
  }

  #measure(part: Part): number {
    const least = leastSize(part);
    return least > this.#most ? least : sum(part.map((block) => this.#edition.sizeOf(this.#edition.render(block))));
  }
}

/** The largest count up to `most` for which `holds` is true, -1 where it is not even for 0. Asks near the answer only. */
export function largestThat(holds: (count: number) => boolean, most: number): number {
  if (!holds(0)) return -1;
  let good = 0;
  let bad = 1;
  while (bad <= most && holds(bad)) {
    good = bad;
    bad *= 2;
  }
  bad = Math.min(bad, most + 1);
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (holds(middle)) good = middle;
    else bad = middle;
  }
  return good;
}

/** Blocks that are cut together: paragraphs of plain text which follow each other are one text; all else stands alone. */
function toParts(blocks: readonly Block[]): Part[] {
  const parts: Block[][] = [];
  for (const block of blocks) {
    const last = parts.at(-1);
    if (last?.[0] && isPlain(last[0]) && isPlain(block)) last.push(block);
    else parts.push([block]);
  }
  return parts;
}

function isPlain(block: Block): boolean {
  return block.kind === 'paragraph' && block.content.every(({ kind }) => kind === 'text');
}

/** No edition writes a text in fewer characters than it has. */
function leastSize(blocks: readonly Block[]): number {
  return sum(blocks.map((block) => sum(textsOf(block).map((text) => text.length))));
}

function textsOf(block: Block): string[] {
  const said = (content: readonly Inline[]) => content.map(({ text }) => text);
  switch (block.kind) {
    case 'heading':
    case 'verbatim':
      return [block.text];
    case 'paragraph':
    case 'notice':
      return said(block.content);
    case 'list':
      return block.items.flatMap(said);
    case 'table':
      return block.rows.flat().flatMap(said);
  }
}

/** A link without words is known by its URL; one to anything but a web page is words. */
function cleanInline(inline: Inline): Inline {
  const text = cleanText(inline.text);
  if (inline.kind === 'text') return { ...inline, text };
  const url = inline.url.length <= MOST_URL ? toWebUrl(inline.url) : undefined;
  if (url === undefined || url.length > MOST_URL)
    return { kind: 'text', text: text.trim() === '' ? cleanText(inline.url) : text };
  return { kind: 'link', text: text.trim() === '' ? url : text, url };
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
    case 'table': {
      const rows = block.rows.map((row) => row.map((cell) => cell.map(cleanInline)));
      return { ...block, header: block.header.map(cleanText), rows };
    }
    case 'verbatim':
      return { ...block, title: cleanText(block.title), text: cleanText(block.text) };
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
