import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutInvisible } from './invisible.ts';

describe('withoutInvisible', () => {
  it.each([
    ['a family', '👨\u200d👩\u200d👧'],
    ['a flag that is joined of two', '🏳\ufe0f\u200d🌈'],
    ['a coloured hand with a trade', '👩🏽\u200d💻'],
    ['a heart on fire', '❤\ufe0f\u200d🔥'],
    ['a sign as a picture', '⚠\ufe0f'],
    ['a digit on a key', '1\ufe0f\u20e3'],
    ['a flag of letters', '🇩🇪'],
    ['Persian', 'می\u200cخواهم'],
    ['Persian whose letter stays joined at the end', 'ه\u200d'],
    ['Devanagari without a conjunct', 'क्\u200cष'],
    ['Devanagari with half a letter', 'क्\u200dष'],
    ['Sinhala', 'ශ්\u200dරී'],
    ['Malayalam', 'ന്\u200d'],
  ])('keeps what %s is written with', (_, text) => {
    expect(withoutInvisible(text)).toBe(text);
  });

  it.each([
    ['a turned direction', 'exe\u202egnp.\u2066x\u2069', 'exegnp.x'],
    ['a joiner between Latin letters', 'pay\u200dpal', 'paypal'],
    ['a non-joiner between Latin letters', 'pay\u200cpal', 'paypal'],
    ['a joiner at an end', '\u200da\u200d', 'a'],
    ['a joiner after an emoji that joins nothing', '👩\u200d x', '👩 x'],
    ['a heap of joiners', 'می\u200c\u200c\u200dخ', 'می\u200cخ'],
    ['a lone selector', '\ufe0f a', ' a'],
    ['a heap of selectors, which can hide data', 'a\ufe00\ufe01\ufe02', 'a\ufe00'],
    ['zero-width blanks, fillers and tags', 'a\u200bb\ufeffc\u00add\u2060e\u3164f\u{e0041}', 'abcdef'],
  ])('takes out %s', (_, text, shown) => {
    expect(withoutInvisible(text)).toBe(shown);
  });

  it('is done at once, whatever the text', () => {
    const parts = fc.constantFrom('a', '👩', '🏽', 'م', 'क', '्', '\u200c', '\u200d', '\ufe0f', '\ufe00', '\u202e', ' ');
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 20 }), (list) => {
        const shown = withoutInvisible(list.join(''));
        expect(withoutInvisible(shown)).toBe(shown);
        expect(shown).not.toMatch(/\p{Bidi_Control}|^(?:\u200c|[\ufe00-\ufe0f])|[a ]\p{Join_Control}(?:a|👩)/u);
      }),
      { numRuns: 1000 },
    );
  });
});
