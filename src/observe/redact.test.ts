import { describe, expect, it } from 'vitest';
import { Redactor } from './redact.ts';

describe('the redactor', () => {
  const secret = 'p/ss "word"+1';
  const redactor = new Redactor();
  redactor.add(secret);
  redactor.add('abc');

  it.each([
    ['as it is', secret],
    ['URL-encoded', encodeURIComponent(secret)],
    ['as a JSON string', JSON.stringify({ key: secret })],
    ['in a page', 'p/ss &quot;word&quot;+1'],
    ['in base64', Buffer.from(secret).toString('base64')],
  ])('takes a secret out %s', (_, text) => {
    const cleaned = redactor.clean(`before ${text} after`);
    expect(cleaned).toContain('[redacted]');
    expect(cleaned).not.toContain(text);
  });

  it('takes the longer of two secrets out where one begins with the other, whichever was added first', () => {
    for (const secrets of [
      ['tokentoken', 'tokentoken-and-more'],
      ['tokentoken-and-more', 'tokentoken'],
    ]) {
      const both = new Redactor();
      for (const one of secrets) both.add(one);
      expect(both.clean('a tokentoken-and-more, a tokentoken')).toBe('a [redacted], a [redacted]');
    }
  });

  it('leaves no part of secrets that overlap or stand inside one another', () => {
    const many = new Redactor();
    for (const one of ['abcdef', 'defghi', 'cdef']) many.add(one);
    expect(many.clean('abcdefghi, cdefghi, xabcdefx, abcdefabcdef')).toBe(
      '[redacted], [redacted], x[redacted]x, [redacted][redacted]',
    );
  });

  it('finds secrets of any script at either end of a text', () => {
    const wide = new Redactor();
    wide.add('пароль-Ω');
    expect(wide.clean('пароль-Ω and пароль-Ω')).toBe('[redacted] and [redacted]');
  });

  it('leaves a short secret in what is read as data, where it may be an ordinary word, and no long one', () => {
    const data = new Redactor();
    data.add('casewire');
    data.add('a-token-of-many-characters');
    expect(data.cleanData('casewire-1: a-token-of-many-characters')).toBe('casewire-1: [redacted]');
    expect(data.clean('casewire-1')).toBe('[redacted]-1');
  });

  it('lets go of a value that is a secret no more, and of no other', () => {
    redactor.add('token-one');
    redactor.add('token-two');
    redactor.forget('token-one');
    expect(redactor.clean('token-one token-two')).toBe('token-one [redacted]');
  });

  it('leaves values too short to be told from ordinary text', () => {
    expect(redactor.clean('abc')).toBe('abc');
  });
});
