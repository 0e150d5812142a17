import { withoutInvisible } from '../../domain/text/invisible.ts';
import { htmlToText } from './html-text.ts';

/** A placeholder that Defender leaves unresolved in some descriptions. */
const SITE_ICON = /__siteIcon__ ?/g;

/**
 * The text of an alert as people read it: without tags, invisible characters and Defender's unresolved placeholders,
 * its line breaks kept. Linear in the length of its input.
 */
export function toPlainText(htmlOrText: string): string {
  return visible(htmlToText(htmlOrText).replace(SITE_ICON, '')).trim();
}

/** Text that is no HTML, such as a title or a name, on one line and without what nobody sees. */
export function toOneLine(text: string): string {
  return visible(text)
    .replace(/[\s\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .trim();
}

function visible(text: string): string {
  return withoutInvisible(text.toWellFormed());
}
