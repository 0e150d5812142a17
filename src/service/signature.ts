import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Whether `X-Hub-Signature` is the body's, made with the secret: `METHOD=HEX`, the HMAC of the raw body (Atlassian,
 * "Jira Cloud platform: Webhooks", Secure admin webhooks). Methods weaker than SHA-256 are none. The time it takes tells
 * nothing of the signature that was expected.
 */
export function isSignedWith(secret: string, header: string, body: Uint8Array): boolean {
  const { method, hex } = SIGNATURE.exec(header.trim())?.groups ?? {};
  if (method === undefined || hex === undefined) return false;
  const expected = createHmac(method.toLowerCase(), secret).update(body).digest();
  const given = Buffer.from(hex, 'hex');
  return hex.length === 2 * expected.length && timingSafeEqual(given, expected);
}

const SIGNATURE = /^(?<method>sha(256|384|512))=(?<hex>[0-9a-f]+)$/i;
