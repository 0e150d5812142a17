import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Samples } from './samples.ts';

const durationsOf = (values: readonly number[]) => {
  const samples = new Samples();
  for (const value of values) samples.add(value);
  return samples.durations();
};

describe('how long something took', () => {
  it('is told without a percentile below twenty', () => {
    expect(durationsOf([])).toEqual({ n: 0 });
    expect(durationsOf([7])).toEqual({ n: 1, shortestMs: 7, longestMs: 7 });
    const nineteen = Array.from({ length: 19 }, (_, i) => 19 - i);
    expect(durationsOf(nineteen)).toEqual({ n: 19, shortestMs: 1, longestMs: 19 });
  });

  it('has a median and a 90th percentile by the nearest rank from twenty on', () => {
    const twenty = Array.from({ length: 20 }, (_, i) => 20 - i);
    expect(durationsOf(twenty)).toEqual({ n: 20, shortestMs: 1, longestMs: 20, medianMs: 10, p90Ms: 18 });
    expect(durationsOf([...twenty, 21])).toMatchObject({ n: 21, medianMs: 11, p90Ms: 19 });
  });

  it('is no time where one clock was behind the other', () => {
    expect(durationsOf([-5])).toMatchObject({ shortestMs: 0 });
  });

  it('is a value that was there, with at least the share of values at or below it', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 20, maxLength: 200 }), (values) => {
        const { n, medianMs = -1, p90Ms = -1 } = durationsOf(values);
        for (const [percent, value] of [
          [50, medianMs],
          [90, p90Ms],
        ] as const) {
          expect(values).toContain(value);
          expect(values.filter((one) => one <= value).length).toBeGreaterThanOrEqual((percent * n) / 100);
          expect(values.filter((one) => one < value).length).toBeLessThan((percent * n) / 100);
        }
      }),
    );
  });
});
