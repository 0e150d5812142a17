import { StoreFailure } from '../../domain/failure.ts';

interface Waiting<Entry, Answer> {
  entry: Entry;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

/**
 * Gathers entries that arrive in one turn of the event loop and hands them over together, so that they share one
 * commit; while a commit runs, the next entries gather. Each entry gets its own answer: a batch that fails
 * is repeated entry by entry, so that one that cannot be stored takes no other with it.
 */
export class Batcher<Entry, Answer> {
  readonly #flush: (entries: readonly Entry[]) => Promise<readonly Answer[]>;
  #waiting: Waiting<Entry, Answer>[] = [];
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
        // A store that is away fails for each of them alike.
        if (batch.length === 1 || error instanceof StoreFailure) for (const { reject } of batch) reject(error);
        else await this.#oneByOne(batch);
      }
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    this.#running = false;
  }

  async #oneByOne(batch: readonly Waiting<Entry, Answer>[]): Promise<void> {
    for (const { entry, resolve, reject } of batch) {
      try {
        const [answer] = await this.#flush([entry]);
        resolve(answer as Answer);
      } catch (error) {
        reject(error);
      }
    }
  }
}
