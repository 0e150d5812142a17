import { EventEmitter, once } from 'node:events';
import { Screen } from '../src/cli/screen.ts';

/**
 * A terminal that obeys the few sequences which the live display uses, so that a test sees what a person would see.
 * Anything else that a terminal would obey is recorded in `obeyed`.
 */
export class Terminal extends EventEmitter {
  isTTY = true;
  destroyed = false;
  columns: number;
  rows = 24;
  written = '';
  cursorHidden = false;
  readonly obeyed: string[] = [];
  #lines: string[] = [''];
  #row = 0;
  #column = 0;

  constructor(columns = 80) {
    super();
    this.columns = columns;
  }

  write(written: string | Uint8Array, done?: () => void): boolean {
    const text = typeof written === 'string' ? written : Buffer.from(written).toString('latin1');
    this.written += text;
    for (const [token] of text.matchAll(TOKENS)) this.#obey(token);
    done?.();
    this.emit('written');
    return true;
  }

  /** Resolves as soon as this was written. */
  async shows(text: string): Promise<void> {
    while (!this.written.includes(text)) await once(this, 'written');
  }

  /** What stands on the screen, without blank lines at its end. */
  lines(): string[] {
    return this.#lines
      .map((line) => line.trimEnd())
      .join('\n')
      .trimEnd()
      .split('\n');
  }

  screen(env: NodeJS.ProcessEnv = { NO_COLOR: '1' }): Screen {
    return new Screen(this as unknown as NodeJS.WriteStream, env);
  }

  #obey(token: string): void {
    const up = /^\u001b\[(\d+)A$/.exec(token);
    if (up) this.#row = Math.max(0, this.#row - Number(up[1]));
    else if (token === '\r') this.#column = 0;
    else if (token === '\n') this.#nextLine();
    else if (token === '\u001b[K') this.#lines[this.#row] = this.#here().slice(0, this.#column);
    else if (token === '\u001b[J') {
      this.#lines[this.#row] = this.#here().slice(0, this.#column);
      this.#lines.length = this.#row + 1;
    } else if (token === '\u001b[?25l') this.cursorHidden = true;
    else if (token === '\u001b[?25h') this.cursorHidden = false;
    else if (token.startsWith('\u001b')) this.obeyed.push(token);
    else this.#print(token);
  }

  #print(letter: string): void {
    if (this.#column >= this.columns) this.#nextLine();
    const line = this.#here().padEnd(this.#column);
    this.#lines[this.#row] = line.slice(0, this.#column) + letter + line.slice(this.#column + 1);
    this.#column += 1;
  }

  #nextLine(): void {
    this.#row += 1;
    this.#column = 0;
    this.#lines[this.#row] ??= '';
  }

  #here(): string {
    return this.#lines[this.#row] ?? '';
  }
}

/** An output that is a pipe. */
export class Pipe extends Terminal {
  override isTTY = false;
}

const TOKENS = /\u001b\[[0-?]*[@-~]|\u001b\][^\u001b\u0007]*(?:\u001b\\|\u0007)|[\s\S]/gu;
