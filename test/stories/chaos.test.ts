import { describe, expect, it } from 'vitest';
import { type ChaosVerdict, chaos } from '../chaos/chaos.ts';

const SEEDS = 20;
const AT_ONCE = 4;

describe('twenty seeds of kills, lost answers, errors, lags and throttles', () => {
  it('leave one issue for each alert, and no write after all is quiet', { timeout: 900_000 }, async () => {
    const queue = Array.from({ length: SEEDS }, (_, i) => i + 1).values();
    const verdicts: ChaosVerdict[] = [];
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (const seed of queue) verdicts.push(await chaos(seed));
      }),
    );
    expect(verdicts.filter(({ broken }) => broken.length > 0)).toEqual([]);
    expect(verdicts).toHaveLength(SEEDS);
    expect(verdicts.reduce((sum, { kills }) => sum + kills, 0)).toBeGreaterThan(SEEDS);
  });
});
