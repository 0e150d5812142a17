import { describe, expect, it } from 'vitest';
import { hashText } from './hash-text.ts';

describe('the hash of a text', () => {
  it('is the same for ever', () => {
    expect([hashText('a'), hashText('["One a day","SOC"]')]).toEqual([
      'ea736ab89336420199366860cecfcd51',
      '27ac30052d79bbf6af41af6fdc11f8dd',
    ]);
  });

  it('tells many texts apart that differ by little, in each of its words', () => {
    const hashes = Array.from({ length: 50_000 }, (_, i) => hashText(`["rule","SOC",["user",["u${i}@contoso.com"]]]`));
    expect(new Set(hashes).size).toBe(50_000);
    for (const from of [0, 8, 16, 24])
      expect(new Set(hashes.map((hash) => hash.slice(from, from + 8))).size).toBeGreaterThan(49_990);
  });
});
