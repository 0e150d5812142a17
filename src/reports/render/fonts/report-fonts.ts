import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { NotDrawable } from '../../not-drawable.ts';
import { FONTS, packedName, type ReportFont } from './font-list.ts';
import { type OpenFont, openFont } from './open-font.ts';

const INSTEAD = '\ufffd';

/** What shows nothing needs no glyph (UAX #44, Default_Ignorable_Code_Point), nor do blanks and controls. */
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Cc}\s]/u;

/** Reads the fonts of our own that a text needs, and puts U+FFFD for each character that none of them has. */
export function fontsFor(text: string): { files: Buffer[]; text: string } {
  const fonts = FONTS.filter(({ needed }) => needed === undefined || needed.test(text));
  const opened = fonts.map(read);
  const letters = [...new Set(text)].filter((letter) => !UNSEEN.test(letter));
  let lacking = letters.filter((letter) => !opened.some((font) => has(font, letter)));
  const last = FONTS.at(-1);
  if (lacking.length > 0 && last && !fonts.includes(last)) {
    const signs = read(last);
    opened.push(signs);
    lacking = lacking.filter((letter) => !has(signs, letter));
  }
  const drawn = lacking.reduce((left, letter) => left.replaceAll(letter, INSTEAD), text);
  return { files: opened.map(({ bytes }) => bytes), text: drawn };
}

function has(font: OpenFont, letter: string): boolean {
  return font.has(letter.codePointAt(0) ?? 0);
}

/** Read anew for each report: they are large, and reports are seldom. */
function read(font: ReportFont): OpenFont {
  try {
    return openFont(readFileSync(placeOf(font)), font);
  } catch (error) {
    throw new NotDrawable(
      `A PDF needs the font ${packedName(font)}, which comes with Casewire and could not be read here. Install Casewire again, or ask for html.`,
      { cause: error },
    );
  }
}

/** Beside the bundle, else in the npm package from which the bundle takes it. */
function placeOf(font: ReportFont): URL | string {
  const packed = new URL(`fonts/${packedName(font)}`, import.meta.url);
  return existsSync(packed) ? packed : createRequire(import.meta.url).resolve(`${font.from}/${font.file}`);
}
