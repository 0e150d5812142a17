import type { Block, Document, Inline } from '../../domain/document.ts';
import { renderToFit } from '../jira/fit-document.ts';
import { cleanText } from '../jira/issue-text.ts';

/** Jira's default limit for a text field (`jira.text.field.character.limit`). */
const MOST_CHARACTERS = 32_767;

/** Shows nothing, and keeps what stands on its two sides from being read as one mark. */
const BREAK = '\u200b';

/** Renders a document as Jira's wiki markup of at most `most` characters. Text of an alert never becomes markup. */
export function renderWiki(document: Document, most = MOST_CHARACTERS): string {
  return renderToFit(document, most, {
    render: (blocks) => blocks.map(toMarkup).filter(Boolean).join('\n\n'),
    sizeOf: (markup) => markup.length,
  });
}

/** Plain text for a wiki-rendered field. */
export function textToWiki(text: string, most = MOST_CHARACTERS): string {
  const blocks = [{ kind: 'paragraph', content: [{ kind: 'text', text: cleanText(text) }] } as const];
  return renderWiki({ blocks }, most);
}

/**
 * Escapes text so that Jira's wiki renderer shows it as it is.
 *
 * A backslash escapes the marks `- # * _ + ? ^ ~ | % { } [ ] ( ) ! @` and only when no backslash stands before it
 * (Atlassian's editor-wikimarkup-transformer, after BackslashEscapeRendererComponent); a backslash itself cannot be
 * escaped, so nothing may touch it. Headings and quotes begin lines, smileys and bare URLs need no marks.
 */
export function escapeWiki(text: string): string {
  return text
    .replaceAll('\\', `\\${BREAK}`)
    .replace(/[-#*_+?^~|%{}[\]()!@]/g, '\\$&')
    .replace(/^(\s*)(h[1-6]|bq)\./gim, `$1$2${BREAK}.`)
    .replace(/([:;])(?=[()\-DPp\\])/g, `$1${BREAK}`)
    .replace(
      /(https?|ftp|mailto|file|irc|news|nntp|skype|callto|facetime|git|gopher|telnet|notes|smb|www)(?=[:.])/gi,
      `$1${BREAK}`,
    );
}

function toMarkup(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `h${block.level}. ${escapeWiki(block.text.replaceAll('\n', ' '))}`;
    case 'paragraph':
      return inlines(block.content);
    case 'notice':
      return `{panel:title=${block.tone === 'warning' ? 'Warning' : 'Note'}}\n${inlines(block.content)}\n{panel}`;
    case 'list':
      return block.items.map((item) => `* ${oneLine(inlines(item))}`).join('\n');
    case 'table':
      return table(block);
    case 'verbatim':
      return `*${escapeWiki(block.title)}*\n{noformat}\n${verbatim(block.text)}\n{noformat}`;
  }
}

function table({ header, rows }: Extract<Block, { kind: 'table' }>): string {
  const head = `||${header.map((text) => oneLine(escapeWiki(text)) || ' ').join('||')}||`;
  const body = rows.map((row) => `|${row.map((cell) => oneLine(inlines(cell)) || ' ').join('|')}|`);
  return [head, ...body].join('\n');
}

function oneLine(markup: string): string {
  return markup.replace(/\s*\n\s*/g, ' ').trim();
}

function inlines(content: readonly Inline[]): string {
  return content.map(toInline).join('');
}

function toInline(inline: Inline): string {
  if (inline.kind === 'link') {
    const url = safeUrl(inline.url);
    return url ? `[${escapeWiki(inline.text).replaceAll('\n', ' ')}|${url}]` : escapeWiki(inline.text);
  }
  return escapeWiki(inline.text);
}

/** An http(s) URL in which every character that ends or changes a wiki link is percent-encoded. */
function safeUrl(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  if (!/^https?:$/.test(parsed.protocol)) return undefined;
  return parsed.href.replace(
    /[|[\]{}\\^!*_~\s]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

function verbatim(text: string): string {
  return text.replace(/\{(?=\s*noformat)/gi, `{${BREAK}`);
}
