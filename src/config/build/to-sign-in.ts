import type { TenantAuth } from '../config.ts';
import { keyPath, type Problems } from '../problems.ts';
import { REFERENCES_ALLOWED } from '../secrets/secret.ts';
import type { Loose, TenantSettings } from '../shape/schema.ts';
import { readCertificate } from './read-certificate.ts';

/** The global cloud (Microsoft Graph, "National cloud deployments", read 2026-11). */
const AUTHORITY = 'https://login.microsoftonline.com';
const GRAPH = 'https://graph.microsoft.com';

type Auth = Loose<TenantSettings['auth']>;

const ENTRA_KEYS = ['authority', 'graph', 'tenantId', 'clientId', 'clientSecret', 'certificate'] as const;

export interface SignInAt {
  /** The key of the tenant's `auth`. */
  path: string;
  /** Where certificate paths go from. */
  folder: string;
  problems: Problems;
  /** Whether the source takes a token that a person made. */
  takesToken: boolean;
}

/** Makes a tenant's sign-in, and checks that its keys are whole and do not contradict each other. */
export function toSignIn(auth: Auth, at: SignInAt): TenantAuth | undefined {
  const entra = ENTRA_KEYS.filter((key) => key in auth);
  const refuse = (key: string, says: string, mend: string) =>
    at.problems.add({ key: key === '' ? at.path : keyPath(at.path, key), says, mend });
  if ('token' in auth && !at.takesToken)
    refuse('token', 'is for Defender for Cloud Apps', 'Graph takes tenantId, clientId and clientSecret or certificate');
  else if ('token' in auth && entra.length > 0)
    refuse('token', `stands beside ${entra.join(', ')}`, 'sign in by a legacy token, or by an app of Entra');
  else if ('token' in auth) return auth.token === undefined ? undefined : { kind: 'token', token: auth.token };
  else if (entra.length > 0) return toEntra(auth, at, refuse);
  else if (at.takesToken)
    refuse(
      'token',
      'is missing',
      `give a legacy API token (${REFERENCES_ALLOWED}), or tenantId, clientId and clientSecret`,
    );
  else refuse('', 'holds no way to sign in', 'give tenantId, clientId and clientSecret or certificate');
  return undefined;
}

function toEntra(
  auth: Auth,
  { folder, path, problems }: SignInAt,
  refuse: (key: string, says: string, mend: string) => void,
): TenantAuth | undefined {
  const { tenantId, clientId, clientSecret, certificate, authority = AUTHORITY, graph = GRAPH } = auth;
  if (!('tenantId' in auth)) refuse('tenantId', 'is missing', 'give the tenant’s id (Entra admin center, Overview)');
  if (!('clientId' in auth))
    refuse('clientId', 'is missing', 'give the Application (client) ID of the app registration');
  if (tenantId !== undefined && new RegExp(`/${tenantId}$`, 'i').test(authority))
    refuse('authority', 'ends with the tenant id', 'leave it out there: tenantId says it');
  if ('clientSecret' in auth && 'certificate' in auth)
    refuse('certificate', 'stands beside clientSecret', 'give one of them');
  else if (!('clientSecret' in auth) && !('certificate' in auth))
    refuse('clientSecret', 'is missing', `give one (${REFERENCES_ALLOWED}), or a certificate`);
  const known = { kind: 'entra' as const, authority, graph, tenantId: tenantId ?? '', clientId: clientId ?? '' };
  if (clientSecret !== undefined) return { ...known, credential: { kind: 'secret', secret: clientSecret } };
  if (certificate === undefined) return undefined;
  const reading = readCertificate(certificate, folder);
  if ('pem' in reading) return { ...known, credential: { kind: 'certificate', pem: reading.pem } };
  problems.add({ key: keyPath(path, 'certificate'), ...reading });
  return undefined;
}
