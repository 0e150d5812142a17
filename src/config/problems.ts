import type { LineCounter } from 'yaml';
import type { ConfigProblem } from './config.ts';

/** Writes a problem as one line: `casewire.yaml:12:5 tenants.contoso.evry: unknown key; did you mean "every"?` */
export function formatProblem({ file, line, column, key, says, mend }: ConfigProblem): string {
  const where = `${file}:${line}:${column}`;
  return `${where}${key === '' ? '' : ` ${key}`}: ${says}${mend === undefined ? '' : `; ${mend}`}`;
}

/** Names a key below another, as messages do: `ticket.fields."Alert URI"`, `abuseipdb.neverSend[0]`. */
export function keyPath(parent: string, key: string | number): string {
  if (typeof key === 'number') return `${parent}[${key}]`;
  const written = /^[\w-]+$/.test(key) ? key : JSON.stringify(key);
  return parent === '' ? written : `${parent}.${written}`;
}

export interface Finding {
  key: string;
  says: string;
  mend?: string | undefined;
  /** Offset in the file's text. Left out: the place of the key, or of the nearest key above it that has one. */
  offset?: number | undefined;
}

/** Gathers what is wrong with one file, and knows where each of its keys stands. */
export class Problems {
  readonly #file: string;
  readonly #lines: LineCounter;
  readonly #found: (ConfigProblem & { offset: number })[] = [];
  readonly #offsets = new Map<string, number>();
  readonly #broken = new Set<string>();

  constructor(file: string, lines: LineCounter) {
    this.#file = file;
    this.#lines = lines;
  }

  /** Remembers the place of a key: its value's where that is a single one, else its own. */
  place(key: string, offset: number): void {
    this.#offsets.set(key, offset);
  }

  add({ key, says, mend, offset = this.#offsetOf(key) }: Finding): void {
    const { line, col } = this.#lines.linePos(offset);
    const where = { file: this.#file, line: Math.max(1, line), column: Math.max(1, col), key, offset };
    this.#found.push({ ...where, says, ...(mend === undefined ? {} : { mend }) });
    this.#broken.add(key);
  }

  /** Whether something was already told of this very key, so that a follow-up can stay unsaid. */
  has(key: string): boolean {
    return this.#broken.has(key);
  }

  /** Whether something was already told of a key below this one. */
  hasBelow(key: string): boolean {
    return [...this.#broken].some((broken) => broken.startsWith(`${key}.`));
  }

  /** In the order of the file. */
  list(): ConfigProblem[] {
    return this.#found.toSorted((a, b) => a.offset - b.offset).map(({ offset: _, ...problem }) => problem);
  }

  /** Line, counted from 1, in which an offset lies. */
  lineOf(offset: number): number {
    return Math.max(1, this.#lines.linePos(offset).line);
  }

  #offsetOf(key: string): number {
    for (let path = key; path !== ''; path = path.slice(0, Math.max(0, path.search(/(\.[\w-]+|\."[^"]*"|\[\d+\])$/)))) {
      const offset = this.#offsets.get(path);
      if (offset !== undefined) return offset;
    }
    return 0;
  }
}
