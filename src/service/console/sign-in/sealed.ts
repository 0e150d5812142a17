import { hkdfSync } from 'node:crypto';
import { CompactEncrypt, compactDecrypt } from 'jose';

/** A key for one purpose, made of a secret (RFC 5869); every machine that knows the secret makes the same. */
export function keyFrom(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, 'casewire console', purpose, 32));
}

/** Encrypts and signs a value for a cookie (JWE, `dir` with A256GCM, RFC 7516). */
export function seal(value: object, key: Buffer): Promise<string> {
  const plain = new TextEncoder().encode(JSON.stringify(value));
  return new CompactEncrypt(plain).setProtectedHeader({ alg: 'dir', enc: 'A256GCM' }).encrypt(key);
}

/** Reads such a value again; `undefined` for what was not sealed with this key. */
export async function unseal(text: string | undefined, key: Buffer): Promise<unknown> {
  if (text === undefined || text.length > 4_096) return undefined;
  const options = { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] };
  try {
    const { plaintext } = await compactDecrypt(text, key, options);
    return JSON.parse(new TextDecoder().decode(plaintext));
  } catch {
    // Forged, cut short, or sealed with an earlier secret: whoever sent it is not signed in, and is told so.
    return undefined;
  }
}
