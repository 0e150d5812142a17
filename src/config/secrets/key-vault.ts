import type { SecretClient } from '@azure/keyvault-secrets';
import { AzureIdentity, IdentityFailure } from './azure-identity.ts';
import type { Vault, VaultReference, VaultRefusal } from './vault.ts';

type Env = Readonly<Record<string, string | undefined>>;

const DEADLINE_MS = 30_000;

const AN_IDENTITY =
  'set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, run where a managed or workload identity is, or `az login`';

const A_ROLE =
  'give it the role Key Vault Secrets User on the vault, or secrets/get in its access policies; look at the vault’s firewall too';

interface Packages {
  identity: typeof import('@azure/identity');
  secrets: typeof import('@azure/keyvault-secrets');
}

/**
 * Azure Key Vault by Microsoft's own packages, which are loaded here and nowhere else, on the first read: they are
 * optional, and slow to load (Key Vault REST API, "Get Secret").
 */
export function azureVault(env: Env, load: () => Promise<Packages> = loadPackages): Vault {
  const clients = new Map<string, SecretClient>();
  let azure: AzureIdentity | undefined;
  const clientOf = async (vault: string) => {
    const { identity, secrets } = await load();
    azure ??= new AzureIdentity(identity, env);
    const known = clients.get(vault);
    if (known) return known;
    // A loopback address lies in no domain that a challenge could name.
    const disableChallengeResourceVerification = /^https:\/\/(127\.0\.0\.1|localhost)(:|$)/.test(vault);
    const retryOptions = { maxRetries: 2 };
    const client = new secrets.SecretClient(vault, azure, { disableChallengeResourceVerification, retryOptions });
    clients.set(vault, client);
    return client;
  };
  return {
    identity: () => azure?.used,

    async read(reference) {
      const { vault, name, version } = reference;
      try {
        const client = await clientOf(vault);
        const options = {
          abortSignal: AbortSignal.timeout(DEADLINE_MS),
          ...(version === undefined ? {} : { version }),
        };
        const { value, properties } = await client.getSecret(name, options);
        const endsAt = properties.expiresOn?.getTime();
        const dated = endsAt === undefined ? {} : { endsAt };
        return value
          ? { value: value.replace(/[\r\n]+$/, ''), ...dated }
          : { says: `secret ${name} in ${vault} is empty` };
      } catch (error) {
        return refusalOf(error, reference, azure?.used);
      }
    },
  };
}

async function loadPackages(): Promise<Packages> {
  const [identity, secrets] = await Promise.all([import('@azure/identity'), import('@azure/keyvault-secrets')]);
  return { identity, secrets };
}

interface ServiceError {
  name?: string;
  message?: string;
  /** Status of an answer (`RestError` of the SDK). */
  statusCode?: number;
  /** Key Vault's own word, or the system's: `SecretNotFound`, `ENOTFOUND`. */
  code?: string;
}

function refusalOf(error: unknown, { vault, name }: VaultReference, identity = 'this identity'): VaultRefusal {
  const { statusCode, code = '', message = '' } = error as ServiceError;
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND')
    return {
      says: 'Key Vault needs packages of Microsoft that are not installed',
      mend: 'npm install @azure/identity @azure/keyvault-secrets',
      all: true,
    };
  if (error instanceof IdentityFailure) return { says: message, mend: AN_IDENTITY, all: true };
  const [line = ''] = message.split(/[\r\n]/, 1);
  const words = line.slice(0, 200);
  if (statusCode === 404)
    return { says: `there is no such secret ${name} in ${vault}`, mend: 'check name and version' };
  if (statusCode === 403 && /disabled/i.test(`${code} ${message}`))
    return { says: `secret ${name} in ${vault} is disabled`, mend: 'switch it on, or name another version' };
  if (statusCode === 401 || statusCode === 403)
    return { says: `${vault} does not let ${identity} read secret ${name}: ${words}`, mend: A_ROLE };
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return { says: `there is no ${new URL(vault).host}`, mend: 'check the vault’s name and this machine’s DNS' };
  if (/CERT|TLS|VERIFY|SELF_SIGNED/.test(code))
    return {
      says: `the certificate of ${vault} is not trusted here (${code})`,
      mend: 'add your own authority with NODE_EXTRA_CA_CERTS',
    };
  const why = statusCode === undefined ? words : `it answered ${statusCode}: ${words}`;
  return { says: `secret ${name} in ${vault} could not be read: ${why}` };
}
