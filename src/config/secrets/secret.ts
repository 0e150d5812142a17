import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { nearest } from '../../domain/nearest.ts';
import { parseVaultAddress, type VaultReference, type VaultRefusal } from './vault.ts';

/** Where references find their values. */
export interface References {
  env: Readonly<Record<string, string | undefined>>;
  /** The configuration's folder, from which `${file:…}` paths go. */
  folder: string;
  /** What was read of a vault. Left out: a vault has no say here. */
  vault?: VaultLookUp | undefined;
  /** `if there`: a secret that is not there is no problem, and no vault is asked but for the store's password. */
  secrets?: 'needed' | 'if there' | undefined;
}

/** The value of a secret in a vault, or why there is none. */
export type VaultLookUp = (reference: VaultReference) => string | VaultRefusal;

/**
 * Stands for every secret of a vault while the rest of a file is checked, as no vault is asked before that is done, and
 * for a secret that is not there where none is needed.
 */
export const NOT_READ_YET = 'a-secret-in-a-vault';

export interface Resolution {
  text: string;
  /** The values that were put in. */
  values: readonly string[];
  refusals: readonly { says: string; mend?: string | undefined }[];
}

/** The references that a file may hold, as messages show them. */
export const REFERENCES_ALLOWED = `\${env:NAME} or \${file:PATH}`;

const REFERENCE = /\$\{([^{}]*)\}/g;

/** A text that asks for a value from elsewhere. */
export const REFERENCE_PATTERN = /\$\{(env|file|keyvault):[^{}]+\}/;

/** Puts in the values of `${env:NAME}`, `${file:PATH}` and `${keyvault:ADDRESS}`; messages name the reference, never the value; `written` says how a value is put in. */
export function resolveReferences(
  text: string,
  from: References,
  written: (value: string) => string = (value) => value,
): Resolution {
  const values: string[] = [];
  const refusals: { says: string; mend?: string | undefined }[] = [];
  const resolved = text.replace(REFERENCE, (whole, inner: string) => {
    const answer = lookUp(inner, from);
    if (typeof answer !== 'string') {
      refusals.push(answer);
      return whole;
    }
    values.push(answer);
    return written(answer);
  });
  const open = /\$\{(?:env|file|keyvault):[^{}]*$/.exec(text);
  if (open) refusals.push({ says: 'a reference is not closed', mend: `write ${REFERENCES_ALLOWED}` });
  return { text: resolved, values, refusals };
}

function lookUp(
  inner: string,
  { env, folder, vault }: References,
): string | { says: string; mend?: string | undefined } {
  const [, kind, name = ''] = /^(\w+):\s*(.*?)\s*$/s.exec(inner) ?? [];
  if (kind === 'env' && name !== '') return fromEnvironment(name, env);
  if (kind === 'file' && name !== '') return fromFile(resolve(folder, name));
  if (kind === 'keyvault') return fromVault(name, vault);
  const guess = /^[A-Za-z_]\w*$/.test(inner) ? `\${env:${inner}}` : REFERENCES_ALLOWED;
  return { says: `\${${inner.slice(0, 40)}} is not a reference`, mend: `write ${guess}` };
}

function fromVault(address: string, vault: VaultLookUp | undefined) {
  const reference = parseVaultAddress(address);
  if (!reference)
    return {
      says: `\${keyvault:${address.slice(0, 80)}} is not a secret's address`,
      mend: `write \${keyvault:https://VAULT.vault.azure.net/secrets/NAME}`,
    };
  return vault?.(reference) ?? { says: `\${keyvault:…} is for secrets alone`, mend: `use ${REFERENCES_ALLOWED}` };
}

function fromEnvironment(name: string, env: References['env']) {
  const value = env[name];
  if (value) return value;
  if (value === '') return { says: `environment variable ${name} is empty` };
  const near = nearest(name, Object.keys(env));
  const mend = near ? `did you mean ${near}?` : `set it, or write ${name}=… into a file .env beside the configuration`;
  return { says: `environment variable ${name} is not set`, mend };
}

/** A file's text without the line ends that editors and `echo` leave behind it. */
function fromFile(path: string) {
  try {
    const value = readFileSync(path, 'utf8')
      .replace(/^\uFEFF/, '')
      .replace(/[\r\n]+$/, '');
    return value === '' ? { says: `file ${path} is empty` } : value;
  } catch (error) {
    return { says: `file ${path} cannot be read: ${whyUnreadable(error)}` };
  }
}

/** Says in words why a file could not be read (Node.js, "Common system errors"). */
export function whyUnreadable(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES' || code === 'EPERM') return 'this account may not read it';
  if (code === 'EISDIR') return 'it is a folder';
  return message;
}
