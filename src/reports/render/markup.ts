import { html, raw } from 'hono/html';
import { clean } from '../../domain/text/clean.ts';
import type { Run } from '../paper.ts';
import { cleanPiece } from './clean-piece.ts';

/** HTML that is safe to stand in a page. */
export type Markup = ReturnType<typeof raw>;

/** A template whose values are escaped unless they are markup; nothing in it may be a promise. */
export function markup(strings: TemplateStringsArray, ...values: unknown[]): Markup {
  return html(strings, ...values.map((value) => (typeof value === 'string' ? clean(value) : value))) as Markup;
}

/** Text of our own that is markup already: a stylesheet, a chart. */
export function trusted(text: string): Markup {
  return raw(text);
}

/** An address that a reader may follow: http and https alone, whatever else an alert may hold. */
export function safeUrl(url: string | undefined): string | undefined {
  return url !== undefined && /^https?:\/\//i.test(url) && URL.canParse(url) ? new URL(url).href : undefined;
}

/** Running text. White space at the ends of a piece is kept, since it divides words. */
export function runs(pieces: readonly Run[]): Markup {
  return markup`${pieces.map(run)}`;
}

function run(piece: Run): Markup {
  if (typeof piece === 'string') return spaced(piece);
  if ('strong' in piece) return markup`<strong>${spaced(piece.strong)}</strong>`;
  if ('code' in piece) return markup`<code>${piece.code}</code>`;
  return link(piece.link, piece.url);
}

/** A link where the address may be followed, else the words alone. */
export function link(words: string, url: string | undefined): Markup {
  const href = safeUrl(url);
  return href === undefined ? markup`${words}` : markup`<a href="${href}">${words}</a>`;
}

function spaced(text: string): Markup {
  return html`${cleanPiece(text)}` as Markup;
}
