import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDocument, type Scalar, stringify } from 'yaml';
import { offsetWithin } from './scalar-offset.ts';

const STYLES = ['PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED'] as const;

describe('a place within a scalar', () => {
  it('is found in the source whatever the style of the scalar', () => {
    const word = fc.stringMatching(/^[a-z'"\\{}|%é:,-]{1,8}$/);
    const text = fc.array(fc.tuple(word, fc.constantFrom(' ', '\n', '\n\n', '  ')), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(text, fc.constantFrom(...STYLES), (words, style) => {
        const value = `${words.map(([before, space]) => before + space).join('')}§ end`;
        const source = stringify({ fields: { some: value } }, { defaultStringType: style, lineWidth: 40 });
        const node = parseDocument(source).getIn(['fields', 'some'], true) as Scalar;
        expect(node.value).toBe(value);
        const before = value.slice(0, value.indexOf('§')).split('\n');
        const spot = { text: value, row: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
        expect(source.slice(offsetWithin(source, node, spot))).toMatch(/^§/);
      }),
    );
  });
});
