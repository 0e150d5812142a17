import type { Clock } from '../../domain/time.ts';

/** Atlassian's limits of writes to one issue (Jira Cloud platform, "Rate limiting"): so many in so many milliseconds. */
const LIMITS = [
  { most: 20, withinMs: 2_000 },
  { most: 100, withinMs: 30_000 },
] as const;

/** Counts writes to each issue. */
export class IssueLimiter {
  isOn = false;
  readonly #clock: Clock;
  readonly #writes = new Map<string, number[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts one write; how long to wait when it is one too many. */
  take(issue: string): number | undefined {
    if (!this.isOn) return undefined;
    const now = this.#clock.now();
    const before = (this.#writes.get(issue) ?? []).filter((at) => now - at < 30_000);
    for (const { most, withinMs } of LIMITS) {
      const recent = before.filter((at) => now - at < withinMs);
      const oldest = recent.at(-most);
      if (oldest !== undefined) return oldest + withinMs - now;
    }
    this.#writes.set(issue, [...before, now]);
    return undefined;
  }
}
