import { describe, expect, it } from 'vitest';
import type { AlertId } from '../../domain/alert.ts';
import { toCloseCall } from './close-wire.ts';
import { ClosingFilter } from './closing-filter.ts';

const A = '64a0000000000000000000a1' as AlertId;
const B = '64a0000000000000000000b2' as AlertId;

function filterOf(...ids: AlertId[]): ClosingFilter {
  const filter = ClosingFilter.of(ids);
  if (!(filter instanceof ClosingFilter)) throw new Error(filter.why);
  return filter;
}

describe('a closing filter', () => {
  it('names exactly the alerts that it was made of, each once', () => {
    const filter = filterOf(A, B, A);
    expect(filter.size).toBe(2);
    expect(ClosingFilter.toWire(filter)).toEqual({ id: { eq: [A, B] } });
  });

  it('does not change with the list that it was made of, nor with what it is written as', () => {
    const ids = [A];
    const filter = filterOf(...ids);
    ids.length = 0;
    (ClosingFilter.toWire(filter).id.eq as string[]).length = 0;
    expect(ClosingFilter.toWire(filter)).toEqual({ id: { eq: [A] } });
  });

  it.each<[string, unknown[]]>([
    ['no id', []],
    ['an empty id', ['']],
    ['white space', [' ']],
    ['a wildcard', ['*']],
    ['what is no text', [undefined]],
    ['null', [null]],
    ['a list in place of an id', [[A]]],
    ['an object that passes for text', [{ toString: () => A }]],
    ['an id that is cut short', ['64a0']],
    ['an id with something behind it', [`${A}\n`]],
    ['a path', [`${A}/../`]],
    ['a good id beside a bad one', [A, '']],
    [
      'more ids than the service takes at once',
      Array.from({ length: 101 }, (_, n) => `64a0${String(n).padStart(20, '0')}`),
    ],
  ])('is not made of %s', (_, ids) => {
    expect(ClosingFilter.of(ids as AlertId[])).toEqual({ why: expect.any(String) });
  });

  it('has no other way to be made, as the compiler sees it', () => {
    const ways = () => [
      // @ts-expect-error: the constructor is private.
      new ClosingFilter([A]),
      // @ts-expect-error: what only looks like a filter is none.
      toCloseCall({ filter: { size: 1 }, verdict: 'benign', comment: '' }),
      // @ts-expect-error: neither is a list of ids.
      toCloseCall({ filter: [A], verdict: 'benign', comment: '' }),
      // @ts-expect-error: a reason for there being none is not taken for a filter.
      toCloseCall({ filter: ClosingFilter.of([]), verdict: 'benign', comment: '' }),
    ];
    expect(ways).toBeTypeOf('function');
  });

  it('cannot be passed off: what merely looks like one is refused before anything is sent', () => {
    const forged = { size: 1, ids: [A] } as unknown as ClosingFilter;
    const inherited = Object.create(ClosingFilter.prototype) as ClosingFilter;
    for (const filter of [forged, inherited, {} as ClosingFilter])
      expect(() => toCloseCall({ filter, verdict: 'benign', comment: '' })).toThrow(TypeError);
  });
});
