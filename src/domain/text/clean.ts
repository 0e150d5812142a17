import { withoutInvisible } from './invisible.ts';

/**
 * Escape sequences (ECMA-48 §5.4 CSI, §8.3.89 OSC and its like), each scanned once: what stands between never crosses
 * the next escape, so hostile text costs no more than its length.
 */
const ESCAPES =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)/g;

/** Controls, line and paragraph separators, and everything else that would break a line. */
const BREAKING = /[\p{Cc}\p{Zl}\p{Zp}\s]+/gu;

/** More marks on one letter than any script needs: they would run into the lines above and below. */
const PILED_MARKS = /(\p{M}{4})\p{M}+/gu;

const HARMLESS = /^[\x21-\x7e]*$|^[\x21-\x7e][\x20-\x7e]*[\x21-\x7e]$/;

/**
 * Makes foreign text safe for one line of a terminal or a log: no escape sequence, control or bidirectional
 * character survives, every run of white space is one blank, and unpaired surrogates are U+FFFD.
 */
export function clean(text: string): string {
  if (HARMLESS.test(text) && !text.includes('  ')) return text;
  const line = text.toWellFormed().replace(ESCAPES, '').replace(BREAKING, ' ');
  return withoutInvisible(line).replace(PILED_MARKS, '$1').replace(/ {2,}/g, ' ').trim();
}

/** Cleans each line of a longer text and keeps its line breaks. */
export function cleanLines(text: string): string[] {
  return text.split(/\r\n|[\n\r\u2028\u2029]/u).map(clean);
}
