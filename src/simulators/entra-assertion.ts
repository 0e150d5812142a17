import { constants, createHash, verify, X509Certificate } from 'node:crypto';
import type { EpochMs } from '../domain/time.ts';
import { isObject } from './wire.ts';

/** Entra gives clocks some minutes. */
const SKEW_MS = 5 * 60_000;

/**
 * Checks a client assertion against the registered certificates as Microsoft documents it ("Certificate credentials"):
 * the thumbprint header finds the certificate, its key verifies the signature, the claims are for this client and
 * endpoint and within their time. Returns the AADSTS number of what is wrong, or `undefined`.
 */
export function faultOfAssertion(
  assertion: string,
  expected: { certificates: readonly string[]; clientId: string; audience: string; now: EpochMs },
): number | undefined {
  const [head = '', body = '', signature = ''] = assertion.split('.');
  const [header, claims] = [decode(head), decode(body)];
  if (!header || !claims) return 5000222;
  const certificate = expected.certificates.map((pem) => new X509Certificate(pem)).find((one) => names(header, one));
  if (!certificate || Date.parse(certificate.validTo) < expected.now) return 700027;
  const signed = Buffer.from(`${head}.${body}`);
  const key =
    header.alg === 'PS256'
      ? { key: certificate.publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
      : { key: certificate.publicKey };
  if (header.alg !== 'PS256' && header.alg !== 'RS256') return 5000222;
  if (!verify('sha256', signed, key, Buffer.from(signature, 'base64url'))) return 700027;
  if (claims.iss !== expected.clientId || claims.sub !== expected.clientId) return 50048;
  if (claims.aud !== expected.audience) return 700023;
  if (typeof claims.jti !== 'string' || typeof claims.exp !== 'number') return 5000222;
  const begins = (typeof claims.nbf === 'number' ? claims.nbf : 0) * 1000 - SKEW_MS;
  return expected.now < begins || expected.now > claims.exp * 1000 + SKEW_MS ? 700024 : undefined;
}

function names(header: Record<string, unknown>, { raw }: X509Certificate): boolean {
  const digest = (algorithm: string) => createHash(algorithm).update(raw).digest('base64url');
  if (header['x5t#S256'] !== undefined) return header['x5t#S256'] === digest('sha256');
  return header.x5t === digest('sha1');
}

function decode(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
