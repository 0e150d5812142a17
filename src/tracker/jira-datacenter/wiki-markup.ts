import type { Block, Document, Inline } from '../../domain/document.ts';
import { renderToFit } from '../jira/create/fit-document.ts';
import { toWebUrl } from '../jira/create/issue-text.ts';

/** Jira's default limit for a text field (`jira.text.field.character.limit`). */
const MOST_CHARACTERS = 32_767;

/** Shows nothing, and keeps what stands on its two sides from being read as one mark. */
const BREAK = '\u200b';

const BETWEEN = '\n\n';

/** Renders a document as Jira's wiki markup of at most `most` characters. Text of an alert never becomes markup. */
export function renderWiki(document: Document, most = MOST_CHARACTERS): string {
  const sizeOf = (markup: string) => markup.length + BETWEEN.length;
  const pieces = renderToFit(document, most, { render: toMarkup, sizeOf, frame: 0 });
  return pieces.filter((markup) => markup !== '').join(BETWEEN);
}

/** Plain text for a wiki-rendered field. */
export function textToWiki(text: string, most = MOST_CHARACTERS): string {
  return renderWiki({ blocks: [{ kind: 'paragraph', content: [{ kind: 'text', text }] }] }, most);
}

/**
 * Escapes text so that Jira's wiki renderer shows it as it is.
 *
 * A backslash escapes the marks `- # * _ + ? ^ ~ | % { } [ ] ( ) ! @` and only when no backslash stands before it
 * (Atlassian's editor-wikimarkup-transformer, after BackslashEscapeRendererComponent); a backslash itself cannot be
 * escaped, so nothing may touch it. Headings and quotes begin lines; smileys, bare URLs and HTML entities need no marks.
 */
export function escapeWiki(text: string): string {
  return text
    .replaceAll('\\', `\\${BREAK}`)
    .replace(/[-#*_+?^~|%{}[\]()!@]/g, '\\$&')
    .replace(/^([^\S\n]*)(h[1-6]|bq)\./gim, `$1$2${BREAK}.`)
    .replace(/([:;])(?=[\\DPp])/g, `$1${BREAK}`)
    .replace(/([a-z0-9])(?=:\/\/)|(mailto|file|irc|news|nntp|skype|callto|tel|sip)(?=:)|(www)(?=\.)/gi, `$&${BREAK}`)
    .replace(/&(?=#?[a-z0-9]+;)/gi, `&${BREAK}`);
}

function toMarkup(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `h${block.level}. ${onOneLine(escapeWiki(block.text))}`;
    case 'paragraph':
      return inlines(block.content);
    case 'notice':
      return `{panel:title=${block.tone === 'warning' ? 'Warning' : 'Note'}}\n${inlines(block.content)}\n{panel}`;
    case 'list':
      return block.items.map((item) => `* ${onOneLine(inlines(item))}`).join('\n');
    case 'table':
      return table(block);
    case 'verbatim':
      return `h4. ${onOneLine(escapeWiki(block.title))}\n${verbatim(`\n${block.text}\n`)}`;
  }
}

function table({ header, rows }: Extract<Block, { kind: 'table' }>): string {
  const head = `||${header.map((text) => cell([{ kind: 'text', text }])).join('||')}||`;
  return [head, ...rows.map((row) => `|${row.map(cell).join('|')}|`)].join('\n');
}

/**
 * Atlassian's parser looks for the end of a cell without regard to escapes, but not inside {noformat}: a `|` would end
 * it, and a bracket reach into the next.
 */
const NOT_IN_A_CELL = /[|[{]/;

function cell(content: readonly Inline[]): string {
  const text = content.map((inline) => inline.text).join('');
  return (NOT_IN_A_CELL.test(text) ? verbatim(onOneLine(text)) : onOneLine(inlines(content))) || ' ';
}

function onOneLine(markup: string): string {
  return markup.replace(/\s+/g, (space) => (space.includes('\n') ? ' ' : space)).trim();
}

/** Neighbouring texts are escaped as one, since a mark may begin in one and end in the next. */
function inlines(content: readonly Inline[]): string {
  let markup = '';
  let text = '';
  for (const inline of content) {
    const url = inline.kind === 'link' ? linkable(inline.url) : undefined;
    if (inline.kind === 'text' || url === undefined) {
      text += inline.text;
      continue;
    }
    // Nothing can be escaped between the brackets of a link, so words with marks stand before it.
    const inside = escapeWiki(inline.text) === inline.text && !inline.text.includes('\n');
    const before = inside || toWebUrl(inline.text) === inline.url ? '' : `${inline.text} `;
    const words = inside ? inline.text : READ_AS_MORE.test(url) ? 'link' : '';
    markup += `${escapeWiki(text + before)}[${words === '' ? '' : `${words}|`}${url}]`;
    text = '';
  }
  return markup + escapeWiki(text);
}

/** What a URL that is shown as its own words may not hold: dashes, insertions, citations, smileys. */
const READ_AS_MORE = /[-+?]{2}|[^a-z0-9][-+]|[-+]([^a-z0-9]|$)|[:;]-?[dp]/i;

/** An http(s) URL in which every character that ends or changes a wiki link is percent-encoded. */
function linkable(url: string): string | undefined {
  return toWebUrl(url)?.replace(
    /[|[\]{}()\\^!*_~@]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

/** Text between two {noformat}; nothing in it looks like the beginning of a macro. */
function verbatim(text: string): string {
  return `{noformat}${text.replace(/\{(?=\s*[a-z])/gi, `{${BREAK}`)}{noformat}`;
}
