import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guard } from './guard.ts';

const judge = (changes: number, watched: number) =>
  guard({ changes: { alerts: changes, issues: 0 }, watched: { alerts: watched, issues: 9 } }).go;

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
  ])('on %i changes of %i watched alerts says %s', (changes, watched, go) => {
    expect(judge(changes, watched)).toBe(go);
  });

  it('says which side, and how much of it', () => {
    const plan = { changes: { alerts: 0, issues: 25 }, watched: { alerts: 500, issues: 40 } };
    expect(guard(plan)).toEqual({
      go: false,
      why: 'it would change 25 of 40 watched issues, more than 20 and more than 30 %',
    });
  });

  it('never stops a smaller plan where it lets a larger one go', () => {
    fc.assert(
      fc.property(fc.nat(400), fc.nat(400), fc.nat(400), (a, b, watched) => {
        const [less, more] = a < b ? [a, b] : [b, a];
        expect(judge(less, watched) || !judge(more, watched)).toBe(true);
      }),
    );
  });
});
