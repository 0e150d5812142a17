import { createRequire } from 'node:module';
import Ajv from 'ajv-draft-04';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostileDocument, hostileText } from '../../../test/hostile-documents.ts';
import { type Block, code, type Inline, link, paragraph, strong, text } from '../../domain/document.ts';
import { cleanText, toWebUrl } from '../jira/create/issue-text.ts';
import { type AdfDoc, type AdfNode, renderAdf, textToAdf } from './adf.ts';

const require = createRequire(import.meta.url);
const validate = new Ajv.default({ strict: false }).compile(
  require('@atlaskit/adf-schema/dist/json-schema/v1/full.json'),
);

/** Whether Atlassian's own schema takes a document, as it arrives. */
const isAdf = (doc: AdfDoc) => validate(JSON.parse(JSON.stringify(doc)));

const OURS =
  /^(doc|paragraph|text|hardBreak|heading|bulletList|listItem|table|tableRow|tableHeader|tableCell|panel|expand|codeBlock)$/;

function* nodesOf(node: AdfNode): Generator<AdfNode> {
  yield node;
  for (const child of node.content ?? []) yield* nodesOf(child);
}

/** The text of each node that holds text, in order, as a person reads it. */
function textsOf(node: AdfNode): string[] {
  if (!['paragraph', 'heading', 'codeBlock'].includes(node.type)) return (node.content ?? []).flatMap(textsOf);
  return [(node.content ?? []).map((inline) => (inline.type === 'hardBreak' ? '\n' : inline.text)).join('')];
}

/** A link without words is known by its URL. */
function saidBy(inline: Inline): string {
  const words = cleanText(inline.text);
  return inline.kind === 'link' && words.trim() === '' ? (toWebUrl(inline.url) ?? cleanText(inline.url)) : words;
}

function textsOfBlock(block: Block): string[] {
  const said = (content: readonly Inline[]) => content.map(saidBy).join('');
  switch (block.kind) {
    case 'heading':
      return [cleanText(block.text).replaceAll('\n', ' ')];
    case 'paragraph':
    case 'notice':
      return [said(block.content)];
    case 'list':
      return block.items.map(said);
    case 'table':
      return [...block.header.map(cleanText), ...block.rows.flat().map(said)];
    case 'verbatim':
      return [cleanText(block.text)];
  }
}

describe('a document as ADF', () => {
  it('fits Atlassian\u2019s schema whatever its texts hold, and gives each text back unchanged', () => {
    fc.assert(
      fc.property(hostileDocument, (document) => {
        const doc = renderAdf(document, 1_000_000);
        expect(isAdf(doc), JSON.stringify(validate.errors)).toBe(true);
        expect(textsOf(doc)).toEqual(document.blocks.flatMap(textsOfBlock));
        const nodes = [...nodesOf(doc)];
        expect(nodes.map(({ type }) => type).filter((type) => !OURS.test(type))).toEqual([]);
        for (const { type, attrs } of nodes.flatMap(({ marks = [] }) => marks)) {
          expect(['strong', 'code', 'link']).toContain(type);
          if (type === 'link') expect(attrs?.href).toMatch(/^https?:\/\/[!-~]+$/);
        }
      }),
      { numRuns: 1500 },
    );
  });

  it('is measured exactly, so that a document that just fits is not cut', () => {
    fc.assert(
      fc.property(hostileDocument, (document) => {
        const whole = renderAdf(document, 1_000_000);
        expect(renderAdf(document, JSON.stringify(whole).length + 1)).toEqual(whole);
      }),
      { numRuns: 200 },
    );
  });

  it('links only to web pages; any other URL stays words', () => {
    const doc = renderAdf({
      blocks: [paragraph(link('here', 'javascript:alert(1)'), link('there', 'https://x.example'))],
    });
    expect(doc.content?.[0]?.content).toEqual([
      { type: 'text', text: 'here' },
      { type: 'text', text: 'there', marks: [{ type: 'link', attrs: { href: 'https://x.example/' } }] },
    ]);
  });

  it('folds a verbatim text and frames a notice', () => {
    const doc = renderAdf({
      blocks: [
        { kind: 'notice', tone: 'warning', content: [strong('Incomplete'), text(': '), code('title')] },
        { kind: 'verbatim', title: 'Raw', language: 'json', text: '{}' },
      ],
    });
    expect(doc.content).toMatchObject([
      { type: 'panel', attrs: { panelType: 'warning' } },
      { type: 'expand', attrs: { title: 'Raw' }, content: [{ type: 'codeBlock', attrs: { language: 'json' } }] },
    ]);
  });
});

describe('plain text as ADF', () => {
  it('keeps its lines, and is ADF whatever it holds', () => {
    fc.assert(
      fc.property(hostileText, (words) => {
        const doc = textToAdf(words);
        expect(isAdf(doc), JSON.stringify(validate.errors)).toBe(true);
        expect(textsOf(doc)).toEqual([cleanText(words)]);
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
const wordsOf = (doc: AdfDoc) => textsOf(doc).join('\n');

describe('a document too long for a field of ADF', () => {
  it.each([
    ['40,000 characters', 'word '.repeat(8000)],
    ['2,000,000 characters', 'word '.repeat(400_000)],
    ['2,000,000 quotes', '"'.repeat(2_000_000)],
    ['40,000 emoji', '\u{1f600}'.repeat(40_000)],
    ['20,000 lines', 'a\n'.repeat(20_000)],
  ])('is filled up to the limit with a text of %s, cut visibly', (_, words) => {
    const doc = renderAdf({ blocks: [paragraph(text(words)), raw], fullTextAt: URL_OF_ALERT });
    const json = JSON.stringify(doc);
    expect(isAdf(doc)).toBe(true);
    expect(json.length).toBeLessThanOrEqual(32_767);
    expect(json.length).toBeGreaterThan(32_700);
    expect(json).not.toMatch(/\\ud[89a-f]/);
    expect(wordsOf(doc)).toContain(`… cut: 0 of 3,000 characters shown; the whole is at ${URL_OF_ALERT}`);
    expect(wordsOf(doc)).toContain(`of ${words.length.toLocaleString('en-US')} characters shown; the whole is at`);
    const [link] = [...nodesOf(doc)].flatMap(({ marks = [] }) => marks);
    expect(link).toEqual({ type: 'link', attrs: { href: URL_OF_ALERT } });
  });

  it('cuts a text of many paragraphs as one text', () => {
    const lines = Array.from({ length: 5000 }, (_, i) => paragraph(text(`line ${i}`)));
    const doc = renderAdf({ blocks: [...lines, paragraph(link('Open', URL_OF_ALERT))] });
    expect(JSON.stringify(doc).length).toBeLessThanOrEqual(32_767);
    expect(wordsOf(doc)).toMatch(/^line 0\nline 1\n.* … cut: [\d,]+ of 43,890 characters shown\nOpen$/s);
  });

  it('gives up the record first, then rows, and text last', () => {
    const words = 'word '.repeat(1000);
    const doc = renderAdf({ blocks: [paragraph(text(words)), rowsOf(500), raw] });
    expect(isAdf(doc)).toBe(true);
    const texts = textsOf(doc);
    expect(texts[0]).toBe(words);
    expect(texts.at(-1)).toBe('… cut: 0 of 3,000 characters shown');
    const rows = doc.content?.[1]?.content?.length ?? 0;
    expect(rows).toBeGreaterThan(50);
    expect(texts).toContain(`… cut: ${rows - 2} of 500 rows shown`);
  });

  it('gives no URL more room than a link is worth', () => {
    const url = `https://x.example/${'a'.repeat(40_000)}`;
    const blocks = [paragraph(link('Open', url), link('', url)), paragraph(text('After'))];
    const doc = renderAdf({ blocks: [...blocks, raw, raw, raw, raw], fullTextAt: url });
    expect(JSON.stringify(doc).length).toBeLessThanOrEqual(32_767);
    expect([...nodesOf(doc)].flatMap(({ marks = [] }) => marks)).toEqual([]);
    expect(textsOf(doc)[0]).toMatch(/^Openhttps:\/\/x[.]example\/a+ … cut: [\d,]+ of 40,027 characters shown$/);
    expect(textsOf(doc)).toHaveLength(5);
  });

  it('shows as much of the record as there is room for', () => {
    const doc = renderAdf({ blocks: [paragraph(text('Short')), { ...raw, text: 'x'.repeat(1_000_000) }] });
    expect(textsOf(doc)[1]).toMatch(/^x{32000,}\n… cut: 32,\d{3} of 1,000,000 characters shown$/);
  });

  it('drops what comes last, with a note, when nothing can be shortened', () => {
    const blocks: Block[] = Array.from({ length: 2000 }, (_, i) => ({ kind: 'heading', level: 3, text: `Part ${i}` }));
    const doc = renderAdf({ blocks, fullTextAt: URL_OF_ALERT });
    expect(JSON.stringify(doc).length).toBeLessThanOrEqual(32_767);
    const shown = (doc.content?.length ?? 0) - 1;
    expect(shown).toBeGreaterThan(300);
    expect(textsOf(doc).at(-1)).toBe(`… cut: ${shown} of 2000 parts shown; the whole is at ${URL_OF_ALERT}`);
  });

  it('fits whatever the limit, and is ADF however it is cut', () => {
    const most = fc.integer({ min: 400, max: 4000 });
    fc.assert(
      fc.property(hostileDocument, most, (document, limit) => {
        const doc = renderAdf({ ...document, fullTextAt: URL_OF_ALERT }, limit);
        expect(isAdf(doc), JSON.stringify(validate.errors)).toBe(true);
        expect(JSON.stringify(doc).length).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 1000 },
    );
  });
});
