import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export type CertificateName = 'application' | 'other-application' | 'elliptic' | 'authority' | 'server';

/** Where a certificate for tests stands. */
export function certificatePath(name: CertificateName): string {
  return fileURLToPath(new URL(`fixtures/certificates/${name}.pem`, import.meta.url));
}

/** A certificate for tests, with its key where it has one. */
export function pemOf(name: CertificateName): string {
  return readFileSync(certificatePath(name), 'utf8');
}
