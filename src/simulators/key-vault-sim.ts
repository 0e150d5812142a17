import { randomBytes } from 'node:crypto';
import type { EntraSim } from './entra-sim.ts';
import { type SimOptions, SimServer } from './sim-server.ts';
import { json, type SimAnswer, type SimRequest } from './wire.ts';

/** Whom a token for Key Vault is for in the public cloud ("Authentication, requests and responses"). */
export const VAULT_RESOURCE = 'https://vault.azure.net';

interface SimVersion {
  id: string;
  value: string;
  enabled: boolean;
  /** When it ends; Key Vault counts seconds. */
  endsAt?: number;
}

export interface KeyVaultSimOptions extends SimOptions {
  /** Whose access tokens are taken. */
  entra: EntraSim;
  /** The tenant that a challenge names. */
  tenantId: string;
}

/** The secrets of one Azure Key Vault (REST API, "Get Secret", 7.4 and later; read 2026-11). */
export class KeyVaultSim extends SimServer {
  /** Versions by name, the newest last. */
  readonly secrets = new Map<string, SimVersion[]>();
  /** Clients that may read; all when empty. */
  readonly readers = new Set<string>();
  readonly #entra: EntraSim;
  readonly #tenantId: string;

  constructor(options: KeyVaultSimOptions) {
    super(options);
    this.#entra = options.entra;
    this.#tenantId = options.tenantId;
  }

  /** Adds a version, which is the present one from now on; returns its id. */
  setSecret(
    name: string,
    value: string,
    { enabled = true, endsAt }: { enabled?: boolean; endsAt?: number } = {},
  ): string {
    const id = randomBytes(16).toString('hex');
    this.secrets.set(name, [
      ...(this.secrets.get(name) ?? []),
      { id, value, enabled, ...(endsAt === undefined ? {} : { endsAt }) },
    ]);
    return id;
  }

  protected answer({ method, path, query, headers }: SimRequest): SimAnswer | undefined {
    const [, name, versionId] = /^\/secrets\/([0-9a-zA-Z-]+)(?:\/([0-9a-f]*))?$/.exec(path) ?? [];
    if (name === undefined || method !== 'GET') return undefined;
    const caller = this.#entra.bearer(headers.authorization, VAULT_RESOURCE);
    if (!caller) return this.#challenge();
    if (!query.has('api-version')) return refused(400, 'BadParameter', 'api-version must be specified');
    if (this.readers.size > 0 && !this.readers.has(caller.clientId))
      return refused(403, 'Forbidden', 'Caller is not authorized to perform action on resource.');
    const versions = this.secrets.get(name) ?? [];
    const version = versionId ? versions.find(({ id }) => id === versionId) : versions.at(-1);
    if (!version)
      return refused(404, 'SecretNotFound', `A secret with (name/id) ${name} was not found in this key vault.`);
    if (!version.enabled) return refused(403, 'Forbidden', 'Operation get is not allowed on a disabled secret.');
    const id = `${this.url}/secrets/${name}/${version.id}`;
    return json(200, {
      value: version.value,
      id,
      attributes: {
        enabled: true,
        ...(version.endsAt === undefined ? {} : { exp: Math.floor(version.endsAt / 1000) }),
        recoveryLevel: 'Recoverable+Purgeable',
      },
    });
  }

  #challenge(): SimAnswer {
    const challenge = `Bearer authorization="${this.#entra.url}/${this.#tenantId}", resource="${VAULT_RESOURCE}"`;
    return json(401, error('Unauthorized', 'AKV10000: Request is missing a Bearer token.'), {
      'www-authenticate': challenge,
    });
  }
}

/** Starts a vault; its address is https when the options carry a certificate, and the SDK takes no other. */
export function startKeyVaultSim(options: KeyVaultSimOptions): Promise<KeyVaultSim> {
  return new KeyVaultSim(options).listen();
}

function error(code: string, message: string) {
  return { error: { code, message } };
}

function refused(status: number, code: string, message: string): SimAnswer {
  return json(status, error(code, message));
}
