import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { aPaper, aPaperFullOf } from '../../../test/a-paper.ts';
import { renderPdf } from './render-pdf.ts';

const typesetter = (() => {
  try {
    createRequire(import.meta.url)('@myriaddreamin/typst-ts-node-compiler');
    return '';
  } catch {
    return ' (skipped: the optional @myriaddreamin/typst-ts-node-compiler is not installed here)';
  }
})();

describe.skipIf(typesetter !== '')(`a report as PDF${typesetter}`, () => {
  it('is the same bytes each time, dated as of when it was made', async () => {
    const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
    const pdf = await renderPdf(aPaper(), { paperSize: 'a4' });
    expect(hash(await renderPdf(aPaper(), { paperSize: 'a4' }))).toBe(hash(pdf));
    expect(asText(pdf)).toContain('D:20261101050000Z');
    const later = await renderPdf(aPaper({ asOf: Date.parse('2026-11-02T05:00:00Z') }), { paperSize: 'a4' });
    expect(hash(later)).not.toBe(hash(pdf));
  });

  it('is tagged, says that it is PDF/UA, names itself and its language, and describes each picture', async () => {
    const text = asText(await renderPdf(aPaper(), { paperSize: 'a4' }));
    expect(text.startsWith('%PDF-1.7')).toBe(true);
    expect(text).toContain('/MarkInfo');
    expect(text).toContain('<pdfuaid:part>1</pdfuaid:part>');
    expect(text).toContain('Monthly report, October 2026');
    expect(text).toContain('/Lang (en)');
    expect(text.match(/\/Alt \(/g)).toHaveLength(5);
  });

  it('is set on the paper that is asked for', async () => {
    expect(asText(await renderPdf(aPaper(), { paperSize: 'a4' }))).toMatch(/\/MediaBox \[0 0 595\.\d+ 841\.\d+\]/);
    expect(asText(await renderPdf(aPaper(), { paperSize: 'letter' }))).toMatch(/\/MediaBox \[0 0 612 792\]/);
  });

  it('takes whatever an alert says as text', async () => {
    for (const text of [
      ']#panic("x")',
      '"; #import "@preview/x:1.0.0"',
      '<script>',
      '#read("/etc/passwd")',
      '$x$ *b* _i_ \\',
      '\u202e',
    ])
      expect(asText(await renderPdf(aPaperFullOf(text), { paperSize: 'a4' }))).toContain('%%EOF');
  });

  it('is made also where no font has the characters of a text', async () => {
    const pdf = await renderPdf(aPaperFullOf('漢字 \u{10a40} ไทย 😀'), { paperSize: 'a4' });
    expect(asText(pdf)).toContain('<pdfuaid:part>1</pdfuaid:part>');
  });
});

function asText(pdf: Uint8Array): string {
  return Buffer.from(pdf).toString('latin1');
}
