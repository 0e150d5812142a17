import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type { EpochMs } from '../domain/time.ts';
import { readCertificate } from './build/read-certificate.ts';
import type { ConfigProblem, VaultUse } from './config.ts';
import { type ConfigSource, type LoadResult, parseConfig } from './parse-config.ts';
import { NOT_READ_YET, whyUnreadable } from './secrets/secret.ts';
import { readAll, type Vault, type VaultReference, type VaultRefusal, type VaultSecret } from './secrets/vault.ts';

export type { LoadResult } from './parse-config.ts';

export interface LoadOptions {
  /** What `--config` names; else `casewire.yaml` in `cwd` is read, else what `CASEWIRE_CONFIG` names. */
  file?: string;
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Where `${keyvault:…}` is read; Azure Key Vault unless given. */
  vault?: Vault;
  /** `if there`: for who reads the ledger alone. */
  secrets?: ConfigSource['secrets'];
}

/** Reads the configuration, with a file `.env` beside it; answers it frozen and whole, or everything that is wrong with it. */
export async function loadConfig(options: LoadOptions): Promise<LoadResult> {
  const found = await findFile(options);
  if ('says' in found) return refused(found);
  const envPath = join(dirname(found.path), '.env');
  const besides = await readEnvFile(envPath);
  if ('says' in besides) return refused({ file: envPath, ...besides });
  return loadSource(
    { ...found, env: { ...besides.env, ...defined(options.env) }, secrets: options.secrets },
    options.vault,
  );
}

/**
 * Reads a configuration's text, and the vaults it refers to: none is asked before everything else is right, and without
 * a reference to one nothing of it is loaded.
 */
export async function loadSource(source: ConfigSource, given?: Vault): Promise<LoadResult> {
  const wanted = new Map<string, VaultReference>();
  const result = parseConfig({
    ...source,
    vault: (reference) => {
      wanted.set(reference.address, reference);
      return NOT_READ_YET;
    },
  });
  if (wanted.size === 0 || !result.ok) return result;
  const vault = given ?? (await import('./secrets/key-vault.ts')).azureVault(source.env);
  const found = await readAll(vault, [...wanted.values()]);
  const whole = parseConfig({ ...source, vault: ({ address }) => secretIn(found.get(address)) });
  if (!whole.ok) return whole;
  const use = { identity: vault.identity() ?? 'an identity of Azure', secrets: wanted.size };
  const secrets = new Map<VaultReference, VaultSecret>();
  for (const [address, reference] of wanted) {
    const answer = found.get(address);
    if (answer && 'value' in answer) secrets.set(reference, answer);
  }
  const more = { newer: newerOf(vault, secrets), endsAt: (value: string) => endOf(value, secrets) };
  return { ok: true, config: Object.freeze({ ...whole.config, vault: { ...use, ...more } }) };
}

function secretIn(answer: VaultSecret | VaultRefusal | undefined): string | VaultRefusal {
  return answer === undefined ? { says: 'was not read' } : 'value' in answer ? answer.value : answer;
}

/**
 * A version that is named stays what it is. A vault that cannot be read now changes nothing: the sign-in's own failure
 * stands. Who comes late with a value that was replaced before gets the present one.
 */
function newerOf(vault: Vault, secrets: Map<VaultReference, VaultSecret>): VaultUse['newer'] {
  const replaced = new Map<VaultReference, Set<string>>();
  return async (former) => {
    for (const [reference, { value }] of secrets) {
      if (replaced.get(reference)?.has(former) && asUsed(value) !== former) return asUsed(value);
      if (reference.version !== undefined || asUsed(value) !== former) continue;
      const answer = await vault.read(reference);
      if (!('value' in answer) || answer.value === value) continue;
      secrets.set(reference, answer);
      replaced.set(reference, (replaced.get(reference) ?? new Set()).add(former));
      return asUsed(answer.value);
    }
    return undefined;
  };
}

/** The earliest, where several references give one value. */
function endOf(value: string, secrets: ReadonlyMap<VaultReference, VaultSecret>): EpochMs | undefined {
  const same = [...secrets.values()].filter((secret) => asUsed(secret.value) === value);
  const ends = same.flatMap(({ endsAt }) => endsAt ?? []);
  return ends.length === 0 ? undefined : Math.min(...ends);
}

/** A certificate is used without what else stands in its PEM text. */
function asUsed(value: string): string {
  if (!value.includes('-----BEGIN ')) return value;
  const reading = readCertificate(value, '');
  return 'pem' in reading ? reading.pem : value;
}

function refused({ file, says, mend }: NotFound): LoadResult {
  const problem: ConfigProblem = { file, line: 1, column: 1, key: '', says, ...(mend === undefined ? {} : { mend }) };
  return { ok: false, problems: [problem] };
}

interface Found {
  path: string;
  source: string;
  /** The path as messages show it. */
  file: string;
}

interface NotFound {
  file: string;
  says: string;
  mend?: string;
}

async function findFile({ file, cwd, env }: LoadOptions): Promise<Found | NotFound> {
  if (file !== undefined) return readSource(resolve(cwd, file), cwd);
  const usual = await readSource(join(cwd, 'casewire.yaml'), cwd);
  if (!('absent' in usual)) return usual;
  if (env.CASEWIRE_CONFIG) return readSource(resolve(cwd, env.CASEWIRE_CONFIG), cwd);
  const mend = 'name one with --config FILE or CASEWIRE_CONFIG, or write casewire.yaml here (docs/configure.md)';
  return { file: 'casewire.yaml', says: `there is no configuration in ${cwd}`, mend };
}

async function readSource(path: string, cwd: string): Promise<Found | (NotFound & { absent?: true })> {
  const below = relative(cwd, path);
  const file = below === '' || below.startsWith('..') || isAbsolute(below) ? path : below;
  try {
    const bytes = await readFile(path);
    return { path, file, source: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch (error) {
    if (error instanceof TypeError) return { file, says: 'is not UTF-8 text', mend: 'save it as UTF-8' };
    const absent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return { file, says: `cannot be read: ${whyUnreadable(error)}`, ...(absent ? { absent } : {}) };
  }
}

async function readEnvFile(path: string): Promise<{ env: NodeJS.Dict<string> } | { says: string }> {
  try {
    return { env: parseEnv(await readFile(path, 'utf8')) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { env: {} };
    return { says: `cannot be read: ${whyUnreadable(error)}` };
  }
}

/** A variable that is not set must not hide the one in `.env`. */
function defined(env: LoadOptions['env']): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
