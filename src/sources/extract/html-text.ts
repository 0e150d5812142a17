import { Tokenizer } from 'htmlparser2';
import { type Boundary, TextLayout } from './text-layout.ts';

const BLOCKS = new Set(
  (
    'address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form ' +
    'h1 h2 h3 h4 h5 h6 head header hr html legend li main nav ol p pre section summary table tbody tfoot thead title tr ul'
  ).split(' '),
);

/** Paragraphs and their like stand apart by an empty line, other blocks by a new one. */
const APART = new Set('blockquote dl h1 h2 h3 h4 h5 h6 hr ol p pre table ul'.split(' '));

/** What only browsers read. */
const UNSEEN = new Set(['script', 'style']);

const TAG_NAME = /[a-z][a-z0-9:_-]*(?=[\s/>])/iy;

interface Tag {
  name: string;
  closing: boolean;
  /** Index after its `>`. */
  end: number;
}

/**
 * Turns HTML into the text between its tags, in linear time. A tag is a `<` that a tag's name, `/`, `!` or `?` follows,
 * up to the next `>`; any other `<` is text, and so is what looks like an address in angle brackets. No tag ever joins
 * what stands on its two sides into one word. Character references are resolved once.
 */
export function htmlToText(html: string): string {
  const layout = new TextLayout();
  const cursor = new Cursor(html);
  let textStart = 0;
  for (let at = html.indexOf('<'); at !== -1; at = html.indexOf('<', at)) {
    const tag = cursor.tagAt(at);
    if (tag === undefined) {
      at += 1;
      continue;
    }
    if (at > textStart) layout.text(decode(html.slice(textStart, at)));
    layout.boundary(boundaryOf(tag));
    if (tag.name === 'li' && !tag.closing) layout.text('- ');
    at = UNSEEN.has(tag.name) && !tag.closing ? cursor.afterUnseen(tag) : tag.end;
    textStart = at;
  }
  layout.text(decode(html.slice(textStart)));
  return layout.toString();
}

/** Reads tags, remembering what the rest of the text does not hold, so that nothing is searched for twice. */
class Cursor {
  readonly #html: string;
  #lastEnd: number;
  readonly #neverClosed = new Set<string>();

  constructor(html: string) {
    this.#html = html;
    this.#lastEnd = html.lastIndexOf('>');
  }

  tagAt(start: number): Tag | undefined {
    if (start >= this.#lastEnd) return undefined;
    const next = this.#html[start + 1];
    const end = () => this.#html.indexOf('>', start) + 1;
    if (next === '!' || next === '?') return { name: next, closing: false, end: end() };
    const closing = next === '/';
    TAG_NAME.lastIndex = start + (closing ? 2 : 1);
    const name = TAG_NAME.exec(this.#html)?.[0].toLowerCase() ?? '';
    if (!closing && (name === '' || name.includes('::'))) return undefined;
    return { name, closing, end: end() };
  }

  /** After the end tag of a script or style; after its start tag alone where there is none, so that no text is lost. */
  afterUnseen(tag: Tag): number {
    if (this.#neverClosed.has(tag.name)) return tag.end;
    const endTag = new RegExp(`</${tag.name}\\b`, 'gi');
    endTag.lastIndex = tag.end;
    const found = endTag.exec(this.#html);
    const end = found ? this.#html.indexOf('>', found.index) + 1 : 0;
    if (end > 0) return end;
    this.#neverClosed.add(tag.name);
    return tag.end;
  }
}

function boundaryOf({ name }: Tag): Boundary | 'break' {
  if (name === 'br') return 'break';
  if (APART.has(name)) return { lines: 2 };
  return BLOCKS.has(name) ? { lines: 1 } : 'seam';
}

/** Resolves character references, once, and makes control characters blanks. */
function decode(text: string): string {
  const decoded = text.includes('&') ? decodeReferences(text) : text;
  if (!/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(decoded)) return decoded;
  return decoded.replace(/\r\n?/g, '\n').replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, ' ');
}

function decodeReferences(text: string): string {
  let decoded = '';
  let piece = '';
  const ignored = () => {};
  const tokenizer = new Tokenizer(
    {},
    {
      ontext: (start, end) => {
        decoded += piece.slice(start, end);
      },
      ontextentity: (codePoint) => {
        decoded += String.fromCodePoint(codePoint);
      },
      onattribdata: ignored,
      onattribentity: ignored,
      onattribend: ignored,
      onattribname: ignored,
      oncdata: ignored,
      onclosetag: ignored,
      oncomment: ignored,
      ondeclaration: ignored,
      onend: ignored,
      onopentagend: ignored,
      onopentagname: ignored,
      onprocessinginstruction: ignored,
      onselfclosingtag: ignored,
    },
  );
  // A `<` that got here is text; without it the tokenizer sees nothing but text and character references.
  for (const [index, part] of text.split('<').entries()) {
    if (index > 0) decoded += '<';
    if (!part.includes('&')) {
      decoded += part;
      continue;
    }
    piece = part;
    tokenizer.reset();
    tokenizer.write(part);
    tokenizer.end();
  }
  return decoded;
}
