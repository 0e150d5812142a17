import { stripVTControlCharacters } from 'node:util';
import { widthOf } from '../../domain/text/width.ts';
import type { Clock } from '../../domain/time.ts';
import type { Screen } from '../screen.ts';

const REDRAW_MS = 100;
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const TO_LINE_END = '\u001b[K';
const TO_SCREEN_END = '\u001b[J';

/**
 * Draws a few lines in place, at most ten times a second. Each frame is one write that overwrites the last one line
 * by line, so nothing flickers; when the terminal became narrower meanwhile, the rows that its lines now fill are counted.
 */
export class LiveView {
  readonly #screen: Screen;
  readonly #clock: Clock;
  readonly #lines: () => string[];
  readonly #ended = new AbortController();
  #widths: readonly number[] = [];
  #scheduled = false;

  constructor({ screen, clock, lines }: { screen: Screen; clock: Clock; lines: () => string[] }) {
    this.#screen = screen;
    this.#clock = clock;
    this.#lines = lines;
    screen.write(HIDE_CURSOR);
    this.#draw();
  }

  /** Something changed. */
  changed(): void {
    if (this.#scheduled || this.#ended.signal.aborted) return;
    this.#scheduled = true;
    void this.#clock.sleep(REDRAW_MS, this.#ended.signal).then(() => {
      this.#scheduled = false;
      if (!this.#ended.signal.aborted) this.#draw();
    });
  }

  /** Puts a line above the frame, to stay. */
  say(line: string): void {
    if (this.#ended.signal.aborted) return;
    this.#screen.write(`${this.#back()}${line}${TO_LINE_END}\n`);
    this.#widths = [];
    this.#draw();
  }

  /** Draws the last frame, leaves it where it stands and gives the cursor back. */
  end(): void {
    if (this.#ended.signal.aborted) return;
    this.#draw();
    this.#ended.abort();
    this.#screen.write(SHOW_CURSOR);
  }

  #draw(): void {
    const lines = this.#lines();
    const text = lines.map((line) => `${line}${TO_LINE_END}\n`).join('');
    this.#screen.write(`${this.#back()}${text}${TO_SCREEN_END}`);
    this.#widths = lines.map((line) => widthOf(stripVTControlCharacters(line)));
  }

  #back(): string {
    const rows = this.#widths.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / this.#screen.columns)), 0);
    return rows === 0 ? '' : `\r\u001b[${rows}A`;
  }
}
