import { isObject } from '../wire.ts';
import { escapeHtml, link } from './html.ts';

type AdfNode = Record<string, unknown>;

/** Atlassian Document Format as HTML for people to read; an unknown node shows its content. */
export function adfToHtml(node: unknown): string {
  if (!isObject(node)) return '';
  const render = RENDERERS[String(node.type)];
  return render ? render(node, childrenOf(node)) : childrenOf(node);
}

const RENDERERS: Record<string, (node: AdfNode, inner: string) => string> = {
  paragraph: (_, inner) => `<p>${inner}</p>`,
  heading: (node, inner) => {
    const level = Math.min(6, Math.max(2, Number(attrs(node).level)));
    return `<h${level}>${inner}</h${level}>`;
  },
  bulletList: (_, inner) => `<ul>${inner}</ul>`,
  orderedList: (_, inner) => `<ol>${inner}</ol>`,
  listItem: (_, inner) => `<li>${inner}</li>`,
  blockquote: (_, inner) => `<blockquote>${inner}</blockquote>`,
  panel: (node, inner) => `<div class="panel ${panelClass(attrs(node).panelType)}">${inner}</div>`,
  codeBlock: (_, inner) => `<pre>${inner}</pre>`,
  rule: () => '<hr>',
  hardBreak: () => '<br>',
  table: (_, inner) => `<div class="scroll"><table>${inner}</table></div>`,
  tableRow: (_, inner) => `<tr>${inner}</tr>`,
  tableHeader: (_, inner) => `<th>${inner}</th>`,
  tableCell: (_, inner) => `<td>${inner}</td>`,
  expand: expand,
  nestedExpand: expand,
  text: (node) => marked(escapeHtml(String(node.text)), Array.isArray(node.marks) ? node.marks : []),
};

function expand(node: AdfNode, inner: string): string {
  return `<details><summary>${escapeHtml(String(attrs(node).title ?? 'More'))}</summary>${inner}</details>`;
}

function childrenOf(node: AdfNode): string {
  return Array.isArray(node.content) ? node.content.map(adfToHtml).join('') : '';
}

function attrs(node: AdfNode): Record<string, unknown> {
  return isObject(node.attrs) ? node.attrs : {};
}

function panelClass(type: unknown): string {
  return ['info', 'note', 'tip', 'warning', 'error', 'success'].includes(String(type)) ? String(type) : 'info';
}

function marked(html: string, marks: readonly unknown[]): string {
  return marks.filter(isObject).reduce((inner, mark) => {
    switch (mark.type) {
      case 'strong':
        return `<b>${inner}</b>`;
      case 'em':
        return `<i>${inner}</i>`;
      case 'code':
        return `<code>${inner}</code>`;
      case 'link':
        return link(String(attrs(mark).href), inner);
      default:
        return inner;
    }
  }, html);
}
