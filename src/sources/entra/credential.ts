import { createHash, createPrivateKey, type KeyObject, randomUUID, X509Certificate } from 'node:crypto';
import { type EpochMs, MINUTE_MS, SECOND_MS } from '../../domain/time.ts';

/** What an application proves itself with; `pem` holds one RSA private key and its certificate. */
export type EntraCredential = { kind: 'secret'; secret: string } | { kind: 'certificate'; pem: string };

/** A certificate as people look it up in the portal. */
export interface CertificateFacts {
  /** SHA-1 in upper-case hexadecimal, which is what the portal lists. */
  thumbprint: string;
  endsAt: EpochMs;
}

/** Microsoft asks for five to ten minutes at most ("Certificate credentials", claim `exp`, read 2026-11). */
const ASSERTION_MS = 5 * MINUTE_MS;

/** How far this machine's clock may be ahead of Entra's. */
const BACKDATE_MS = 30 * SECOND_MS;

export function certificateFacts(pem: string): CertificateFacts {
  const certificate = new X509Certificate(pem);
  return { thumbprint: certificate.fingerprint.replaceAll(':', ''), endsAt: Date.parse(certificate.validTo) };
}

/**
 * Makes the client assertion: a JWT signed with PS256 whose header carries the certificate's SHA-256 thumbprint
 * (Microsoft Learn, "Microsoft identity platform application authentication certificate credentials", read 2026-11).
 */
export async function clientAssertion(ask: {
  pem: string;
  clientId: string;
  /** The token endpoint's URL. */
  audience: string;
  now: EpochMs;
}): Promise<string> {
  // Loaded where it is used: most sign-ins are by secret, and each run starts anew.
  const { SignJWT } = await import('jose');
  const { key, x5t } = signerOf(ask.pem);
  const seconds = (at: EpochMs) => Math.floor(at / SECOND_MS);
  return new SignJWT({})
    .setProtectedHeader({ alg: 'PS256', typ: 'JWT', 'x5t#S256': x5t })
    .setAudience(ask.audience)
    .setIssuer(ask.clientId)
    .setSubject(ask.clientId)
    .setJti(randomUUID())
    .setIssuedAt(seconds(ask.now))
    .setNotBefore(seconds(ask.now - BACKDATE_MS))
    .setExpirationTime(seconds(ask.now + ASSERTION_MS))
    .sign(key);
}

function signerOf(pem: string): { key: KeyObject; x5t: string } {
  const { raw } = new X509Certificate(pem);
  return { key: createPrivateKey(pem), x5t: createHash('sha256').update(raw).digest('base64url') };
}
