import type { EpochMs } from '../../domain/time.ts';
import type { HttpAnswer } from '../../http/http-client.ts';
import { toOneLine, toPlainText } from '../extract/plain-text.ts';

/** How much of an answer is looked at and shown when it is not what was asked for. */
export const WORDS = 300;

/** The first words of an answer, without tags. */
export function wordsOf(text: string): string {
  return toOneLine(toPlainText(text.slice(0, 10 * WORDS))).slice(0, WORDS);
}

/** What came in place of a list of alerts, as the end of a sentence. */
export function sayWhatCame({ text, headers }: HttpAnswer): string {
  const type = headers['content-type'] ?? 'no content type';
  const begin = text.trimStart().slice(0, WORDS);
  if (begin === '') return 'an empty body';
  if (/html/i.test(type) || begin.startsWith('<')) return `a page (HTML) instead of alerts: ${wordsOf(text)}`;
  const kind = /^[[{]/.test(begin) ? 'JSON that is cut short or holds no list of alerts' : 'text that is no JSON';
  return `${kind} (${type}, ${text.length} characters): ${wordsOf(text)}`;
}

/** When the service sent an answer, by its own clock and to the second; `undefined` when it does not say. */
export function sentAtOf({ headers }: HttpAnswer): EpochMs | undefined {
  const sentAt = Date.parse(headers.date ?? '');
  return Number.isNaN(sentAt) ? undefined : sentAt;
}
