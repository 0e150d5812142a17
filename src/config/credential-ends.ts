import { X509Certificate } from 'node:crypto';
import type { TenantId } from '../domain/alert.ts';
import type { EpochMs } from '../domain/time.ts';
import type { Config, TenantAuth } from './config.ts';
import { NOT_READ_YET } from './secrets/secret.ts';

/** When something that a service is signed in to with ends. */
export interface CredentialEnd {
  /** `tenant contoso`, `jira default`, `abuseipdb`. */
  subject: string;
  /** Whose sign-in it is, when it is a tenant's. */
  tenant?: TenantId;
  /** For people: `the certificate AB12CD34…`, `the secret in Key Vault`. */
  what: string;
  /** What to do about it. */
  mend: string;
  endsAt: EpochMs;
}

/** All that is known of when credentials end: certificates say it themselves, a vault says it of secrets that have a date. */
export function credentialEnds({ sites, tenants, abuseipdb, vault }: Config): readonly CredentialEnd[] {
  const fromVault = (subject: string, secret: string): CredentialEnd[] => {
    const endsAt = vault?.endsAt(secret);
    const mend = 'make a new one and store it in the vault as the present version';
    return endsAt === undefined ? [] : [{ subject, what: 'the secret in Key Vault', mend, endsAt }];
  };
  return [
    ...sites.flatMap(({ site, auth }) =>
      fromVault(`jira ${site}`, auth.kind === 'password' ? auth.password : auth.token),
    ),
    ...tenants.flatMap(({ tenant, auth }) => {
      const subject = `tenant ${tenant}`;
      const ends =
        auth.kind === 'entra' && auth.credential.kind === 'certificate' && auth.credential.pem !== NOT_READ_YET
          ? [{ subject, ...certificateEnd(auth.credential.pem) }]
          : fromVault(subject, secretOf(auth));
      return ends.map((end) => ({ ...end, tenant }));
    }),
    ...(abuseipdb ? fromVault('abuseipdb', abuseipdb.key) : []),
  ];
}

function secretOf(auth: TenantAuth): string {
  if (auth.kind === 'token') return auth.token;
  return auth.credential.kind === 'secret' ? auth.credential.secret : '';
}

/** Named by the thumbprint as the portal lists it. */
function certificateEnd(pem: string): Omit<CredentialEnd, 'subject'> {
  const certificate = new X509Certificate(pem);
  return {
    what: `the certificate ${certificate.fingerprint.replaceAll(':', '').slice(0, 8)}…`,
    mend: 'upload a new one to the app, then point auth.certificate at it',
    endsAt: Date.parse(certificate.validTo),
  };
}
