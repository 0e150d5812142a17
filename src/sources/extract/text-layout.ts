/** What stands between two pieces of text: a seam between words, or the edge of a block, that many line breaks wide. */
export type Boundary = 'seam' | { lines: 1 | 2 };

const CLOSING = /^[,.;:!?)\]]{1,3}(?:\s|$)/;

/**
 * Lays pieces of text out for reading. Boundaries that meet count once, the widest of them; a seam becomes a blank,
 * except where both its sides keep apart without one.
 */
export class TextLayout {
  readonly #parts: string[] = [];
  #end = '';
  #lines = 0;
  #seam = false;

  /** Ends the piece before; a line break of its own (`<br>`) adds to those that are due. */
  boundary(boundary: Boundary | 'break'): void {
    if (boundary === 'seam') this.#seam = true;
    else if (boundary === 'break') this.#lines += 1;
    else this.#lines = Math.max(this.#lines, boundary.lines);
  }

  text(piece: string): void {
    if (this.#lines === 0 && !this.#seam) {
      this.#write(piece);
      return;
    }
    const begun = this.#lines > 0 ? piece.trimStart() : piece;
    if (begun === '') return;
    if (this.#lines > 0) this.#write('\n'.repeat(Math.min(this.#lines, 2)), begun);
    else if (/\s$/.test(this.#end)) this.#write(begun.replace(/^[ \t]+/, ''));
    else this.#write(/[([]$/.test(this.#end) || CLOSING.test(begun) || /^\s/.test(begun) ? '' : ' ', begun);
    this.#lines = 0;
    this.#seam = false;
  }

  toString(): string {
    return this.#parts
      .join('')
      .replace(/\n{3,}/g, '\n\n')
      .trim();
  }

  #write(...pieces: string[]): void {
    for (const piece of pieces) {
      if (piece === '') continue;
      this.#parts.push(piece);
      this.#end = piece.slice(-1);
    }
  }
}
