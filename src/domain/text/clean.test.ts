import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clean, cleanLines } from './clean.ts';

describe('clean', () => {
  it.each([
    ['takes escape sequences out whole', 'a\u001b[31mred\u001b[0m b', 'ared b'],
    ['takes a forged link out', '\u001b]8;;https://evil.example\u0007SOC-1\u001b]8;;\u0007', 'SOC-1'],
    ['takes a lone escape out', 'a\u001bb', 'a b'],
    ['takes C1 controls out', 'a\u009b31mb', 'ab'],
    ['turns line breaks and tabs into one blank', 'a\r\n\t b\u2028c', 'a b c'],
    ['takes bidirectional overrides out', 'exe\u202egnp.\u2066x\u2069', 'exegnp.x'],
    ['takes zero-width blanks and tags out', 'a\u200bb\ufeff\u{e0041}', 'ab'],
    ['keeps the joiners that scripts need', 'می\u200cخواهم', 'می\u200cخواهم'],
    ['keeps letters of every script', '日本語 Grüße 👩‍💻', '日本語 Grüße 👩‍💻'],
    ['marks unpaired surrogates', 'a\ud800b', 'a\ufffdb'],
    ['thins piled marks', `a${'\u0301'.repeat(50)}b`, `a${'\u0301'.repeat(4)}b`],
  ])('%s', (_, text, cleaned) => {
    expect(clean(text)).toBe(cleaned);
  });

  it('leaves nothing of any text that a terminal would obey', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(clean(text)).not.toMatch(/[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u);
        expect(clean(clean(text))).toBe(clean(text));
      }),
    );
  });

  it('keeps the lines of a longer text', () => {
    expect(cleanLines('one\r\ntwo\u001b[1m\n\nthree')).toEqual(['one', 'two', '', 'three']);
  });
});
