import { describe, expect, it } from 'vitest';
import { Batcher } from './batcher.ts';

describe('the batcher', () => {
  it('hands over together what arrives together, and answers each for itself', async () => {
    const sizes: number[] = [];
    const batcher = new Batcher<number, number>(async (batch) => {
      sizes.push(batch.length);
      return batch.map((n) => n * 2);
    });
    expect(await Promise.all([1, 2, 3].map((n) => batcher.add(n)))).toEqual([2, 4, 6]);
    expect(sizes).toEqual([3]);
  });

  it('gathers what arrives while a batch is under way', async () => {
    const sizes: number[] = [];
    const batcher = new Batcher<number, number>(async (batch) => {
      sizes.push(batch.length);
      if (sizes.length === 1) for (const n of [10, 11]) void batcher.add(n);
      return batch;
    });
    await batcher.add(1);
    await batcher.add(2);
    expect(sizes).toEqual([1, 3]);
  });

  it('fails only the entry that cannot be stored, not those beside it', async () => {
    const batcher = new Batcher<number, number>(async (batch) => {
      if (batch.includes(13)) throw new Error('no luck');
      return batch;
    });
    const together = [1, 13, 2].map((n) => batcher.add(n));
    await expect(together[1]).rejects.toThrow('no luck');
    expect(await Promise.all([together[0], together[2]])).toEqual([1, 2]);
    await expect(batcher.add(13)).rejects.toThrow('no luck');
    expect(await batcher.add(1)).toBe(1);
  });
});
