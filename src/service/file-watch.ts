import { statSync } from 'node:fs';

/**
 * Notices that files have changed, by looking at them now and then. A change counts once two looks in a row agree on it:
 * a file that is being written is not read half. A file that cannot be looked at (a loop of symbolic links, a file system
 * that is away) differs from what it was; whoever reads it then says what is wrong.
 */
export class FileWatch {
  #files: readonly string[];
  #known: string;
  #last: string;

  constructor(files: readonly string[]) {
    this.#files = files;
    this.#known = this.#last = this.#look();
  }

  /** Whether something changed since it was last said so. */
  changed(): boolean {
    const now = this.#look();
    const settled = now === this.#last;
    this.#last = now;
    if (!settled || now === this.#known) return false;
    this.#known = now;
    return true;
  }

  /** Watches these from now on, as they are. */
  watch(files: readonly string[]): void {
    this.#files = files;
    this.#known = this.#last = this.#look();
  }

  #look(): string {
    return this.#files.map(stamp).join('\n');
  }
}

function stamp(file: string): string {
  try {
    const { mtimeNs, size, ino } = statSync(file, { bigint: true });
    return `${mtimeNs}:${size}:${ino}`;
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}
