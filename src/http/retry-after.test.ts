import { describe, expect, it } from 'vitest';
import { retryAfterMs } from './retry-after.ts';

const now = Date.parse('2026-11-23T07:00:00Z');
const hour = 3_600_000;

describe('Retry-After', () => {
  it.each([
    ['7', 7_000],
    [' 7 ', 7_000],
    ['0', 1_000],
    ['-5', 1_000],
    ['86400', hour],
    ['Mon, 23 Nov 2026 07:00:30 GMT', 30_000],
    ['Mon, 23 Nov 2026 06:00:00 GMT', 1_000],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%j means %s ms', (header, ms) => {
    expect(retryAfterMs(header, now, hour)).toBe(ms);
  });
});
