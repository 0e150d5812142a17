/**
 * As `Promise.all`, but waits for all of them also when one fails: what is under way needs the ledger, which closes after
 * its caller.
 */
export async function allEnded<T extends readonly unknown[]>(
  all: readonly [...{ [K in keyof T]: Promise<T[K]> }],
): Promise<T> {
  const endings = await Promise.allSettled(all);
  const failed = endings.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
  return endings.map((ending) => (ending as PromiseFulfilledResult<unknown>).value) as unknown as T;
}
