/**
 * Gathers entries that arrive in one turn of the event loop and hands them over together, so that they share one
 * commit; while a commit runs, the next entries gather. Each entry gets its own answer.
 */
export class Batcher<Entry, Answer> {
  readonly #flush: (entries: readonly Entry[]) => Promise<readonly Answer[]>;
  #waiting: { entry: Entry; resolve: (answer: Answer) => void; reject: (error: unknown) => void }[] = [];
  #running = false;

  constructor(flush: (entries: readonly Entry[]) => Promise<readonly Answer[]>) {
    this.#flush = flush;
  }

  add(entry: Entry): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entry, resolve, reject });
      if (!this.#running) {
        this.#running = true;
        setImmediate(() => void this.#run());
      }
    });
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        const answers = await this.#flush(batch.map(({ entry }) => entry));
        for (const [i, { resolve }] of batch.entries()) resolve(answers[i] as Answer);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    this.#running = false;
  }
}
