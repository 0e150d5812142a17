/** Not more than so many rounds are made for characters that no font has. */
const ROUNDS = 4;

const INSTEAD = '\ufffd';

/**
 * Sets a document in Typst and returns its PDF. The typesetter is an optional dependency and loaded here alone. Where
 * the fonts of the machine lack a character, U+FFFD stands for it, since PDF/UA-1 (ISO 14289-1 §7.21) allows none
 * without a glyph.
 */
export async function typeset(template: string, { paper, at }: { paper: object; at: number }): Promise<Uint8Array> {
  const { NodeCompiler } = await load();
  const compiler = NodeCompiler.create();
  let text = JSON.stringify(paper);
  for (let round = 1; ; round += 1)
    try {
      return new Uint8Array(
        compiler.pdf(
          { mainFileContent: template, inputs: { paper: text } },
          { pdfStandard: 'ua-1', creationTimestamp: at },
        ),
      );
    } catch (error) {
      const missing = withoutGlyph(error);
      if (missing.length === 0 || round === ROUNDS) throw error;
      text = missing.reduce((left, letter) => left.replaceAll(letter, INSTEAD), text);
    }
}

async function load() {
  try {
    return await import('@myriaddreamin/typst-ts-node-compiler');
  } catch (error) {
    throw new Error(
      'A PDF needs the package @myriaddreamin/typst-ts-node-compiler, which is not installed here or has no build for this machine. Run `npm install @myriaddreamin/typst-ts-node-compiler` where Casewire is installed, or ask for html.',
      { cause: error },
    );
  }
}

/** The characters that the typesetter says it cannot draw: `the text "漢" could not be displayed with font …`. */
function withoutGlyph(error: unknown): string[] {
  const message = error instanceof Error ? error.message : String(error);
  const texts = [...message.matchAll(/the text `\\?"(.+?)\\?"` could not be displayed/gu)].map(
    (match) => match[1] ?? '',
  );
  return [...new Set(texts.flatMap((text) => [...text]))].filter((letter) => letter > '\u007f' && letter !== INSTEAD);
}
