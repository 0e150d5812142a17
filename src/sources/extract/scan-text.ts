const OPEN = String.raw`[\[({]{1,16}`;
const CLOSE = String.raw`[\])}]{1,16}`;

/** `[.]`, `(dot)`, `[at]`, `[@]`, `[:]` and their like, blanks around them included. */
const BRACKETED = new RegExp(String.raw`[ \t]{0,4}${OPEN}[ \t]?(\.|dot|@|at|:)[ \t]?${CLOSE}[ \t]{0,4}`, 'gi');

/** `example[.tld`, `10[[.10`: never across a blank, for brackets and full stops meet in ordinary sentences. */
const OPENED = new RegExp(String.raw`(?<=[0-9a-z])${OPEN}\.(?=[0-9a-z])`, 'gi');

/** `10.)10`: only between digits. */
const CLOSED = new RegExp(String.raw`(?<=[0-9])\.${CLOSE}(?=[0-9])`, 'g');

const BACKSLASHED = /\\{1,16}\./g;

const MEANS: Record<string, string> = { dot: '.', at: '@' };

/** Longest run of combining marks that normalisation gets to see, as in Unicode's Stream-Safe Text Format (UAX #15 §13). */
const MARKS = /(\p{M}{30})\p{M}+/gu;

/**
 * Prepares plain text for the scanners: compatibility forms such as full-width digits become plain (NFKC), and
 * "defanged" dots, colons and at signs become themselves again. Words such as "at" and "dot" without brackets stay
 * English. Not for people to read. Linear in the length of its input.
 */
export function toScanText(plain: string): string {
  let text = plain;
  // ICU sorts a run of combining marks by insertion: without the cut, 200,000 of them would take seconds.
  if (/[^\u0000-\u007f]/.test(text)) text = text.replace(MARKS, '$1').normalize('NFKC');
  if (/[[\](){}\\]/.test(text)) text = refang(text);
  return text;
}

function refang(text: string): string {
  return text
    .replace(BACKSLASHED, '.')
    .replace(BRACKETED, (_, sign: string) => MEANS[sign.toLowerCase()] ?? sign)
    .replace(OPENED, '.')
    .replace(CLOSED, '.');
}
