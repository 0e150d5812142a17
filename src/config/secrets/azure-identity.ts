import type { AccessToken, GetTokenOptions, TokenCredential } from '@azure/identity';

type Identity = typeof import('@azure/identity');
type Env = Readonly<Record<string, string | undefined>>;

interface Link {
  name: string;
  credential: TokenCredential;
  /** One that the environment names and that fails is an error to be told, not a reason to try the next. */
  configured: boolean;
}

/**
 * Signs in to Azure with what the machine offers: an app in the environment, workload identity, managed identity, the
 * account of Azure CLI, in this order (Azure SDK for JavaScript, "DefaultAzureCredential", 4.14, whose chain does not
 * say which of them it used). Once one has worked, it is the one.
 */
export class AzureIdentity implements TokenCredential {
  readonly #links: readonly Link[];
  #used: { link: Link; claims: Record<string, unknown> } | undefined;

  constructor(identity: Identity, env: Env) {
    this.#links = linksOf(identity, env);
  }

  /** Which identity worked, for people. */
  get used(): string | undefined {
    if (!this.#used) return undefined;
    const { link, claims } = this.#used;
    const who = claims.upn ?? claims.unique_name ?? claims.appid ?? claims.oid;
    return typeof who === 'string' ? `${link.name} ${who}` : link.name;
  }

  async getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken | null> {
    const links = this.#used ? [this.#used.link] : this.#links;
    const failures: string[] = [];
    for (const link of links) {
      try {
        const token = await link.credential.getToken(scopes, options);
        if (!token) continue;
        this.#used = { link, claims: claimsOf(token.token) };
        return token;
      } catch (error) {
        const why = firstLine(error);
        if (link.configured) throw new IdentityFailure(`${link.name} cannot sign in: ${why}`);
        failures.push(`${link.name}: ${why}`);
      }
    }
    throw new IdentityFailure(`there is no identity to sign in to Azure with (${failures.join('; ')})`);
  }
}

/** No identity could sign in; the message says which were tried. */
export class IdentityFailure extends Error {}

function linksOf(identity: Identity, env: Env): Link[] {
  const { AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId, AZURE_AUTHORITY_HOST: authorityHost } = env;
  const { AZURE_CLIENT_SECRET: secret, AZURE_CLIENT_CERTIFICATE_PATH: certificatePath } = env;
  // An authority that was named by hand is not looked up in the public cloud.
  const shared = authorityHost ? { authorityHost, disableInstanceDiscovery: true } : {};
  const links: Link[] = [];
  const app = (credential: TokenCredential) =>
    links.push({ name: 'the app of the environment', credential, configured: true });
  if (tenantId && clientId && secret) app(new identity.ClientSecretCredential(tenantId, clientId, secret, shared));
  else if (tenantId && clientId && certificatePath)
    app(new identity.ClientCertificateCredential(tenantId, clientId, { certificatePath }, shared));
  const tokenFilePath = env.AZURE_FEDERATED_TOKEN_FILE;
  if (tenantId && clientId && tokenFilePath) {
    const credential = new identity.WorkloadIdentityCredential({ ...shared, tenantId, clientId, tokenFilePath });
    links.push({ name: 'workload identity', credential, configured: true });
  }
  // The probe, which the SDK's own chain asks for too, ends the search at once where there is no such identity.
  const managed = { ...(clientId ? { clientId } : {}), sendProbeRequest: true };
  links.push({
    name: 'managed identity',
    credential: new identity.ManagedIdentityCredential(managed),
    configured: false,
  });
  links.push({ name: 'Azure CLI account', credential: new identity.AzureCliCredential(), configured: false });
  return links;
}

function claimsOf(token: string): Record<string, unknown> {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const [line = ''] = message.split(/[\r\n]| Trace ID:/, 1);
  return line.slice(0, 200).trim();
}
