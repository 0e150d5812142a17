import { escapeHtml, link } from './html.ts';

const VERBATIM = /^\{(noformat|code)(?::([^}]*))?\}/;
const PANEL = /^\{(panel|info|note|warning|tip|quote)(?::([^}]*))?\}$/;

/**
 * Wiki markup as HTML for people to read: headings, tables, panels, lists, verbatim text, bold, monospaced and links.
 * It is no judge of what Jira's own renderer makes of a text.
 */
export function wikiToHtml(wiki: string): string {
  const lines = wiki.replace(/\r\n?/g, '\n').split('\n');
  const html: string[] = [];
  for (let i = 0; i < lines.length; ) {
    const block = verbatimAt(lines, i) ?? runAt(lines, i) ?? singleAt(lines[i] ?? '', i);
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

const panels: Record<string, string> = { panel: 'info', info: 'info', note: 'note', warning: 'warning', tip: 'tip' };

function singleAt(line: string, at: number): Rendered {
  const next = at + 1;
  const trimmed = line.trim();
  if (trimmed === '') return { html: '', next };
  if (/^----+$/.test(trimmed)) return { html: '<hr>', next };
  const [, level, title] = /^h([1-6])\. (.*)$/.exec(trimmed) ?? [];
  if (level !== undefined) {
    const tag = `h${Math.max(2, Number(level))}`;
    return { html: `<${tag}>${inline(title ?? '')}</${tag}>`, next };
  }
  return { html: panelLine(trimmed) ?? `<p>${inline(line)}</p>`, next };
}

/** Opening and closing panels take turns on lines of their own; what is inside may be blocks. */
function panelLine(line: string): string | undefined {
  const [, name = '', options] = PANEL.exec(line) ?? [];
  if (name === '') {
    const [, kind = '', inner = ''] = /^\{(panel|info|note|warning|tip)\}(.+)\{\1\}$/.exec(line) ?? [];
    return kind === '' ? undefined : `<div class="panel ${panels[kind]}"><p>${inline(inner)}</p></div>`;
  }
  const title = /title=([^|]*)/.exec(options ?? '')?.[1];
  return title === undefined ? `<p class="faint">${escapeHtml(name)}</p>` : `<h3>${inline(title)}</h3>`;
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
