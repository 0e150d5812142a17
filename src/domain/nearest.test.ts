import { describe, expect, it } from 'vitest';
import { nearest } from './nearest.ts';

describe('nearest', () => {
  it.each([
    ['evry', 'every'],
    ['ulr', 'url'],
    ['nmae', 'name'],
    ['LOOKBACK', 'lookback'],
    ['lookbak', 'lookback'],
  ])('takes %s for %s', (word, meant) => {
    expect(nearest(word, ['url', 'name', 'every', 'lookback'])).toBe(meant);
  });

  it('guesses nothing when no word is near', () => {
    expect(nearest('colour', ['url', 'name', 'every'])).toBeUndefined();
    expect(nearest('', ['url', 'a'])).toBeUndefined();
    expect(nearest('T', ['_', 'x'])).toBeUndefined();
  });

  it('prefers the nearer of two', () => {
    expect(nearest('labls', ['tables', 'labels'])).toBe('labels');
  });
});
