import type { Dispatcher } from 'undici';

/** A whole answer as it came off the wire. */
export interface RawAnswer {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
}

/** The answer's body is larger than the exchange may read. */
export class TooLarge extends Error {}

/**
 * One request handed to a pool, and the whole of its answer in memory. It is undici's lower interface ("Dispatcher",
 * `DispatchHandler`): no stream is made for a body that is read to its end anyway, and it tells the one thing that
 * the upper interface keeps to itself, whether the request has been given to a connection.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  /** @throws whatever undici says, `TooLarge`, or the reason given to `giveUp`. */
  readonly answer: Promise<RawAnswer>;
  readonly #mostBytes: number;
  #settle: { resolve: (answer: RawAnswer) => void; reject: (error: unknown) => void };
  #controller: Dispatcher.DispatchController | undefined;
  #givenUp: Error | undefined;
  #head: Omit<RawAnswer, 'body'> | undefined;
  #chunks: Buffer[] = [];
  #size = 0;

  constructor(pool: Dispatcher, options: Dispatcher.DispatchOptions, mostBytes: number) {
    this.#mostBytes = mostBytes;
    const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>();
    this.answer = promise;
    this.#settle = { resolve, reject };
    pool.dispatch(options, this);
  }

  /** False as long as not a byte of the request can have left. */
  get mayHaveLeft(): boolean {
    return this.#controller !== undefined;
  }

  /** Ends the exchange: one that still waits for a connection is never sent. */
  giveUp(reason: Error): void {
    this.#givenUp ??= reason;
    this.#controller?.abort(reason);
    this.#settle.reject(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#givenUp) controller.abort(this.#givenUp);
    else this.#controller = controller;
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: RawAnswer['headers']): void {
    if (status >= 200) this.#head = { status, headers };
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#size > this.#mostBytes) this.giveUp(new TooLarge());
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const [only] = this.#chunks;
    const body = only && this.#chunks.length === 1 ? only : Buffer.concat(this.#chunks);
    if (this.#head) this.#settle.resolve({ ...this.#head, body });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#settle.reject(error);
  }
}
