import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostileDocument, hostileText } from '../../../test/hostile-documents.ts';
import { type Block, code, type Document, type Inline, link, paragraph, strong, text } from '../../domain/document.ts';
import { cleanText, toWebUrl } from '../jira/create/issue-text.ts';
import { renderWiki, textToWiki } from './wiki-markup.ts';

interface Node {
  type: string;
  text?: string;
  attrs?: Record<string, unknown>;
  marks?: { type: string; attrs?: Record<string, unknown> }[];
  content?: Node[];
}

const require = createRequire(import.meta.url);
const { WikiMarkupTransformer } = require('@atlaskit/editor-wikimarkup-transformer');
const { JSONTransformer } = require('@atlaskit/editor-json-transformer');
const parser = new WikiMarkupTransformer();
const encoder = new JSONTransformer();

/** What Atlassian's own parser makes of markup. */
const read = (markup: string): Node => encoder.encode(parser.parse(markup));

function* nodesOf(node: Node): Generator<Node> {
  yield node;
  for (const child of node.content ?? []) yield* nodesOf(child);
}

const count = (doc: Node, type: string) => [...nodesOf(doc)].filter((node) => node.type === type).length;
const marksOf = (doc: Node) => [...nodesOf(doc)].flatMap(({ marks = [] }) => marks);
const wordsOf = (doc: Node) => [...nodesOf(doc)].map(({ text = '' }) => text).join('');

/** Without what shows nothing: our own breaks, and white space, which wiki markup may fold. */
const visible = (text: string) => text.replace(/[\s\u200b]+/g, '');

/** A link without words is known by its URL. */
function saidBy(inline: Inline): string {
  const words = cleanText(inline.text);
  return inline.kind === 'link' && words.trim() === '' ? (toWebUrl(inline.url) ?? cleanText(inline.url)) : words;
}
const said = (content: readonly Inline[]) => content.map(saidBy).join('');

describe('text as wiki markup', () => {
  it('is read by Atlassian\u2019s parser as text alone, none of it lost', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const doc = read(textToWiki(text));
        const types = new Set([...nodesOf(doc)].map(({ type }) => type));
        expect([...types].filter((type) => !['doc', 'paragraph', 'text', 'hardBreak'].includes(type))).toEqual([]);
        expect(marksOf(doc)).toEqual([]);
        expect(visible(wordsOf(doc))).toBe(visible(cleanText(text)));
      }),
      { numRuns: 3000 },
    );
  });
});

/** Marks that would end a cell or reach out of it; such a cell is verbatim. */
const VERBATIM_CELL = /[|[{]/;

/** The words of a block as they should be read back. A URL that stands for itself is counted as a link instead. */
function saidByBlock(block: Block): string {
  const isBareUrl = (inline: Inline) =>
    inline.kind === 'link' && toWebUrl(inline.url) !== undefined && toWebUrl(saidBy(inline)) === toWebUrl(inline.url);
  const words = (content: readonly Inline[]) => content.map((part) => (isBareUrl(part) ? '' : saidBy(part))).join('');
  const cell = (content: readonly Inline[]) => (VERBATIM_CELL.test(said(content)) ? said(content) : words(content));
  switch (block.kind) {
    case 'heading':
      return cleanText(block.text);
    case 'paragraph':
      return words(block.content);
    case 'notice':
      return (block.tone === 'warning' ? 'Warning' : 'Note') + words(block.content);
    case 'list':
      return block.items.map(words).join('');
    case 'table':
      return block.header.map(cleanText).join('') + block.rows.flat().map(cell).join('');
    case 'verbatim':
      return cleanText(block.title) + cleanText(block.text);
  }
}

const ofKind = <K extends Block['kind']>({ blocks }: Document, kind: K) =>
  blocks.filter((block): block is Extract<Block, { kind: K }> => block.kind === kind);

const webLinks = ({ blocks }: Document) =>
  blocks
    .flatMap((block) => {
      if (block.kind === 'paragraph' || block.kind === 'notice') return block.content;
      if (block.kind === 'list') return block.items.flat();
      return block.kind === 'table' ? block.rows.flat(2) : [];
    })
    .flatMap((inline) => (inline.kind === 'link' ? (toWebUrl(inline.url) ?? []) : []));

/** Marks that the parser itself puts on table headers and panel titles are left out. */
function marksOfText(node: Node, within = ''): string[] {
  const place = ['tableHeader', 'panel'].includes(node.type) ? node.type : within;
  const own = (node.marks ?? []).map(({ type }) => type).filter((type) => !(place !== '' && type === 'strong'));
  return [...own, ...(node.content ?? []).flatMap((child) => marksOfText(child, place))];
}

describe('a document as wiki markup', () => {
  it('keeps its structure whatever its texts hold, and loses none of them', () => {
    fc.assert(
      fc.property(hostileDocument, (document) => {
        const urls = webLinks(document);
        // Neighbouring links to one page are read as one; a URL with invisible characters is another once it is cleaned.
        fc.pre(
          new Set(urls).size === urls.length &&
            !JSON.stringify(document).match(/"url":"[^"]*[\u00ad\u200b-\u202e\u2060-\u206f\ufeff]/),
        );
        const doc = read(renderWiki(document, 1_000_000));
        const tables = ofKind(document, 'table');
        const cells = tables.flatMap(({ header, rows }) => [...header.map(cleanText), ...rows.flat().map(said)]);
        expect({
          headings: count(doc, 'heading'),
          tables: count(doc, 'table'),
          rows: count(doc, 'tableRow'),
          cells: count(doc, 'tableCell') + count(doc, 'tableHeader'),
          panels: count(doc, 'panel'),
          verbatim: count(doc, 'codeBlock'),
        }).toEqual({
          headings: ofKind(document, 'heading').length + ofKind(document, 'verbatim').length,
          tables: tables.length,
          rows: tables.reduce((total, { rows }) => total + rows.length + 1, 0),
          cells: cells.length,
          panels: ofKind(document, 'notice').length,
          verbatim: ofKind(document, 'verbatim').length + cells.filter((text) => VERBATIM_CELL.test(text)).length,
        });
        const known = /^(doc|paragraph|text|hardBreak|heading|bulletList|listItem|table\w*|panel|codeBlock)$/;
        expect([...nodesOf(doc)].map(({ type }) => type).filter((type) => !known.test(type))).toEqual([]);
        const marks = marksOfText(doc);
        expect(marks.filter((type) => type !== 'link')).toEqual([]);
        expect(marks.length).toBeLessThanOrEqual(urls.length);
        const bareUrl = (node: Node) =>
          node.marks?.some(({ type }) => type === 'link') && /^(https?:|link$)/.test(node.text ?? '');
        const words = [...nodesOf(doc)].map((node) => (bareUrl(node) ? '' : (node.text ?? ''))).join('');
        expect(visible(words)).toBe(visible(document.blocks.map(saidByBlock).join('')));
      }),
      { numRuns: 1500 },
    );
  });
});

const URL_OF_ALERT = 'https://contoso.portal.cloudappsecurity.com/#/alerts/64a0000000000000000000a1';
const raw: Block = { kind: 'verbatim', title: 'Raw', language: 'json', text: '{"a": "b"},\n'.repeat(250) };
const rowsOf = (count: number): Block => ({
  kind: 'table',
  header: ['Address', 'AbuseIPDB'],
  rows: Array.from({ length: count }, (_, i) => [[code(`198.51.100.${i}`)], [text('not checked: over the cap')]]),
});

describe('a document too long for a field of wiki markup', () => {
  it.each([
    ['40,000 characters', 'word* '.repeat(6667)],
    ['2,000,000 characters', 'word* '.repeat(333_334)],
    ['2,000,000 backslashes', '\\'.repeat(2_000_000)],
    ['40,000 emoji', '\u{1f600}'.repeat(40_000)],
    ['20,000 lines', 'a\n'.repeat(20_000)],
  ])('is filled up to the limit with a text of %s, cut visibly', (_, words) => {
    const markup = renderWiki({ blocks: [paragraph(text(words)), raw], fullTextAt: URL_OF_ALERT });
    expect(markup.length).toBeLessThanOrEqual(32_767);
    expect(markup.length).toBeGreaterThan(32_700);
    expect(markup.isWellFormed()).toBe(true);
    expect(markup).toContain(`… cut: 0 of 3,000 characters shown; the whole is at ${URL_OF_ALERT}`);
    expect(markup).toContain(`of ${words.length.toLocaleString('en-US')} characters shown; the whole is at [`);
  });

  it('keeps as many rows as fit, and says of how many', () => {
    const doc = read(renderWiki({ blocks: [paragraph(text('First')), rowsOf(2000), paragraph(text('Last'))] }));
    const rows = count(doc, 'tableRow');
    expect(rows).toBeGreaterThan(300);
    expect(wordsOf(doc)).toContain(`… cut: ${rows - 2} of 2,000 rows shown`);
    expect(wordsOf(doc)).toMatch(/^First.*Last$/s);
  });
});

describe('wiki markup', () => {
  it('writes each block in its own way', () => {
    const markup = renderWiki({
      blocks: [
        { kind: 'heading', level: 2, text: 'What happened' },
        { kind: 'notice', tone: 'warning', content: [strong('Incomplete')] },
        paragraph(
          link('Open the alert in Defender', URL_OF_ALERT),
          text(' or re-open '),
          link('re-open', 'https://x.example/'),
        ),
        { kind: 'list', items: [[code('a\nb')]] },
        { kind: 'table', header: ['IP'], rows: [[[text('2001:db8::1')]], [[text('a|b')]], [[]]] },
        { kind: 'verbatim', title: 'Raw', language: 'json', text: '{code}' },
      ],
    });
    expect(markup.replaceAll('\u200b', '<>').split('\n\n')).toEqual([
      'h2. What happened',
      '{panel:title=Warning}\nIncomplete\n{panel}',
      `[Open the alert in Defender|${URL_OF_ALERT}] or re\\-open re\\-open [https://x.example/]`,
      '* a b',
      '||IP||\n|2001:db8::1|\n|{noformat}a|b{noformat}|\n| |',
      'h4. Raw\n{noformat}\n{<>code}\n{noformat}',
    ]);
  });

  it.each([
    ['javascript:alert(1)', 'x'],
    ['https://x.example/:D', 'x [link|https://x.example/:D]'],
    ['https://x.example/a|b](y)', 'x [https://x.example/a%7Cb%5D%28y%29]'],
  ])('makes of a link to %s only what cannot be read otherwise', (url, markup) => {
    expect(renderWiki({ blocks: [paragraph(link('-', url))] }).replace('\\-', 'x')).toBe(markup);
  });

  it.each([
    ['http', '://x.example/a'],
    ['mailto', ':jane@contoso.com'],
    [':', 'D'],
    ['h1', '. a'],
  ])('reads nothing into %s and %s where they meet', (first, second) => {
    const doc = read(renderWiki({ blocks: [paragraph(text(first), code(second))] }));
    expect(doc.content).toMatchObject([{ type: 'paragraph', content: [{ type: 'text' }] }]);
    expect(marksOf(doc)).toEqual([]);
    expect(visible(wordsOf(doc))).toBe(visible(first + second));
  });

  it('keeps to its length and its structure however it is cut', () => {
    const known = /^(doc|paragraph|text|hardBreak|heading|bulletList|listItem|table\w*|panel|codeBlock)$/;
    fc.assert(
      fc.property(hostileDocument, fc.integer({ min: 300, max: 2000 }), (document, limit) => {
        const markup = renderWiki({ ...document, fullTextAt: URL_OF_ALERT }, limit);
        expect(markup.length).toBeLessThanOrEqual(limit);
        expect([...nodesOf(read(markup))].map(({ type }) => type).filter((type) => !known.test(type))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
