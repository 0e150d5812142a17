import { describe, expect, it } from 'vitest';
import { SiteHealth } from './site-health.ts';

describe('the health of a site', () => {
  const failures = (health: SiteHealth, n: number) => {
    for (let i = 0; i < n; i++) health.failed('no answer', 1_000);
  };

  it('stops after five failures in a row, for half a minute', () => {
    const health = new SiteHealth();
    failures(health, 4);
    expect(health.pausedAt(1_000)).toBeUndefined();
    failures(health, 1);
    expect(health.pausedAt(1_000)).toMatchObject({ why: 'no answer', until: 31_000 });
    expect(health.pausedAt(31_000)).toBeUndefined();
    expect(health.stopped()).toBe(false);
  });

  it('starts counting anew at an answer', () => {
    const health = new SiteHealth();
    failures(health, 4);
    health.answered();
    failures(health, 4);
    expect(health.pausedAt(1_000)).toBeUndefined();
  });

  it('stops for the pass when the site refuses us', () => {
    const health = new SiteHealth();
    health.refusedUs('token expired', 'make a new one');
    expect(health.pausedAt(Number.MAX_SAFE_INTEGER)).toEqual({ why: 'token expired', mend: 'make a new one' });
    expect(health.stopped()).toBe(true);
  });
});
