import { stripVTControlCharacters } from 'node:util';

/** Controls, line and paragraph separators, and everything else that would break a line. */
const BREAKING = /[\p{Cc}\p{Zl}\p{Zp}\s]+/gu;

/** Invisible format characters, bidirectional overrides among them; the two joiners that scripts need are kept. */
const INVISIBLE = /(?![\u200c\u200d])\p{Cf}/gu;

/** More marks on one letter than any script needs: they would run into the lines above and below. */
const PILED_MARKS = /(\p{M}{4})\p{M}+/gu;

/**
 * Makes foreign text safe for one line of a terminal or a log: no escape sequence, control or bidirectional
 * character survives, every run of white space is one blank, and unpaired surrogates are U+FFFD.
 */
export function clean(text: string): string {
  return stripVTControlCharacters(text.toWellFormed())
    .replace(INVISIBLE, '')
    .replace(BREAKING, ' ')
    .replace(PILED_MARKS, '$1')
    .trim();
}

/** Cleans each line of a longer text and keeps its line breaks. */
export function cleanLines(text: string): string[] {
  return text.split(/\r\n|[\n\r\u2028\u2029]/u).map(clean);
}
