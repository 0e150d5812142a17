import type { EpochMs } from '../../domain/time.ts';

/** One secret in Azure Key Vault, as `${keyvault:https://VAULT/secrets/NAME[/VERSION]}` names it. */
export interface VaultReference {
  /** The address as it is written. */
  address: string;
  /** Base URL of the vault. */
  vault: string;
  name: string;
  /** Absent: the present version, which may be another one later. */
  version?: string;
}

/** Why a secret could not be had, in words of its own; never with a part of a secret. */
export interface VaultRefusal {
  says: string;
  mend?: string;
  /** It concerns every secret: none can be read. */
  all?: true;
}

/** What a vault holds under a reference. */
export interface VaultSecret {
  value: string;
  /** Where it has a date of expiry. */
  endsAt?: EpochMs;
}

/** Reads secrets; what cannot be read is answered with the reason. */
export interface Vault {
  read(reference: VaultReference): Promise<VaultSecret | VaultRefusal>;
  /** Which identity the vault was read with, once it was; for people. */
  identity(): string | undefined;
}

const ADDRESS = /^https:\/\/([^/?#@\s]+)\/secrets\/([0-9a-zA-Z-]{1,127})(?:\/([0-9a-fA-F]{32}))?\/?$/;

/**
 * Takes an address apart (Key Vault REST API, "Get Secret"; a name has letters, digits and dashes, a version 32
 * hexadecimal digits); `undefined` when it is none. A vault is reached by TLS only.
 */
export function parseVaultAddress(address: string): VaultReference | undefined {
  const [, host, name, version] = ADDRESS.exec(address) ?? [];
  if (host === undefined || name === undefined || !URL.canParse(`https://${host}`)) return undefined;
  return { address, vault: `https://${host}`, name, ...(version === undefined ? {} : { version }) };
}

/** Reads many secrets, each once: the first alone, which signs in for all, then a few at a time. */
export async function readAll(
  vault: Vault,
  references: readonly VaultReference[],
): Promise<ReadonlyMap<string, VaultSecret | VaultRefusal>> {
  const found = new Map<string, VaultSecret | VaultRefusal>();
  const [first, ...waiting] = references;
  if (!first) return found;
  const answer = await vault.read(first);
  found.set(first.address, answer);
  if ('says' in answer && answer.all) return new Map(references.map(({ address }) => [address, answer]));
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) found.set(next.address, await vault.read(next));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return found;
}

const AT_ONCE = 8;
