import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { aPaper, aPaperFullOf } from '../../../test/a-paper.ts';
import { renderHtml } from './render-html.ts';

describe('a report as HTML', () => {
  const page = renderHtml(aPaper());

  it('is the same text each time, and small', () => {
    expect(renderHtml(aPaper())).toBe(page);
    expect(page.length).toBeLessThan(100_000);
  });

  it('allows itself its one stylesheet and nothing else', () => {
    const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(page).toContain(`default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`);
    expect(page.match(/<style/g)).toHaveLength(1);
    expect(page).not.toMatch(/<script|<img|<link|\sstyle=|\son\w+=|url\(|@import/);
  });

  it('leaves no text of an alert as markup', () => {
    for (const text of [
      '<script>alert(1)</script>',
      '"><img src=x onerror=alert(1)>',
      "' onmouseover='x",
      '</style></title><script>',
      '&lt;script&gt;',
    ]) {
      const full = renderHtml(aPaperFullOf(text));
      expect(shape(full)).toEqual(shape(renderHtml(aPaperFullOf('plain'))));
    }
  });

  it('shows what a text holds, without characters that turn or hide it', () => {
    const full = renderHtml(aPaperFullOf('invoice\u202efdp.exe\u0000\u200b'));
    expect(full).toContain('invoicefdp.exe');
    expect(full).not.toMatch(/[\u202e\u0000\u200b]/);
  });

  it('follows no address but http and https', () => {
    for (const url of ['javascript:alert(1)', 'data:text/html,x', '//evil.example', ' https ://x']) {
      const cells = [[{ text: 'look', url }]];
      const columns = [{ title: 'Link', align: 'left' as const }];
      const paper = aPaper({ blocks: [{ block: 'table', name: 't', caption: 'c', columns, rows: cells, empty: 'e' }] });
      expect(renderHtml(paper)).not.toContain('<a ');
    }
    expect(page).toContain('<a href="https://contoso.atlassian.net/browse/SOC-1042">SOC-1042</a>');
  });

  it('has headings in order, ids once, and every table its caption and the heads of its rows and columns', () => {
    const levels = [...page.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    for (const [at, level] of levels.entries()) expect(level - (levels[at - 1] ?? 0)).toBeLessThanOrEqual(1);
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, labels = ''] of page.matchAll(/aria-labelledby="([^"]+)"/g))
      for (const id of labels.split(' ')) expect(ids).toContain(id);
    for (const [, anchor] of page.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(anchor);
    for (const [table] of page.matchAll(/<table[\s\S]*?<\/table>/g)) {
      expect(table).toContain('<caption');
      expect(table).toContain('<th scope="col"');
      expect(table).toContain('<th scope="row"');
    }
  });

  it('says what a table without rows means, and lists sections only where there are many', () => {
    expect(page).toContain('No alert was suppressed.');
    expect(page).toContain('<nav class="contents" aria-label="Contents">');
    expect(renderHtml(aPaper({ blocks: aPaper().blocks.slice(0, 3) }))).not.toContain('<nav');
  });

  it('keeps the blanks between pieces of running text', () => {
    expect(page).toContain('<p>Defender raised <strong>412 alerts</strong>, 38 more than in September');
  });
});

/** Which tags a page has with which attributes. */
function shape(page: string): string[] {
  const tags = [...page.matchAll(/<\/?([a-z0-9]+)((?: [\w:-]+(?:="[^"]*")?)*)\/?>/g)].map(
    ([, name, attributes = '']) =>
      `${name} ${[...attributes.matchAll(/ ([\w:-]+)(?:="[^"]*")?/g)].map(([, key]) => key)}`,
  );
  return [...new Set(tags)].toSorted();
}
