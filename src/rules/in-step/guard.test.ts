import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guard, leftForHints } from './guard.ts';

const judge = (changes: number, open: number, onHints = 0) =>
  guard({
    changes: { alerts: changes, issues: 0 },
    open: { alerts: open, issues: 9 },
    onHints: { alerts: onHints, issues: 0 },
  }).go;

describe('the guard', () => {
  it.each([
    [0, 0, true],
    [20, 20, true],
    [21, 21, false],
    [21, 70, true],
    [21, 69, false],
    [300, 1_000, true],
    [301, 1_000, false],
    [21, 0, false],
  ])('on %i changes of %i open alerts says %s', (changes, open, go) => {
    expect(judge(changes, open)).toBe(go);
  });

  it.each([
    [5, 40, 20, false],
    [5, 80, 20, true],
    [0, 10, 20, true],
    [1, 10, 19, true],
  ])('on %i changes of %i open alerts after %i by webhooks says %s', (changes, open, onHints, go) => {
    expect(judge(changes, open, onHints)).toBe(go);
  });

  it('leaves webhooks twenty changes of alerts and issues between two looks at all links', () => {
    expect(leftForHints()).toBe(20);
    expect(leftForHints({ alerts: 12, issues: 3 })).toBe(5);
    expect(leftForHints({ alerts: 30, issues: 0 })).toBe(0);
  });

  it('says which side, and how much of it', () => {
    const plan = { changes: { alerts: 0, issues: 25 }, open: { alerts: 500, issues: 40 } };
    expect(guard(plan)).toEqual({
      go: false,
      why: 'it would change 25 of 40 open issues: more than 20 and more than 30 %',
    });
    expect(guard({ ...plan, onHints: { alerts: 0, issues: 7 } })).toMatchObject({
      why: 'it would change 25 of 40 open issues, after 7 that webhooks changed: more than 20 and more than 30 %',
    });
  });

  it('never stops a smaller plan where it lets a larger one go', () => {
    fc.assert(
      fc.property(fc.nat(400), fc.nat(400), fc.nat(400), (a, b, open) => {
        const [less, more] = a < b ? [a, b] : [b, a];
        expect(judge(less, open) || !judge(more, open)).toBe(true);
      }),
    );
  });
});
