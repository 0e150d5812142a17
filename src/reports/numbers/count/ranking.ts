import type { Listed } from '../../model.ts';

/** By code units: the same on every machine, whatever its language. */
export function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The first `most` of rows in an order, and how many there are. */
export function listed<T>(rows: Iterable<T>, most: number, order: (a: T, b: T) => number): Listed<T> {
  const all = [...rows].sort(order);
  return { rows: all.slice(0, most), total: all.length };
}

/** Keeps the first `most` of many in an order, and counts them all. */
export class FirstFew<T> {
  readonly #most: number;
  readonly #order: (a: T, b: T) => number;
  #rows: T[] = [];
  #total = 0;

  constructor(most: number, order: (a: T, b: T) => number) {
    this.#most = most;
    this.#order = order;
  }

  add(row: T): void {
    this.#total += 1;
    this.#rows.push(row);
    // Sorting now and then is cheaper than keeping order at each step.
    if (this.#rows.length >= 2 * this.#most + 64) this.#cut();
  }

  listed(): Listed<T> {
    this.#cut();
    return { rows: [...this.#rows], total: this.#total };
  }

  #cut(): void {
    this.#rows = this.#rows.sort(this.#order).slice(0, this.#most);
  }
}

/** Counts by name; the first spelling of a name is the one that is told. */
export class Tally<T> {
  readonly #rows = new Map<string, T>();
  readonly #begin: (name: string) => T;

  constructor(begin: (name: string) => T) {
    this.#begin = begin;
  }

  of(key: string, name = key): T {
    let row = this.#rows.get(key);
    if (row === undefined) {
      row = this.#begin(name);
      this.#rows.set(key, row);
    }
    return row;
  }

  rows(): IterableIterator<T> {
    return this.#rows.values();
  }
}
