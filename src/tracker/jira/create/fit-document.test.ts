import { describe, expect, it } from 'vitest';
import { largestThat } from './fit-document.ts';

describe('the largest count that fits', () => {
  it.each([
    [-1, 100, -1],
    [0, 100, 0],
    [1, 100, 1],
    [37, 100, 37],
    [99, 100, 99],
    [100, 100, 100],
    [1000, 100, 100],
    [5, 0, 0],
  ])('is found where up to %i fit and %i are there', (fitting, most, largest) => {
    expect(largestThat((count) => count <= fitting, most)).toBe(largest);
  });

  it('is looked for near itself: counts far above are never tried', () => {
    const tried: number[] = [];
    largestThat((count) => {
      tried.push(count);
      return count <= 1000;
    }, 10_000_000);
    expect(Math.max(...tried)).toBeLessThanOrEqual(2048);
    expect(tried.length).toBeLessThan(30);
  });
});
