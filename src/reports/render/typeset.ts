import { NotDrawable } from '../not-drawable.ts';

/** Not more than so many rounds are made for characters that no font has. */
const ROUNDS = 4;

const INSTEAD = '\ufffd';

/**
 * Sets a document in Typst and returns its PDF; `paper` is what the template reads. The typesetter is an optional
 * dependency and loaded here alone. Where the fonts lack a character, U+FFFD stands for it, since PDF/UA-1
 * (ISO 14289-1:2014 §7.21) allows none without a glyph.
 */
export async function typeset(template: string, { paper, at }: { paper: object; at: number }): Promise<Uint8Array> {
  const { NodeCompiler } = await load();
  const compiler = NodeCompiler.create();
  let text = JSON.stringify(paper);
  for (let round = 1; ; round += 1)
    try {
      const document = { mainFileContent: template, inputs: { paper: text } };
      return new Uint8Array(compiler.pdf(document, { pdfStandard: 'ua-1', creationTimestamp: at }));
    } catch (error) {
      const missing = withoutGlyph(error);
      if (missing.length === 0 || round === ROUNDS)
        throw new Error(`The report could not be set as PDF: ${messageOf(error).slice(0, 300)}`, { cause: error });
      text = missing.reduce((left, letter) => left.replaceAll(letter, INSTEAD), text);
    } finally {
      // What it remembers between documents is the process's, and would grow with every report that `serve` makes.
      compiler.evictCache(0);
    }
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
