import type { Difference, DifferenceKind } from '../../domain/audit.ts';

const MOST_EXAMPLES = 10;

/** Counts differences by their kind, and keeps the first few of each. */
export class Differences {
  readonly #byKind = new Map<DifferenceKind, { count: number; examples: string[] }>();

  add(kind: DifferenceKind, example: string): void {
    const entry = this.#byKind.get(kind) ?? { count: 0, examples: [] };
    entry.count += 1;
    if (entry.examples.length < MOST_EXAMPLES) entry.examples.push(example);
    this.#byKind.set(kind, entry);
  }

  list(): readonly Difference[] {
    return [...this.#byKind].map(([kind, { count, examples }]) => ({ kind, count, examples }));
  }
}
