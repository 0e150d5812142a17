import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clip, pad, widthOf, wrap } from './width.ts';

describe('widthOf', () => {
  it.each([
    ['plain', 5],
    ['Grüße', 5],
    ['Gru\u0308ße', 5],
    ['日本語', 6],
    ['한국어', 6],
    ['ﬀ１', 3],
    ['👩‍💻', 2],
    ['🇩🇪', 2],
    ['⚠️', 2],
    ['', 0],
  ])('measures %s as %i columns', (text, width) => {
    expect(widthOf(text)).toBe(width);
  });
});

describe('clip and pad', () => {
  it('cuts with an ellipsis, never through a wide letter', () => {
    expect(clip('Impossible travel', 10)).toBe('Impossibl…');
    expect(clip('日本語日本語', 6)).toBe('日本…');
    expect(clip('short', 10)).toBe('short');
  });

  it('bring any text to the width asked for', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.integer({ min: 1, max: 40 }), (text, columns) => {
        expect(widthOf(clip(text, columns))).toBeLessThanOrEqual(columns);
        expect(widthOf(pad(text, columns))).toBe(columns);
      }),
    );
  });
});

describe('wrap', () => {
  it('breaks at blanks, and long words where it must', () => {
    expect(wrap('one two three', 8)).toEqual(['one two', 'three']);
    expect(wrap('a'.repeat(10), 4)).toEqual(['aaaa', 'aaaa', 'aa']);
    expect(wrap('', 10)).toEqual(['']);
  });

  it('never breaks a link', () => {
    const link = 'https://acme.example/browse/SOC-1234567890';
    expect(wrap(`see ${link} now`, 10)).toEqual(['see', link, 'now']);
  });

  it('loses no word', () => {
    const words = fc.array(fc.string({ minLength: 1, maxLength: 30 }).filter((word) => !/\s/.test(word)));
    fc.assert(
      fc.property(words, (list) => {
        expect(wrap(list.join(' '), 12).join('').replaceAll(' ', '')).toBe(list.join(''));
      }),
    );
  });
});
