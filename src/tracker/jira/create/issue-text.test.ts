import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostileText } from '../../../../test/hostile-documents.ts';
import { cleanText, cut, oneLine, toLabel, toSummary, toWebUrl } from './issue-text.ts';

/** What no person sees: controls, unpaired surrogates, other line ends, and what only steers other characters. */
const UNSEEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\u200b\ufeff\uffff\u{e0041}]/u;

describe('cleaned text', () => {
  it.each([
    ['plain text', 'a\tb\nc', 'a\tb\nc'],
    [
      'letters and emoji',
      'Zo\u00eb \u0645\u0631\u062d\u0628\u0627 😀 ❤\ufe0f',
      'Zo\u00eb \u0645\u0631\u062d\u0628\u0627 😀 ❤\ufe0f',
    ],
    ['unpaired surrogates', 'a\ud83db\ude00c', 'a\ufffdb\ufffdc'],
    ['control characters', 'a\u0000b\u001b[31mc\u007fd\u009fe\uffff', 'a b [31mc d e '],
    ['line ends of all kinds', 'a\r\nb\rc\u2028d\u2029e\u0085f', 'a\nb\nc\nd\ne\nf'],
    ['a turned direction', 'a\u202etxt.exe\u202c\u2066b\u2069', 'atxt.exeb'],
    ['zero-width characters', 'a\u200bb\ufeffc\u00add\u2060e\u3164f', 'abcdef'],
    ['letters hidden as tags', 'a\u{e0041}\u{e0042}b', 'ab'],
  ])('holds of %s what people can see', (_, text, clean) => {
    expect(cleanText(text)).toBe(clean);
  });

  it('holds nothing unseen whatever it was, and is clean once and for all', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const clean = cleanText(text);
        expect(clean.replace(/[\n\t]/g, '')).not.toMatch(UNSEEN);
        expect(cleanText(clean)).toBe(clean);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a cut', () => {
  it.each([
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
    ['ab cd', 4, 'ab…'],
    ['a😀b', 3, 'a…'],
    ['abc', 1, '…'],
    ['abc', 0, ''],
  ])('of %j to %i is %j', (text, most, shorter) => {
    expect(cut(text, most)).toBe(shorter);
  });
});

describe('one line', () => {
  it('joins lines, trims, and keeps to its length', () => {
    expect(oneLine(' a\n\n b\u00a0 c\u200b ', 10)).toBe('a b c');
    expect(oneLine('abcdef', 4)).toBe('abc…');
  });
});

describe('a summary', () => {
  it.each([
    ['a title of 400 characters', 'a'.repeat(400), `${'a'.repeat(253)}…`],
    ['a title of 254 characters', 'a'.repeat(254), 'a'.repeat(254)],
    ['a title of 200 emoji, counted as Jira counts', '😀'.repeat(200), `${'😀'.repeat(126)}…`],
    ['two lines', 'a\r\nb', 'a b'],
    [
      'joined emoji, one of which would be cut in two',
      '👨\u200d👩\u200d👧'.repeat(40),
      `${'👨\u200d👩\u200d👧'.repeat(31)}…`,
    ],
    ['letters that a mark belongs to', 'e\u0301'.repeat(200), `${'e\u0301'.repeat(126)}…`],
    ['Persian and joined emoji', 'می\u200cخواهم 🏳\ufe0f\u200d🌈', 'می\u200cخواهم 🏳\ufe0f\u200d🌈'],
    ['a heap of marks', `a${'\u0301'.repeat(400)}`, `a${'\u0301'.repeat(252)}…`],
    ['a joiner between Latin letters', 'pay\u200dpal', 'paypal'],
    ['nothing', '', '(alert without a title)'],
    ['nothing to be seen', '\u200b\u202e \u0000', '(alert without a title)'],
  ])('is made of %s', (_, title, summary) => {
    expect(toSummary(title)).toBe(summary);
  });

  it('is one line that Jira takes, whatever the title', () => {
    const long = fc.array(hostileText, { maxLength: 40 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(long, (title) => {
        const summary = toSummary(title);
        expect(summary).toMatch(/^\S([^\n]*\S)?$/);
        expect(summary.length).toBeLessThanOrEqual(254);
        expect(summary.isWellFormed()).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a label', () => {
  it.each([
    ['two words', 'a  b\n', 'a_b'],
    ['too much', 'a'.repeat(300), 'a'.repeat(255)],
    ['nothing to be seen', ' \u200b', undefined],
  ])('is made of %s', (_, text, label) => {
    expect(toLabel(text)).toBe(label);
  });
});

describe('a web URL', () => {
  it.each([
    ['https://x.example', 'https://x.example/'],
    ['HTTP://X.example/a b', 'http://x.example/a%20b'],
    ['https://x.example/\ud800\n', 'https://x.example/%EF%BF%BD'],
    ['javascript:alert(1)', undefined],
    ['ftp://x.example', undefined],
    ['x.example', undefined],
    ['https://', undefined],
  ])('of %j is %j', (text, url) => {
    expect(toWebUrl(text)).toBe(url);
  });
});
