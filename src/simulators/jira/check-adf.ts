import { isObject } from '../wire.ts';

type Content = 'block' | 'cell' | 'item' | 'plain' | 'inline' | 'text' | 'rows' | 'cells' | 'items' | 'none';

interface NodeRule {
  content: Content;
  attrs?: (attrs: Record<string, unknown>) => boolean;
}

const isText = (value: unknown) => typeof value === 'string';
const PANELS = ['info', 'note', 'tip', 'warning', 'error', 'success', 'custom'];

/** The nodes of Atlassian Document Format that a description may hold (npm @atlaskit/adf-schema, full.json, v1). */
const NODES: Record<string, NodeRule> = {
  paragraph: { content: 'inline' },
  heading: { content: 'inline', attrs: ({ level }) => [1, 2, 3, 4, 5, 6].includes(level as number) },
  bulletList: { content: 'items' },
  orderedList: { content: 'items' },
  listItem: { content: 'item' },
  codeBlock: { content: 'text' },
  blockquote: { content: 'plain' },
  panel: { content: 'plain', attrs: ({ panelType }) => PANELS.includes(panelType as string) },
  expand: { content: 'block', attrs: ({ title }) => title === undefined || isText(title) },
  nestedExpand: { content: 'plain', attrs: ({ title }) => title === undefined || isText(title) },
  rule: { content: 'none' },
  table: { content: 'rows' },
  tableRow: { content: 'cells' },
  tableHeader: { content: 'cell' },
  tableCell: { content: 'cell' },
};

const PLAIN = ['paragraph', 'heading', 'bulletList', 'orderedList', 'codeBlock', 'rule'];
const ALLOWED: Record<Exclude<Content, 'inline' | 'text' | 'none'>, readonly string[]> = {
  block: [...PLAIN, 'blockquote', 'panel', 'table', 'expand'],
  cell: [...PLAIN, 'blockquote', 'panel', 'nestedExpand'],
  item: ['paragraph', 'bulletList', 'orderedList', 'codeBlock'],
  plain: PLAIN,
  rows: ['tableRow'],
  cells: ['tableHeader', 'tableCell'],
  items: ['listItem'],
};
/** These may not be empty. */
const FILLED: readonly Content[] = ['block', 'item', 'plain', 'rows', 'items'];
const MARKS = ['strong', 'em', 'code', 'link', 'strike', 'underline', 'subsup', 'textColor', 'backgroundColor'];

/** Says what is wrong with a document in Atlassian Document Format, cheaply; `undefined` when nothing is. */
export function checkAdf(value: unknown): string | undefined {
  if (!isObject(value)) return 'not an object';
  if (value.type !== 'doc' || value.version !== 1) return 'not a doc of version 1';
  if (!Array.isArray(value.content)) return 'doc without content';
  return checkChildren(value.content, value.content.length === 0 ? 'cells' : 'block', 'doc');
}

function checkChildren(children: readonly unknown[], content: Content, parent: string): string | undefined {
  if (children.length === 0) return FILLED.includes(content) ? `empty ${parent}` : undefined;
  for (const child of children) {
    const wrong = isObject(child) ? checkChild(child, content, parent) : `no node in ${parent}`;
    if (wrong) return wrong;
  }
  return undefined;
}

function checkChild(node: Record<string, unknown>, content: Content, parent: string): string | undefined {
  const type = String(node.type);
  if (content === 'none') return `${parent} takes no content`;
  if (content === 'inline' || content === 'text') return checkInline(node, content, parent);
  const rule = NODES[type];
  if (!rule || !ALLOWED[content].includes(type)) return `${type} in ${parent}`;
  const attrs = node.attrs ?? {};
  if (!isObject(attrs) || (rule.attrs && !rule.attrs(attrs))) return `bad attrs of ${type}`;
  if (rule.attrs && node.attrs === undefined) return `${type} without attrs`;
  if (node.content !== undefined && !Array.isArray(node.content)) return `content of ${type} is no list`;
  return checkChildren(node.content ?? [], rule.content, type);
}

function checkInline(node: Record<string, unknown>, content: 'inline' | 'text', parent: string): string | undefined {
  if (node.type === 'hardBreak') return content === 'text' ? `hardBreak in ${parent}` : undefined;
  if (node.type !== 'text') return `${String(node.type)} in ${parent}`;
  if (typeof node.text !== 'string' || node.text === '') return `empty text in ${parent}`;
  if (node.marks === undefined) return undefined;
  if (content === 'text') return `marks in ${parent}`;
  return Array.isArray(node.marks) ? checkMarks(node.marks) : 'marks are no list';
}

function checkMarks(marks: readonly unknown[]): string | undefined {
  const types = marks.map((mark) => (isObject(mark) ? String(mark.type) : ''));
  const strange = types.find((type) => !MARKS.includes(type));
  if (strange !== undefined) return `mark ${strange}`;
  if (types.includes('code') && types.some((type) => type !== 'code' && type !== 'link'))
    return 'code with other marks';
  const links = marks.filter(isObject).filter(({ type }) => type === 'link');
  return links.every(({ attrs }) => isObject(attrs) && isText(attrs.href) && attrs.href !== '')
    ? undefined
    : 'link without href';
}
