import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { NOT_READ_YET, whyUnreadable } from '../secrets/secret.ts';

/** A PEM text with one RSA key and the certificate that belongs to it, or why it is not one; nothing of it is shown. */
export type CertificateReading = { pem: string } | { says: string; mend?: string };

const BOTH = 'put the private key and the certificate into one PEM file';

/** Reads what `certificate` names: a file, from `folder`, or the PEM text itself where a vault gave it. */
export function readCertificate(pathOrPem: string, folder: string): CertificateReading {
  if (pathOrPem === NOT_READ_YET) return { pem: NOT_READ_YET };
  if (/-----BEGIN /.test(pathOrPem)) return checked(pathOrPem, 'the secret');
  const path = resolve(folder, pathOrPem);
  try {
    return checked(readFileSync(path, 'utf8'), `file ${path}`);
  } catch (error) {
    return { says: `file ${path} cannot be read: ${whyUnreadable(error)}` };
  }
}

function checked(text: string, where: string): CertificateReading {
  const key = block(text, /(?:ENCRYPTED |RSA |EC )?PRIVATE KEY/);
  const certificate = block(text, /CERTIFICATE/);
  if (!key && !certificate)
    return { says: `${where} is not PEM`, mend: 'export it as PEM (a .pfx is not: openssl pkcs12 -in X.pfx -nodes)' };
  if (!key) return { says: `${where} holds no private key`, mend: BOTH };
  if (!certificate) return { says: `${where} holds no certificate`, mend: BOTH };
  if (/ENCRYPTED/.test(key))
    return {
      says: `the private key in ${where} is encrypted`,
      mend: 'decrypt it (openssl pkey -in X.pem), and guard the file',
    };
  try {
    const privateKey = createPrivateKey(key);
    if (privateKey.asymmetricKeyType !== 'rsa')
      return {
        says: `the key in ${where} is not RSA`,
        mend: 'make an RSA key of 2048 bits or more: Entra takes no other',
      };
    if (!new X509Certificate(certificate).checkPrivateKey(privateKey))
      return { says: `key and certificate in ${where} do not belong together`, mend: BOTH };
  } catch {
    return { says: `the key or the certificate in ${where} cannot be read`, mend: BOTH };
  }
  return { pem: `${key}\n${certificate}\n` };
}

/** The first block of a kind; a chain lists its own certificate first (RFC 8446 §4.4.2). */
function block(text: string, kind: RegExp): string | undefined {
  const { source } = kind;
  return new RegExp(`-----BEGIN (${source})-----[\\s\\S]*?-----END \\1-----`).exec(text)?.[0];
}
