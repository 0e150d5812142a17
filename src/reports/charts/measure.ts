import { clean } from '../../domain/text/clean.ts';

const NARROW = /[\s.,:;'’|!()[\]iIjlftr·]/;
const WIDE = /[mwMW@%—…]/;

/** Scripts and signs that take a full square. */
const SQUARE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

/** How wide a line is about, in the chart's own units: as in the widest of the usual faces, for a page's font varies. */
export function widthOf(text: string, size: number): number {
  return size * emsOf(clean(text));
}

function emsOf(line: string): number {
  let ems = 0;
  for (const letter of line) ems += widthOfLetter(letter);
  return ems;
}

function widthOfLetter(letter: string): number {
  if (/\p{M}|[\u200c\u200d]/u.test(letter)) return 0;
  if (NARROW.test(letter)) return 0.38;
  if (WIDE.test(letter)) return 0.92;
  if (SQUARE.test(letter) || (letter.codePointAt(0) ?? 0) > 0xffff) return 1.25;
  return /[A-Z]/.test(letter) ? 0.74 : /[\u0000-\u024f]/.test(letter) ? 0.62 : 0.85;
}

/** The text, or as much of it as fits with an ellipsis at its end; nothing where not even one letter fits. */
export function cutTo(text: string, size: number, width: number): string {
  const line = clean(text);
  if (widthOf(line, size) <= width) return line;
  let kept = '';
  let room = width - widthOf('…', size);
  for (const { segment } of new Intl.Segmenter('en').segment(line)) {
    room -= size * emsOf(segment);
    if (room < 0) break;
    kept += segment;
  }
  return kept.trim() === '' ? '' : `${kept.trimEnd()}…`;
}

/** The text in at most two lines, broken between words and cut where even that is too much. */
export function inTwoLines(text: string, size: number, width: number): string[] {
  const words = clean(text).split(' ');
  let first = words.shift() ?? '';
  while (words.length > 0 && widthOf(`${first} ${words[0]}`, size) <= width) first += ` ${words.shift()}`;
  return [first, words.join(' ')].filter((line) => line !== '').map((line) => cutTo(line, size, width));
}

/** A count for people: `950`, `12,345`, `3.4 M`, `7.1 bn`. */
export function sayCount(value: number): string {
  if (!Number.isFinite(value)) return '–';
  for (const [unit, word] of [
    [1e9, 'bn'],
    [1e6, 'M'],
  ] as const)
    if (Math.abs(value) >= unit) return `${(Math.round((value / unit) * 10) / 10).toLocaleString('en-US')} ${word}`;
  return (Math.round(value * 10) / 10).toLocaleString('en-US');
}
