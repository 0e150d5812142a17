import type { WriteStream } from 'node:tty';
import { coloured, type Paper, uncoloured } from './text/paper.ts';

type Stream = NodeJS.WriteStream | WriteStream;

const NARROWEST = 20;
const WIDEST = 120;

/** One of the process's two outputs. What becomes of it ends the output, never the work. */
export class Screen {
  readonly #stream: Stream;
  readonly #env: NodeJS.ProcessEnv;
  #gone = false;
  /** Why not all could be written: a full disk, say. A reader that went away (`| head`) is no failure. */
  failure: string | undefined;

  constructor(stream: Stream, env: NodeJS.ProcessEnv) {
    this.#stream = stream;
    this.#env = env;
    stream.on('error', (error: NodeJS.ErrnoException) => {
      this.#gone = true;
      if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') this.failure = error.message;
    });
  }

  write(text: string): void {
    if (!this.#gone) this.#stream.write(text);
  }

  /** Writes what is no text. */
  writeBytes(bytes: Uint8Array): void {
    if (!this.#gone) this.#stream.write(bytes);
  }

  writeLines(lines: readonly string[]): void {
    if (lines.length > 0) this.write(`${lines.join('\n')}\n`);
  }

  /** A person's terminal that knows the usual escape sequences. */
  get isTerminal(): boolean {
    return this.#stream.isTTY === true && this.#env.TERM !== 'dumb';
  }

  get rows(): number {
    return (this.isTerminal && this.#stream.rows) || 24;
  }

  get columns(): number {
    return Math.max(NARROWEST, Math.min(WIDEST, this.#stream.columns || 80));
  }

  paper(): Paper {
    const terminal = this.isTerminal;
    const colours = terminal && !this.#env.NO_COLOR;
    return {
      columns: terminal ? this.columns : Number.POSITIVE_INFINITY,
      terminal,
      style: colours ? coloured : uncoloured,
    };
  }

  /** Resolves when all that was written has left the process, or can no longer leave it. */
  flushed(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#gone || this.#stream.destroyed) return resolve();
      this.#stream.once('error', () => resolve());
      this.#stream.write('', () => resolve());
    });
  }
}
