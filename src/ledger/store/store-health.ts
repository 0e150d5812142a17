import { StoreFailure } from '../../domain/failure.ts';

/** Whether the store did what it was last asked, as its driver sees it. */
export class StoreHealth {
  #failure: { error: StoreFailure; writing: boolean } | undefined;

  /** Why the last access failed; a failed write is over with the next write that succeeds, not with a read. */
  get trouble(): StoreFailure | undefined {
    return this.#failure?.error;
  }

  worked(writing: boolean): void {
    if (writing || this.#failure?.writing === false) this.#failure = undefined;
  }

  /** An error that does not speak of the store itself changes nothing. */
  failed(error: unknown, writing: boolean): void {
    if (error instanceof StoreFailure) this.#failure = { error, writing: writing || this.#failure?.writing === true };
  }
}
