import { escapeHtml, link } from './html.ts';

const VERBATIM = /^\{(noformat|code)(?::([^}]*))?\}/;
const PANEL = /^\{(panel|info|note|warning|tip|quote)(?::([^}]*))?\}$/;

/**
 * Wiki markup as HTML for people to read: headings, tables, panels, lists, verbatim text, bold, monospaced and links.
 * It is no judge of what Jira's own renderer makes of a text.
 */
export function wikiToHtml(wiki: string): string {
  return blocksOf(wiki.replace(/\r\n?/g, '\n').split('\n'));
}

function blocksOf(lines: readonly string[]): string {
  const html: string[] = [];
  for (let i = 0; i < lines.length; ) {
    const block = verbatimAt(lines, i) ?? panelAt(lines, i) ?? runAt(lines, i) ?? singleAt(lines[i] ?? '', i);
    html.push(block.html);
    i = block.next;
  }
  return html.join('\n');
}

interface Rendered {
  html: string;
  next: number;
}

function verbatimAt(lines: readonly string[], from: number): Rendered | undefined {
  const opening = VERBATIM.exec(lines[from]?.trim() ?? '');
  if (!opening) return undefined;
  const [whole, macro = ''] = opening;
  const closing = `{${macro}}`;
  const rest = [(lines[from]?.trim() ?? '').slice(whole.length), ...lines.slice(from + 1)];
  const end = rest.findIndex((line) => line.trimEnd().endsWith(closing));
  const inner = (end < 0 ? rest : rest.slice(0, end + 1)).join('\n').trimEnd();
  const text = end < 0 ? inner : inner.slice(0, -closing.length);
  return {
    html: `<pre>${escapeHtml(text.replace(/^\n|\n$/g, ''))}</pre>`,
    next: end < 0 ? lines.length : from + end + 1,
  };
}

/** Lines that belong together: a table, or a list. */
function runAt(lines: readonly string[], from: number): Rendered | undefined {
  const run = (start: RegExp) => {
    let end = from;
    while (end < lines.length && start.test(lines[end] ?? '')) end++;
    return end;
  };
  const table = run(/^\|/);
  if (table > from) {
    const rows = lines.slice(from, table).map(row).join('');
    return { html: `<div class="scroll"><table>${rows}</table></div>`, next: table };
  }
  const list = run(/^[*-] /);
  if (list === from) return undefined;
  const items = lines.slice(from, list).map((line) => `<li>${inline(line.slice(2))}</li>`);
  return { html: `<ul>${items.join('')}</ul>`, next: list };
}

function row(line: string): string {
  const tag = line.startsWith('||') ? 'th' : 'td';
  const cells = line.replace(/^\|+|(?<!\\)\|+\s*$/g, '').split(tag === 'th' ? /(?<!\\)\|\|/ : /(?<!\\)\|(?![^[\]]*\])/);
  return `<tr>${cells.map((cell) => `<${tag}>${inline(cell.trim())}</${tag}>`).join('')}</tr>`;
}

function singleAt(line: string, at: number): Rendered {
  const next = at + 1;
  const trimmed = line.trim();
  if (trimmed === '') return { html: '', next };
  if (/^----+$/.test(trimmed)) return { html: '<hr>', next };
  const [, level, title] = /^h([1-6])\. (.*)$/.exec(trimmed) ?? [];
  if (level === undefined) return { html: `<p>${inline(line)}</p>`, next };
  const tag = `h${Math.max(2, Number(level))}`;
  return { html: `<${tag}>${inline(title ?? '')}</${tag}>`, next };
}

/** A panel or quote whose two ends stand on lines of their own; what is between them may be blocks. */
function panelAt(lines: readonly string[], from: number): Rendered | undefined {
  const [, name = '', options = ''] = PANEL.exec(lines[from]?.trim() ?? '') ?? [];
  const end = name === '' ? -1 : lines.findIndex((line, index) => index > from && line.trim() === `{${name}}`);
  if (end < 0) return undefined;
  const inner = blocksOf(lines.slice(from + 1, end));
  if (name === 'quote') return { html: `<blockquote>${inner}</blockquote>`, next: end + 1 };
  const title = /(?:^|\|)title=([^|]*)/.exec(options)?.[1];
  const warns = name === 'warning' || title?.toLowerCase() === 'warning';
  const head = title === undefined ? '' : `<b>${inline(title)}</b>`;
  return { html: `<div class="panel ${warns ? 'warning' : 'info'}">${head}${inner}</div>`, next: end + 1 };
}

/** One line's text: an escaped sign stands for itself and starts nothing. */
function inline(text: string): string {
  const kept: string[] = [];
  const keep = (html: string) => `\u0000${kept.push(html) - 1}\u0000`;
  const plain = text
    .replaceAll('\u0000', '')
    .replace(/\\\\/g, () => keep('<br>'))
    .replace(/\\([-#*_+?^~|%{}[\]()!@])/g, (_, sign: string) => keep(escapeHtml(sign)))
    .replace(/\{\{(.+?)\}\}/g, (_, code: string) => keep(`<code>${escapeHtml(code)}</code>`))
    .replace(/\[([^|\]]+)\|([^\]\s]+)\]/g, (_, words: string, url: string) => keep(link(url, escapeHtml(words))))
    .replace(/\[(https?:[^\]\s|]+)\]/g, (_, url: string) => keep(link(url, escapeHtml(url))));
  const html = escapeHtml(plain).replace(/(^|\s)\*(\S(?:.*?\S)?)\*(?=\s|$|[.,:;])/g, '$1<b>$2</b>');
  const restore = (piece: string): string =>
    piece.replace(/\u0000(\d+)\u0000/g, (_, index: string) => restore(kept[Number(index)] ?? ''));
  return restore(html);
}
