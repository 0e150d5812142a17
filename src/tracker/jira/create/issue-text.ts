import { withoutInvisible } from '../../../domain/text/invisible.ts';

/** Jira refuses summaries beyond 255 characters (UTF-16 units); whether 255 itself passes is not documented. */
const MOST_SUMMARY = 254;

/** Longest label and single-line text that Jira takes. */
export const MOST_LINE = 255;

const letters = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** More UTF-16 units than a letter or emoji takes; a longer heap of marks is cut where it must be. */
const LONGEST_LETTER = 64;

/** Text of which nothing has to be cleaned; most is such. */
const CLEAN = /^[\t\n\u0020-\u007e]*$/;

/** Control characters but tab and line feed, C1 as well, and the two code units that are no characters. */
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g;

/**
 * Text as people may see it: unpaired surrogates become U+FFFD, control characters a space, invisible and
 * direction-turning ones go; carriage returns and Unicode line ends become line feeds.
 */
export function cleanText(text: string): string {
  if (CLEAN.test(text)) return text;
  return withoutInvisible(
    text
      .toWellFormed()
      .replace(/\r\n?|\u2028|\u2029|\u0085/g, '\n')
      .replace(CONTROL, ' '),
  );
}

/** Cleaned text on one line, cut to `most` UTF-16 units with an ellipsis, never inside a letter or emoji as people see it. */
export function oneLine(text: string, most: number): string {
  return cut(cleanText(text).replace(/\s+/g, ' ').trim(), most);
}

/** Cuts to `most` UTF-16 units, the last of which is an ellipsis when something was cut. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  if (most <= 0) return '';
  return `${head(text, most - 1).trimEnd()}…`;
}

/** As much of the first `most` UTF-16 units as cuts no letter or emoji (a grapheme cluster of UAX #29) in two. */
export function head(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = letters.segment(text.slice(0, most + LONGEST_LETTER)).containing(most)?.index ?? most;
  return text.slice(0, end >= most - LONGEST_LETTER ? end : pairless(text, most));
}

/** Where to cut a letter that is too long to be one: at least not inside a surrogate pair. */
function pairless(text: string, most: number): number {
  const last = text.charCodeAt(most - 1);
  return last >= 0xd800 && last <= 0xdbff ? most - 1 : most;
}

/** An http(s) URL as a browser would ask for it, printable ASCII only; `undefined` for anything else. */
export function toWebUrl(text: string): string | undefined {
  const url = URL.parse(text);
  return url && (url.protocol === 'http:' || url.protocol === 'https:') ? url.href : undefined;
}

/** A summary that Jira takes: one line, at most 254 characters, never empty. */
export function toSummary(title: string): string {
  return oneLine(title, MOST_SUMMARY) || '(alert without a title)';
}

/** A label that Jira takes: no white space, at most 255 characters; `undefined` when nothing is left. */
export function toLabel(text: string): string | undefined {
  const label = head(cleanText(text).trim().replace(/\s+/g, '_'), MOST_LINE);
  return label === '' ? undefined : label;
}
