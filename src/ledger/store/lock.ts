/** Lets in one at a time, in the order in which they ask. */
export class Lock {
  #last: Promise<void> = Promise.resolve();

  /** Resolves when all who asked before have left; the answer is the way to leave. */
  async enter(): Promise<() => void> {
    const before = this.#last;
    const left = Promise.withResolvers<void>();
    this.#last = left.promise;
    await before;
    return left.resolve;
  }
}
