import type { DedupKey } from '../../../domain/alert.ts';
import type { SeenIssue } from './find-issues.ts';

type Search = (keys: readonly DedupKey[]) => Promise<readonly SeenIssue[]>;

interface Waiting {
  keys: readonly DedupKey[];
  resolve(issues: readonly SeenIssue[]): void;
  reject(error: unknown): void;
}

/**
 * One search for all who ask while another is under way: many tenants with a few new alerts each cost as few calls as
 * one tenant with many. As soon as `enough` alerts wait, they go without waiting for the other search.
 */
export class GatheredSearch {
  readonly #search: Search;
  readonly #enough: number;
  #waiting: Waiting[] = [];
  #underWay = 0;

  constructor(search: Search, enough: number) {
    this.#search = search;
    this.#enough = enough;
  }

  /** Issues found for these alerts, and maybe for others. @throws as the search. */
  find(keys: readonly DedupKey[]): Promise<readonly SeenIssue[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ keys, resolve, reject });
      const waiting = this.#waiting.reduce((sum, one) => sum + one.keys.length, 0);
      if (this.#underWay === 0 || waiting >= this.#enough) void this.#go();
    });
  }

  async #go(): Promise<void> {
    const together = this.#waiting;
    this.#waiting = [];
    this.#underWay += 1;
    try {
      const issues = await this.#search(together.flatMap(({ keys }) => keys));
      for (const { resolve } of together) resolve(issues);
    } catch (error) {
      for (const { reject } of together) reject(error);
    }
    this.#underWay -= 1;
    if (this.#underWay === 0 && this.#waiting.length > 0) void this.#go();
  }
}
