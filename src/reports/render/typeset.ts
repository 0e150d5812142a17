import { NotDrawable } from '../not-drawable.ts';
import { fontsFor } from './fonts/report-fonts.ts';

/** Not more than so many rounds are made for characters that cannot be drawn, such as a mark on a letter of another font. */
const ROUNDS = 4;

const INSTEAD = '\ufffd';

/** Letters that a report goes without where the typesetter does not tell which of them it cannot draw. */
const UNUSUAL = /[^\u0000-\u024f\u0370-\u052f\u2010-\u2027\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\ufffd]/gu;

const SUSPECTS = '/Suspects false';

/**
 * Sets a document in Typst and returns its PDF; `paper` is what the template reads. The typesetter is an optional
 * dependency and loaded here alone; its fonts come with Casewire. Where they lack a character, U+FFFD stands for it, since
 * PDF/UA-1 (ISO 14289-1:2014 §7.21) allows none without a glyph.
 */
export async function typeset(template: string, { paper, at }: { paper: object; at: number }): Promise<Uint8Array> {
  const { NodeCompiler } = await load();
  const fonts = fontsFor(JSON.stringify(paper));
  const compiler = NodeCompiler.create({ fontArgs: [{ fontBlobs: fonts.files }] });
  let { text } = fonts;
  for (let round = 1; ; round += 1)
    try {
      const document = { mainFileContent: template, inputs: { paper: text } };
      return withoutSuspects(compiler.pdf(document, { pdfStandard: 'ua-1', creationTimestamp: at }));
    } catch (error) {
      const missing = withoutGlyph(error);
      const plain = text.replace(UNUSUAL, INSTEAD);
      if ((missing.length === 0 || round >= ROUNDS) && plain === text)
        throw new Error(`The report could not be set as PDF: ${messageOf(error).slice(0, 300)}`, { cause: error });
      text =
        missing.length === 0 || round >= ROUNDS
          ? plain
          : missing.reduce((left, letter) => left.replaceAll(letter, INSTEAD), text);
    } finally {
      // What it remembers between documents is the process's, and would grow with every report that `serve` makes.
      compiler.evictCache(0);
    }
}

/**
 * Blanks `/Suspects false`, which says what its absence says too (ISO 32000-1:2008, table 321): Poppler to 25.11, and so
 * `pdfinfo`, calls it an object of the wrong type.
 */
function withoutSuspects(pdf: Buffer): Uint8Array {
  const [dictionary = ''] = /\/MarkInfo\s*<<[^<>]*>>/.exec(pdf.toString('latin1')) ?? [];
  const at = dictionary === '' ? -1 : pdf.indexOf(dictionary, 0, 'latin1');
  const within = dictionary.indexOf(SUSPECTS);
  if (at >= 0 && within >= 0) pdf.fill(' ', at + within, at + within + SUSPECTS.length);
  return new Uint8Array(pdf);
}

async function load() {
  try {
    return await import('@myriaddreamin/typst-ts-node-compiler');
  } catch (error) {
    throw new NotDrawable(
      'A PDF needs the package @myriaddreamin/typst-ts-node-compiler, which is not installed here or has no build for this machine. Run `npm install @myriaddreamin/typst-ts-node-compiler` where Casewire is installed, or ask for html.',
      { cause: error },
    );
  }
}

/** The characters that the typesetter cannot draw: `the text "漢" could not be displayed with font …`. */
function withoutGlyph(error: unknown): string[] {
  const texts = [...messageOf(error).matchAll(/the text `\\?"(.+?)\\?"` could not be displayed/gu)];
  const letters = texts.flatMap(([, text = '']) => [...text.replace(/\\u\{([0-9a-f]+)\}/g, unescaped)]);
  return [...new Set(letters)].filter((letter) => letter > '\u007f' && letter !== INSTEAD);
}

/** An unprintable character stands in the message as `\u{10a40}`. */
function unescaped(_: string, hex: string): string {
  return String.fromCodePoint(Number.parseInt(hex, 16));
}

/** The typesetter's own words stand in `message` or in `code`. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message === '' && 'code' in error ? String(error.code) : error.message;
}
