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
    ['in base64', Buffer.from(secret).toString('base64')],
  ])('takes a secret out %s', (_, text) => {
    const cleaned = redactor.clean(`before ${text} after`);
    expect(cleaned).toContain('[redacted]');
    expect(cleaned).not.toContain(text);
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
