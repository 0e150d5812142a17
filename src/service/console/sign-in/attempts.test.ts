import { describe, expect, it } from 'vitest';
import { Attempts } from './attempts.ts';

const MINUTE = 60_000;

function takes(attempts: Attempts, address: string, times: number, now = 0): number {
  return Array.from({ length: times }, () => attempts.take(address, now)).filter((waitMs) => waitMs === 0).length;
}

describe('steps of signing in', () => {
  it('are thirty in five minutes for one address', () => {
    const attempts = new Attempts();
    expect(takes(attempts, '203.0.113.9', 40)).toBe(30);
    expect(attempts.take('203.0.113.9', 2 * MINUTE)).toBe(3 * MINUTE);
    expect(takes(attempts, '203.0.113.9', 1, 5 * MINUTE)).toBe(1);
  });

  it.each([
    ['2001:db8:1:2:3::1', '2001:db8:1:2::ffff'],
    ['2001:db8::1', '2001:db8:0:0:7::1'],
    ['203.0.113.9', '::ffff:203.0.113.9'],
  ])('count %s and %s as one', (one, other) => {
    const attempts = new Attempts();
    expect(takes(attempts, one, 20) + takes(attempts, other, 20)).toBe(30);
  });

  it('count networks apart', () => {
    const attempts = new Attempts();
    expect(takes(attempts, '2001:db8:1:2::1', 20) + takes(attempts, '2001:db8:1:3::1', 20)).toBe(40);
  });

  it('are never all taken by others: after many of them an address still has two sign-ins', () => {
    const attempts = new Attempts();
    for (let i = 0; i < 20; i++) expect(takes(attempts, `10.0.0.${i}`, 40)).toBe(30);
    expect(takes(attempts, '203.0.113.9', 40)).toBe(4);
    expect(takes(attempts, '10.0.0.1', 40)).toBe(0);
  });
});
