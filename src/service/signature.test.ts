import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isSignedWith } from './signature.ts';

// The vendor's own example (Atlassian, "Jira Cloud platform: Webhooks", Testing the webhook payload signature, 2026).
const SECRET = "It's a Secret to Everybody";
const BODY = Buffer.from('Hello World!');
const SIGNATURE = 'sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9';

const sign = (method: string, body = BODY, secret = SECRET) =>
  `${method}=${createHmac(method, secret).update(body).digest('hex')}`;

describe('the signature of a call', () => {
  it("is the one of the vendor's example", () => {
    expect(isSignedWith(SECRET, SIGNATURE, BODY)).toBe(true);
  });

  it.each(['sha256', 'sha384', 'sha512'])('may be made with %s', (method) => {
    expect(isSignedWith(SECRET, sign(method), BODY)).toBe(true);
  });

  it('is read whatever the case of its letters', () => {
    expect(isSignedWith(SECRET, ` ${SIGNATURE.toUpperCase()} `, BODY)).toBe(true);
  });

  it.each([
    ['of another body', SIGNATURE, Buffer.from('Hello World?')],
    ['of the body with a byte more', SIGNATURE, Buffer.from('Hello World!\n')],
    ['of another secret', sign('sha256', BODY, 'another secret'), BODY],
    ['by a weak method', sign('sha1'), BODY],
    ['by a method that is none', 'md5=0cbc6611f5540bd0809a388dc95a615b', BODY],
    ['by the name of one method with the digest of another', sign('sha512').replace('512', '256'), BODY],
    ['cut short', SIGNATURE.slice(0, -2), BODY],
    ['with half a byte more', `${SIGNATURE}0`, BODY],
    ['given twice', `${SIGNATURE}, ${SIGNATURE}`, BODY],
    ['without digest', 'sha256=', BODY],
    ['without method', SIGNATURE.slice(7), BODY],
    ['that is empty', '', BODY],
  ])('is refused %s', (_, header, body) => {
    expect(isSignedWith(SECRET, header, body)).toBe(false);
  });
});
