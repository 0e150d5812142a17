import { describe, expect, it } from 'vitest';
import { isSameValue } from './same-value.ts';

const doc = (...content: unknown[]) => ({ type: 'doc', version: 1, content });
const words = (...texts: string[]) => ({
  type: 'paragraph',
  content: texts.map((text) => ({ type: 'text', text })),
});

describe('what a field was to hold and what Jira shows', () => {
  it.each<[string, unknown, unknown]>([
    ['an option shown whole', { id: '1' }, { id: '1', value: 'High', self: 'https://jira.example/1' }],
    ['a list in another order', [{ id: '1' }, { id: '2' }], [{ id: '2' }, { id: '1' }]],
    ['an instant in another zone', '2026-11-23T07:00:00.000+0000', '2026-11-23T08:00:00.000+0100'],
    ['other line ends', 'one\ntwo', 'one\r\ntwo '],
    ['a document whose texts were joined', doc(words('a', 'b')), doc(words('ab'))],
    ['a document whose blocks got ids', doc(words('a')), doc({ ...words('a'), attrs: { localId: 'c0ffee' } })],
  ])('are the same: %s', (_, wanted, shown) => {
    expect(isSameValue(wanted, shown)).toBe(true);
  });

  it.each<[string, unknown, unknown]>([
    ['nothing', 'a', null],
    ['another option', { id: '1' }, { id: '2', value: 'High' }],
    ['a choice that lost its child', { id: '1', child: { id: '2' } }, { id: '1' }],
    ['a choice that has a child', { id: '1' }, { id: '1', child: { id: '2' } }],
    ['one more in a list', [{ id: '1' }], [{ id: '1' }, { id: '2' }]],
    ['one doubled in a list', ['a', 'b'], ['a', 'a']],
    ['other words in a document', doc(words('a')), doc(words('b'))],
    ['two paragraphs made one', doc(words('a'), words('b')), doc(words('ab'))],
    ['another number', 1, 2],
  ])('differ: %s', (_, wanted, shown) => {
    expect(isSameValue(wanted, shown)).toBe(false);
  });
});
