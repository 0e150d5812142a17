import { FONTS } from './font-list.ts';

/** What joins or changes the picture or letter before it. */
const JOINERS = /\p{Join_Control}|\p{Variation_Selector}|\p{Emoji_Modifier}|\u20e3/gu;

/** Scripts whose letters are set in another order than they are written in or as several glyphs; the letters of flags. */
const REORDERED =
  /[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}\p{Regional_Indicator}]+/gu;

/**
 * Names the font of each letter in a picture, where the typesetter looks for one font a text only. Joined emoji are set
 * apart; letters that are reordered or taken apart are U+FFFD: PDF/UA-1 takes no glyph of a picture of which no letter is known.
 */
export function withFonts(svg: string): string {
  const texts = /(<text\b[^>]*>)([^<]*)(?=<\/text>)/g;
  return svg.replace(texts, (_, tag: string, text: string) => {
    const drawn = text.replace(JOINERS, '').replace(REORDERED, '\ufffd');
    return tag + runsOf(drawn).map(inFont).join('');
  });
}

interface InOneFont {
  family: string | undefined;
  text: string;
}

function runsOf(text: string): InOneFont[] {
  const runs: InOneFont[] = [];
  for (const letter of text) {
    const last = runs.at(-1);
    // A mark belongs to the letter before it.
    const family =
      /\p{M}/u.test(letter) && last ? last.family : FONTS.find(({ needed }) => needed?.test(letter))?.family;
    if (last && last.family === family) last.text += letter;
    else runs.push({ family, text: letter });
  }
  return runs;
}

function inFont({ family, text }: InOneFont): string {
  return family === undefined ? text : `<tspan font-family="${family}">${text}</tspan>`;
}
