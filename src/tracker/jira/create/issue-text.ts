/** Jira refuses summaries beyond 255 characters (UTF-16 units); whether 255 itself passes is not documented. */
const MOST_SUMMARY = 254;

/** Longest label and single-line text that Jira takes. */
export const MOST_LINE = 255;

/** Text of which nothing has to be cleaned; most is such. */
const CLEAN = /^[\t\n\u0020-\u007e]*$/;

/** Control characters but tab and line feed, C1 as well, and the two code units that are no characters. */
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g;

/**
 * Characters that show nothing or turn the direction of reading (UAX #44, Default_Ignorable_Code_Point), and the marks
 * of interlinear notes. Variation selectors stay: they choose how the letter or emoji before them looks.
 */
const INVISIBLE = /[[\p{Default_Ignorable_Code_Point}--[\ufe00-\ufe0f]]\ufff9-\ufffb]+/gv;

/**
 * Text as people may see it: unpaired surrogates become U+FFFD, control characters a space, invisible and
 * direction-turning ones go; carriage returns and Unicode line ends become line feeds.
 */
export function cleanText(text: string): string {
  if (CLEAN.test(text)) return text;
  return text
    .toWellFormed()
    .replace(/\r\n?|\u2028|\u2029|\u0085/g, '\n')
    .replace(CONTROL, ' ')
    .replace(INVISIBLE, '');
}

/** Cleaned text on one line, cut to `most` UTF-16 units with an ellipsis, never inside a surrogate pair. */
export function oneLine(text: string, most: number): string {
  return cut(cleanText(text).replace(/\s+/g, ' ').trim(), most);
}

/** Cuts to `most` UTF-16 units, the last of which is an ellipsis when something was cut. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  if (most <= 0) return '';
  return `${head(text, most - 1).trimEnd()}…`;
}

/** The first `most` UTF-16 units, one less where that would split a surrogate pair. */
export function head(text: string, most: number): string {
  const last = text.charCodeAt(most - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? most - 1 : most);
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
