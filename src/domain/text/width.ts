/** Wide and full-width blocks (Unicode Standard Annex 11, East Asian Width W and F, Unicode 16), rounded to blocks. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]/u;

/** Marks, format characters and the vowels and finals of conjoining Hangul take no column of their own. */
const ZERO = /[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]/u;

const PICTURE = /\p{Emoji_Presentation}|\p{Emoji}\ufe0f|\p{Regional_Indicator}{2}/u;
const PLAIN = /^[\x20-\x7e]*$/;

const letters = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** How many columns of a terminal a cleaned line takes, as most terminals count. */
export function widthOf(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const { segment } of letters.segment(text)) width += widthOfLetter(segment);
  return width;
}

function widthOfLetter(letter: string): number {
  if (PICTURE.test(letter)) return 2;
  let width = 0;
  for (const point of letter) width += ZERO.test(point) ? 0 : WIDE.test(point) ? 2 : 1;
  return width;
}

/** Cuts a cleaned line to at most `columns`; a cut ends in `…`. */
export function clip(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  if (columns < 1) return '';
  let kept = '';
  let width = 0;
  for (const { segment } of letters.segment(text)) {
    width += widthOfLetter(segment);
    if (width > columns - 1) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}

/** Fills up to `columns` with blanks on the right, or cuts. */
export function pad(text: string, columns: number): string {
  const clipped = clip(text, columns);
  return clipped + ' '.repeat(Math.max(0, columns - widthOf(clipped)));
}

/**
 * Breaks a cleaned text into lines of at most `columns` at its blanks. A longer word is broken where it must be; a
 * link never is, so that it can be copied.
 */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((word) => breakWord(word, columns))) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > columns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line];
}

function breakWord(word: string, columns: number): string[] {
  if (/^\(?https?:\/\//.test(word) || widthOf(word) <= columns) return [word];
  const pieces: string[] = [];
  let piece = '';
  for (const { segment } of letters.segment(word)) {
    if (piece !== '' && widthOf(piece + segment) > columns) {
      pieces.push(piece);
      piece = '';
    }
    piece += segment;
  }
  return [...pieces, piece];
}

/** Wraps a cleaned text into the columns right of `indent`. */
export function wrapIndented(text: string, indent: number, columns: number): string[] {
  return wrap(text, columns - indent).map((line) => ' '.repeat(indent) + line);
}

/** The same for a mend: an arrow before its first line, the others below its text. */
export function wrapMend(text: string, indent: number, columns: number): string[] {
  return wrap(text, columns - indent - 2).map((line, i) => ' '.repeat(indent) + (i === 0 ? '→ ' : '  ') + line);
}
