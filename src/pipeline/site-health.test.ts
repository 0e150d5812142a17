import { describe, expect, it } from 'vitest';
import { HandClock } from '../../test/hand-clock.ts';
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

  describe('of a service', () => {
    it('tries refused credentials again, after a minute and then ever later, up to a quarter of an hour', () => {
      const clock = new HandClock(0);
      const health = new SiteHealth(clock);
      const pauses = Array.from({ length: 6 }, () => {
        health.refusedUs('token expired', undefined);
        const pauseMs = (health.pausedAt(clock.now())?.until ?? 0) - clock.now();
        clock.advance(pauseMs);
        expect(health.pausedAt(clock.now())).toBeUndefined();
        return pauseMs / 60_000;
      });
      expect(pauses).toEqual([1, 2, 4, 8, 15, 15]);
      expect(health.stopped()).toBe(false);
    });

    it('makes a pause no longer by those that were under way, and begins short again after an answer', () => {
      const clock = new HandClock(0);
      const health = new SiteHealth(clock);
      for (let i = 0; i < 20; i++) health.failed('no answer', clock.now());
      expect(health.pausedAt(0)?.until).toBe(30_000);
      clock.advance(30_000);
      health.failed('no answer', clock.now());
      expect(health.pausedAt(clock.now())?.until).toBe(90_000);
      health.answered();
      for (let i = 0; i < 5; i++) health.failed('no answer', clock.now());
      expect(health.pausedAt(clock.now())?.until).toBe(60_000);
    });

    it('lets one create after another through after a pause, until one is answered', () => {
      const clock = new HandClock(0);
      const health = new SiteHealth(clock);
      expect(health.places()).toBe(Number.POSITIVE_INFINITY);
      health.unreachable('down', undefined, 0);
      clock.advance(30_000);
      expect(health.places()).toBe(1);
      health.answered();
      expect(health.places()).toBe(Number.POSITIVE_INFINITY);
    });

    it('is over when the clock was set back before it began', () => {
      const clock = new HandClock(3_600_000);
      const health = new SiteHealth(clock);
      health.refusedUs('token expired', undefined);
      clock.jump(-3_000_000);
      expect(health.pausedAt(clock.now())).toBeUndefined();
    });
  });
});
