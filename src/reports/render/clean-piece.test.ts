import { describe, expect, it } from 'vitest';
import { cleanPiece } from './clean-piece.ts';

describe('a piece of running text', () => {
  it.each([
    ['The source was read', 'The source was read'],
    [': severity high, ', ': severity high, '],
    [' and  this\n', ' and this '],
    [' ', ' '],
    ['', ''],
    ['\u202eabc\u0000 ', 'abc '],
  ])('%j becomes %j', (text, said) => {
    expect(cleanPiece(text)).toBe(said);
  });
});
