/** Controls and separators that break lines or end documents; all white space is one blank. */
const BREAKING = /[\p{Cc}\p{Zl}\p{Zp}\s]+/gu;

/** Invisible format characters, bidirectional overrides among them; the two joiners that scripts need are kept. */
const INVISIBLE = /(?![\u200c\u200d])\p{Cf}|[\ufff9-\uffff]|\p{Noncharacter_Code_Point}/gu;

/** More marks on one letter than any script needs: they would run into the lines above and below. */
const PILED_MARKS = /(\p{M}{4})\p{M}+/gu;

/**
 * Foreign text as one line of a page: what it shows is what it holds, so nothing invisible, no text that runs
 * backwards against the eye, and no character that XML 1.0 (§2.2) forbids. It escapes nothing.
 */
export function printable(text: string): string {
  return text
    .toWellFormed()
    .replace(INVISIBLE, (found) => (found === '\ufffd' ? found : ''))
    .replace(BREAKING, ' ')
    .replace(PILED_MARKS, '$1')
    .trim();
}
