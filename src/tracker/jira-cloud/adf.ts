import type { Block, Document, Inline } from '../../domain/document.ts';
import { renderToFit } from '../jira/create/fit-document.ts';
import { toWebUrl } from '../jira/create/issue-text.ts';

/** A node of the Atlassian Document Format (developer.atlassian.com, "Atlassian Document Format", structure). */
export interface AdfNode {
  type: string;
  attrs?: Readonly<Record<string, unknown>>;
  content?: readonly AdfNode[];
  text?: string;
  marks?: readonly { type: string; attrs?: Readonly<Record<string, unknown>> }[];
}

export interface AdfDoc extends AdfNode {
  type: 'doc';
  version: 1;
}

/** Jira's limit for a text field; for ADF it is not documented whether text or JSON is counted, so JSON is. */
const MOST_CHARACTERS = 32_767;

/** Renders a document as ADF whose JSON has at most `most` characters. Text only ever lands in text nodes. */
export function renderAdf(document: Document, most = MOST_CHARACTERS): AdfDoc {
  return docOf(renderToFit(document, most, { render: toNodes, sizeOf, frame: JSON.stringify(docOf([])).length }));
}

/** Plain text as ADF, line by line. */
export function textToAdf(text: string, most = MOST_CHARACTERS): AdfDoc {
  return renderAdf({ blocks: [{ kind: 'paragraph', content: [{ kind: 'text', text }] }] }, most);
}

function docOf(pieces: readonly (readonly AdfNode[])[]): AdfDoc {
  return { type: 'doc', version: 1, content: pieces.flat() };
}

/** A piece's JSON without its brackets, and the comma before the next. */
function sizeOf(nodes: readonly AdfNode[]): number {
  return nodes.length === 0 ? 0 : JSON.stringify(nodes).length - 1;
}

function toNodes(block: Block): AdfNode[] {
  switch (block.kind) {
    case 'heading':
      return [{ type: 'heading', attrs: { level: block.level }, content: textNodes(block.text.replaceAll('\n', ' ')) }];
    case 'paragraph':
      return [paragraph(block.content)];
    case 'notice':
      return [{ type: 'panel', attrs: { panelType: block.tone }, content: [paragraph(block.content)] }];
    case 'list': {
      const items = block.items.map((item) => ({ type: 'listItem', content: [paragraph(item)] }));
      return items.length === 0 ? [] : [{ type: 'bulletList', content: items }];
    }
    case 'table':
      return [table(block)];
    case 'verbatim':
      return [
        {
          type: 'expand',
          attrs: { title: block.title.replaceAll('\n', ' ') },
          content: [{ type: 'codeBlock', attrs: { language: block.language }, content: textNodes(block.text) }],
        },
      ];
  }
}

function table({ header, rows }: Extract<Block, { kind: 'table' }>): AdfNode {
  const cell = (type: string, content: readonly Inline[]): AdfNode => ({
    type,
    attrs: {},
    content: [paragraph(content)],
  });
  return {
    type: 'table',
    attrs: { isNumberColumnEnabled: false, layout: 'default' },
    content: [
      { type: 'tableRow', content: header.map((text) => cell('tableHeader', [{ kind: 'text', text, strong: true }])) },
      ...rows.map((row) => ({ type: 'tableRow', content: row.map((content) => cell('tableCell', content)) })),
    ],
  };
}

function paragraph(content: readonly Inline[]): AdfNode {
  return { type: 'paragraph', content: content.flatMap(toText) };
}

function toText(inline: Inline): AdfNode[] {
  const marks = marksOf(inline);
  return inline.text.split('\n').flatMap((line, i): AdfNode[] => {
    const node: AdfNode[] = line === '' ? [] : [{ type: 'text', text: line, ...(marks.length > 0 ? { marks } : {}) }];
    return i === 0 ? node : [{ type: 'hardBreak' }, ...node];
  });
}

function marksOf(inline: Inline): NonNullable<AdfNode['marks']> {
  if (inline.kind === 'link') {
    const href = toWebUrl(inline.url);
    return href === undefined ? [] : [{ type: 'link', attrs: { href } }];
  }
  // The schema does not allow `code` beside `strong`.
  if (inline.code) return [{ type: 'code' }];
  return inline.strong ? [{ type: 'strong' }] : [];
}

function textNodes(text: string): AdfNode[] {
  return text === '' ? [] : [{ type: 'text', text }];
}
