/**
 * What shows nothing or turns the direction of reading (UAX #44, Default_Ignorable_Code_Point; general category Cf), and
 * the marks of interlinear notes; but not what chooses how the characters around it look.
 */
const INVISIBLE = /(?!\p{Join_Control}|[\ufe00-\ufe0f])[\p{Default_Ignorable_Code_Point}\p{Cf}\ufff9-\ufffb]/gu;

/** The joiner, the non-joiner and the variation selectors. */
const CHOOSING = /\p{Join_Control}|[\ufe00-\ufe0f]/u;

const CHOOSERS = /(?:\p{Join_Control}|[\ufe00-\ufe0f])+/gu;

/** Letters and marks of scripts that a joiner or non-joiner writes differently (Unicode Standard 16, section 23.2). */
const JOINED =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Nko}\p{Script=Mongolian}\p{Script=Mandaic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Myanmar}\p{Script=Khmer}\p{Script=Tibetan}\p{Script=Balinese}\p{Script=Javanese}]/u;

const PICTURE = /\p{Extended_Pictographic}/u;

/** What may stand between an emoji and its joiner: the colour of a skin. */
const SKIN = /\p{Emoji_Modifier}/u;

/** What a variation selector may follow: whatever shows itself (Unicode Standard 16, section 23.4). */
const SHOWN = /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u;

/**
 * Takes out what nobody sees. Joiners stay inside of an emoji and beside the letters of scripts that need them, variation
 * selectors after the character they are for; where they stand alone they hide something and go. Linear in the length.
 */
export function withoutInvisible(text: string): string {
  const shown = text.replace(INVISIBLE, '');
  if (!CHOOSING.test(shown)) return shown;
  return shown.replace(CHOOSERS, (run, at: number) => {
    const before = lastOf(shown.slice(Math.max(0, at - 2), at));
    const after = String.fromCodePoint(shown.codePointAt(at + run.length) ?? 0);
    return kept(run, before, after);
  });
}

function kept(run: string, before: string, after: string): string {
  const [first = ''] = run;
  const selector = first >= '\ufe00' && SHOWN.test(before) ? first : '';
  const joiner = /\p{Join_Control}/u.exec(run)?.[0] ?? '';
  const inEmoji = joiner === '\u200d' && (PICTURE.test(before) || SKIN.test(before)) && PICTURE.test(after);
  const inWord = JOINED.test(before) || (joiner === '\u200d' && JOINED.test(after));
  return selector + (joiner !== '' && (inEmoji || inWord) ? joiner : '');
}

/** The last character of a few code units. */
function lastOf(units: string): string {
  return [...units].at(-1) ?? '';
}
