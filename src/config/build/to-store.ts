import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { PostgresConfig, StoreConfig } from '../config.ts';
import { isLoopback } from '../loopback.ts';
import { keyPath, type Problems } from '../problems.ts';
import { type References, type Resolution, resolveReferences, whyUnreadable } from '../secrets/secret.ts';

type Refuse = (says: string, mend: string) => void;

/** Parameters that a URL of Postgres may carry, of those of libpq (PostgreSQL 18 §32.1.2). */
const PARAMETERS: readonly string[] = ['sslmode', 'sslrootcert', 'host'];

/** libpq's modes that encrypt in any case. Here all of them verify: encryption to whoever answers keeps nobody out. */
const ENCRYPTED: readonly string[] = ['require', 'verify-ca', 'verify-full'];

const FORM = 'write postgres://USER@HOST/DATABASE';

/** Makes the store's configuration of its value with references resolved; messages never show that value. */
export function toStore(written: string, folder: string, problems: Problems): StoreConfig {
  const refuse: Refuse = (says, mend) => problems.add({ key: keyPath('', 'store'), says, mend });
  if (isPostgresUrl(written)) return toPostgres(written, folder, refuse);
  const mend = `name a SQLite file, or ${FORM}`;
  if (/:\/\//.test(written) || written === ':memory:') refuse('is not the path of a file', mend);
  else if (/[/\\]$/.test(written)) refuse('is a folder', 'name a file in it, such as casewire.db');
  else if (written.startsWith('~')) refuse('~ is not expanded here', 'write the path in full');
  const path = resolve(folder, written);
  return { kind: 'sqlite', path, name: path };
}

/** Whether a value of `store` means a Postgres database. */
export function isPostgresUrl(written: string): boolean {
  return /^\s*postgres(ql)?:\/\//i.test(written);
}

/** Whether a password stands in a URL itself, instead of a reference to one. */
export function hasLiteralPassword(written: string): boolean {
  const bare = written.replace(/\$\{[^{}]*\}/g, '');
  return isPostgresUrl(bare) && (/^[^/]*:\/\/[^/]*:[^/]+@/.test(bare) || /[?&]password=[^&]/i.test(bare));
}

/** Puts in the references of a URL: what stands before the host may hold any character, and is written as a URL needs it. */
export function resolveUrl(written: string, from: References): Resolution {
  const masked = written.replace(/\$\{[^{}]*\}/g, (reference) => '_'.repeat(reference.length));
  const host = masked.lastIndexOf('@') + 1;
  const user = resolveReferences(written.slice(0, host), from, encodeURIComponent);
  const rest = resolveReferences(written.slice(host), from);
  return {
    text: user.text + rest.text,
    values: [...user.values, ...rest.values],
    refusals: [...user.refusals, ...rest.refusals],
  };
}

/** What of a store's configuration must never be shown: its password, as it is and as a URL has it. */
export function secretsOfStore(store: StoreConfig): string[] {
  if (store.kind === 'sqlite' || store.password === undefined) return [];
  return [...new Set([store.password, encodeURIComponent(store.password)])];
}

function toPostgres(written: string, folder: string, refuse: Refuse): PostgresConfig {
  const broken: PostgresConfig = { kind: 'postgres', name: '', host: '', port: 0, user: '', database: '' };
  // A URL needs a host; without one it is named by the parameter.
  const url = URL.parse(written.trim().replace(/^(\w+:\/\/[^/]*@)(?=\/)/, '$1-'));
  if (!url) {
    refuse('is not the URL of a Postgres database', FORM);
    return broken;
  }
  const parameters = url.searchParams;
  const unknown = [...parameters.keys()].find((name) => !PARAMETERS.includes(name));
  if (unknown !== undefined) refuse('its URL has a parameter that is unknown', `allowed: ${PARAMETERS.join(', ')}`);
  const [user, password, inUrl] = [url.username, url.password, url.hostname].map(decode);
  const database = decode(url.pathname.slice(1));
  const host = parameters.get('host') ?? (inUrl ?? '').replace(/^-$/, '').replace(/^\[|\]$/g, '');
  if (parameters.has('host') && !host.startsWith('/'))
    refuse('its parameter host is not the folder of a socket', 'write any other host before the database');
  if ([user, password, inUrl, database].includes(undefined)) refuse('is not the URL of a Postgres database', FORM);
  else if (!user) refuse('names no user', FORM);
  else if (!host) refuse('names no host', `${FORM}, or ?host=/FOLDER for a socket`);
  else if (!database || database.includes('/')) refuse('names no database', FORM);
  const port = url.port === '' ? 5432 : Number(url.port);
  const tls = toTls(host, { parameters, folder, refuse });
  const shown = host.startsWith('/') ? '' : url.host;
  const socket = host.startsWith('/') ? `?host=${host}` : '';
  return {
    kind: 'postgres',
    name: `postgres://${url.username}@${shown}/${url.pathname.slice(1)}${socket}`,
    host,
    port,
    user: user ?? '',
    database: database ?? '',
    ...(password ? { password } : {}),
    ...(tls ? { tls } : {}),
  };
}

/** Beyond this machine the connection is encrypted and the server's certificate and name are verified. */
function toTls(
  host: string,
  { parameters, folder, refuse }: { parameters: URLSearchParams; folder: string; refuse: Refuse },
): PostgresConfig['tls'] {
  const isNear = host.startsWith('/') || isLoopback(host);
  const mode = parameters.get('sslmode') ?? (isNear ? 'disable' : 'verify-full');
  if (mode === 'disable' && isNear) return undefined;
  if (!ENCRYPTED.includes(mode)) {
    const says = `sslmode=${/^[\w-]{1,20}$/.test(mode) ? mode : '…'} would let the connection to another machine be read or taken over`;
    refuse(says, 'leave it out or write sslmode=verify-full (disable is for loopback addresses and sockets only)');
    return undefined;
  }
  const file = parameters.get('sslrootcert');
  if (file === null || file === 'system') return {};
  try {
    const ca = readFileSync(resolve(folder, file), 'utf8');
    if (ca.includes('-----BEGIN CERTIFICATE-----')) return { ca };
    refuse(`sslrootcert ${file} holds no certificate`, 'name a PEM file with the certificate of the authority');
  } catch (error) {
    refuse(`sslrootcert ${file} cannot be read: ${whyUnreadable(error)}`, 'name a PEM file beside this one');
  }
  return {};
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
