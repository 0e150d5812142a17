import { allEnded } from './all-ended.ts';

/**
 * Does the work for each item, for at most so many at once; answers in the order of the items.
 * @throws what the first of them threw, once none is under way any more.
 */
export async function inParallel<T, R>(items: readonly T[], most: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const workers = Array.from({ length: Math.min(most, items.length) }, async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  });
  await allEnded(workers);
  return results;
}
