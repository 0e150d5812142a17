import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { aPaper, aPaperFullOf } from '../../../test/a-paper.ts';
import type { Block, Paper } from '../paper.ts';
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

/** A title of each script that a font of ours is for, and of joined emoji. */
const TITLES = [
  '한국어 경고',
  '日本語の警告',
  '简体中文警报',
  'تنبيه أمني می\u200cخواهم',
  'אזהרת אבטחה',
  'คำเตือน',
  'सुरक्षा चेतावनी',
  'নিরাপত্তা',
  'ਸੁਰੱਖਿਆ',
  'સુરક્ષા',
  'பாதுகாப்பு',
  'భద్రత',
  'ಭದ್ರತೆ',
  'സുരക്ഷ',
  'ආරක්ෂාව',
  'ປອດໄພ',
  'လုံခြုံရေး',
  'សុវត្ថិភាព',
  'უსაფრთხოება',
  'անվտանգություն',
  'ደህንነት',
  '👨\u200d👩\u200d👧 🏳\ufe0f\u200d🌈 ⚠\ufe0f 🇩🇪 ✓',
  'Προσοχή, внимание, chú ý',
].join(' · ');

const lookers = ['pdftotext', 'pdfinfo', 'pdffonts', 'qpdf'].filter(
  (name) => spawnSync(name, ['--version']).error !== undefined,
);
const without = typesetter || (lookers.length > 0 ? ` (skipped: not installed here: ${lookers.join(', ')})` : '');

describe.skipIf(without !== '')(`a report as PDF, looked at with other programs${without}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'casewire-pdf-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const put = async (paper: Paper, paperSize: 'a4' | 'letter' = 'a4') => {
    const file = join(folder, 'report.pdf');
    writeFileSync(file, await renderPdf(paper, { paperSize }));
    return file;
  };

  it('shows the letters of all these scripts, and joined emoji', async () => {
    const base = aPaper();
    const blocks: Block[] = [{ block: 'text', runs: [TITLES] }];
    const shown = execFileSync('pdftotext', [await put({ ...base, blocks }), '-'], { encoding: 'utf8' });
    expect(shown).not.toContain('\ufffd');
    for (const word of [
      '한국어',
      '日本語の警告',
      '简体中文警报',
      'คำเตือน',
      'უსაფრთხოება',
      'внимание',
      '👨\u200d👩\u200d👧',
    ])
      expect(shown).toContain(word);
  });

  it.each([
    ['of one word', 'Wx'.repeat(115)],
    ['of one address', `https://x.example/${'a'.repeat(212)}`],
    ['without a blank in Korean', '경고'.repeat(115)],
    ['of emoji', '👨\u200d👩\u200d👧'.repeat(46)],
  ])('keeps a title %s inside of its column', async (_, title) => {
    for (const paperSize of ['a4', 'letter'] as const) {
      const cells = (text: string) => [{ text: title }, { text }, { text: '12' }];
      const table: Block = {
        block: 'table',
        name: 'scorecard',
        caption: 'Titles',
        columns: [
          { title: 'Title', align: 'left' },
          { title: 'Neighbour', align: 'left' },
          { title: 'Alerts', align: 'right' },
          { title: 'More', align: 'left' },
        ],
        rows: [[...cells('neighbour of it, which is long enough to share the page'), { text: title }]],
        empty: '',
      };
      const blocks: Block[] = [table, { block: 'text', runs: [title, { strong: title }] }];
      const file = await put(aPaper({ blocks }), paperSize);
      const boxes = execFileSync('pdftotext', ['-bbox', file, '-'], { encoding: 'utf8' });
      const [, width = ''] = /<page width="([\d.]+)"/.exec(boxes) ?? [];
      const words = [
        ...boxes.matchAll(/<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="[\d.-]+">(.*?)</g),
      ];
      expect(words.length).toBeGreaterThan(20);
      const margin = (19 / 25.4) * 72;
      for (const [, from, , to] of words) {
        expect(Number(from)).toBeGreaterThanOrEqual(margin - 1);
        expect(Number(to)).toBeLessThanOrEqual(Number(width) - margin + 1);
      }
      const neighbour = words.find(([, , , , word]) => word === 'neighbour');
      const left = Number(neighbour?.[1]);
      const line = words.filter(([, from, y]) => y === neighbour?.[2] && Number(from) < left);
      for (const [, , , to] of line) expect(Number(to)).toBeLessThanOrEqual(left);
    }
  });

  it('has no object that they take for a wrong one', async () => {
    for (const paper of [aPaper(), aPaper({ kind: 'daily' }), aPaperFullOf('경고 👨\u200d👩\u200d👧')]) {
      const file = await put(paper);
      expect(spawnSync('pdfinfo', [file], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
      expect(spawnSync('qpdf', ['--check', file], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
    }
  });

  it('takes no font of the machine', async () => {
    const fonts = execFileSync('pdffonts', [await put(aPaperFullOf(TITLES))], { encoding: 'utf8' });
    const names = fonts.split('\n').slice(2, -1);
    expect(names.length).toBeGreaterThan(15);
    expect(names.filter((name) => !/^[A-Z]{6}\+Casewire/.test(name))).toEqual([]);
  });

  it('is the same bytes where the machine has other fonts, or none', async () => {
    const hash = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
    const settings = (dirs: string) => `<?xml version="1.0"?><fontconfig>${dirs}</fontconfig>`;
    const found = new Set<string>();
    for (const dirs of [
      '',
      '<dir>/usr/share/fonts</dir>',
      `<dir>${packageOf('@expo-google-fonts/noto-sans-thai')}</dir>`,
    ]) {
      const config = join(folder, 'fonts.conf');
      writeFileSync(config, settings(dirs));
      const file = join(folder, 'other.pdf');
      const code = `import { writeFileSync } from 'node:fs';
        import { aPaperFullOf } from '${join(import.meta.dirname, '../../../test/a-paper.ts')}';
        import { renderPdf } from '${join(import.meta.dirname, 'render-pdf.ts')}';
        writeFileSync(process.argv[1], await renderPdf(aPaperFullOf('คำเตือน ✓ \u{10a40} Wx 경고'), { paperSize: 'a4' }));`;
      execFileSync(process.execPath, ['--input-type=module', '-e', code, file], {
        env: { ...process.env, FONTCONFIG_FILE: config, NODE_OPTIONS: '' },
      });
      found.add(hash(file));
    }
    expect([...found]).toHaveLength(1);
  }, 60_000);
});

function packageOf(name: string): string {
  return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
}

function asText(pdf: Uint8Array): string {
  return Buffer.from(pdf).toString('latin1');
}
