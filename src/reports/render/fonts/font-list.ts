import { PRINT_FAMILY } from '../../palette.ts';

/** A font that the PDF of a report is set in, and the text that it is loaded for. */
export interface ReportFont {
  /** Its family in the typesetter: a name that no font of a machine has, so that none of those is ever taken. */
  family: string;
  style: 'Regular' | 'Bold';
  /** The npm package it comes from, and its file there. */
  from: string;
  file: string;
  /** It is loaded where a text holds one of these; always where absent. */
  needed?: RegExp;
}

/**
 * In the order in which they are asked for a character. Chinese comes last, since it has signs of all kinds too, and is
 * loaded for those as well; Han is in its Chinese forms also in Japanese text.
 */
export const FONTS: readonly ReportFont[] = [
  libertinus('Regular', '400Regular'),
  libertinus('Bold', '700Bold'),
  {
    family: 'Casewire Emoji',
    style: 'Regular',
    from: '@expo-google-fonts/noto-emoji',
    file: '400Regular/NotoEmoji_400Regular.ttf',
    needed: /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u,
  },
  noto('Arabic', /\p{Script=Arabic}/u),
  noto('Devanagari', /\p{Script=Devanagari}/u),
  noto('Bengali', /\p{Script=Bengali}/u),
  noto('Gurmukhi', /\p{Script=Gurmukhi}/u),
  noto('Gujarati', /\p{Script=Gujarati}/u),
  noto('Tamil', /\p{Script=Tamil}/u),
  noto('Telugu', /\p{Script=Telugu}/u),
  noto('Kannada', /\p{Script=Kannada}/u),
  noto('Malayalam', /\p{Script=Malayalam}/u),
  noto('Sinhala', /\p{Script=Sinhala}/u),
  noto('Thai', /\p{Script=Thai}/u),
  noto('Lao', /\p{Script=Lao}/u),
  noto('Myanmar', /\p{Script=Myanmar}/u),
  noto('Khmer', /\p{Script=Khmer}/u),
  noto('Georgian', /\p{Script=Georgian}/u),
  noto('Armenian', /\p{Script=Armenian}/u),
  noto('Ethiopic', /\p{Script=Ethiopic}/u),
  noto('KR', /\p{Script=Hangul}/u),
  noto('SC', /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\u3000-\u303f\uff00-\uffef]/u),
];

function libertinus(style: 'Regular' | 'Bold', weight: string): ReportFont {
  const file = `${weight}/LibertinusSerif_${weight}.ttf`;
  return { family: PRINT_FAMILY, style, from: '@expo-google-fonts/libertinus-serif', file };
}

function noto(name: string, needed: RegExp): ReportFont {
  return {
    family: `Casewire ${name}`,
    style: 'Regular',
    from: `@expo-google-fonts/noto-sans-${name.toLowerCase()}`,
    file: `400Regular/NotoSans${name}_400Regular.ttf`,
    needed,
  };
}

/** The file's name in the folder `fonts` beside the bundle. */
export function packedName({ file }: ReportFont): string {
  return file.slice(file.lastIndexOf('/') + 1);
}
