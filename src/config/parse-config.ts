import { dirname } from 'node:path';
import { LineCounter, parseDocument, type YAMLError } from 'yaml';
import { toConfig } from './build/to-config.ts';
import { secretsOfStore } from './build/to-store.ts';
import type { Config, ConfigProblem } from './config.ts';
import { Problems } from './problems.ts';
import { readSettings } from './read-settings.ts';
import type { References, VaultLookUp } from './secrets/secret.ts';

export interface ConfigSource {
  /** The file's text. */
  source: string;
  /** Absolute path of the file; its folder is where relative paths go from. */
  path: string;
  /** The path as messages show it. */
  file: string;
  env: References['env'];
  /** What was read of a vault; without it `${keyvault:…}` is refused. */
  vault?: VaultLookUp | undefined;
  secrets?: References['secrets'];
}

export type LoadResult = { ok: true; config: Config } | { ok: false; problems: ConfigProblem[] };

/** Reads a configuration's text; besides the files of `${file:…}` references it touches nothing. */
export function parseConfig({ source, path, file, env, vault, secrets: needed }: ConfigSource): LoadResult {
  const lines = new LineCounter();
  const problems = new Problems(file, lines);
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const flaws = [...document.errors, ...document.warnings];
  for (const flaw of flaws) problems.add({ key: '', offset: flaw.pos[0], ...sayFlaw(flaw) });
  if (flaws.length > 0) return { ok: false, problems: problems.list() };
  const { settings, secrets } = readSettings({
    document,
    source,
    problems,
    references: { env, folder: dirname(path), vault, secrets: needed },
  });
  const config = settings && toConfig(settings, path, problems);
  const list = problems.list();
  if (!config || list.length > 0) return { ok: false, problems: list };
  return {
    ok: true,
    config: freeze({
      ...config,
      secrets: [
        ...secrets,
        ...basicPairs(config),
        ...privateKeys(config),
        ...mailPasswords(config),
        ...secretsOfStore(config.store),
      ],
    }),
  };
}

/** YAML's own words, except where they would repeat what stands in the file, which may be a secret. */
function sayFlaw({ code, message }: YAMLError): { says: string; mend?: string } {
  if (code === 'TAG_RESOLVE_FAILED') return { says: 'a value that starts with ! is a tag', mend: 'put it in quotes' };
  if (message.startsWith('Block scalar header'))
    return { says: 'text stands behind | or >', mend: 'put the value in quotes, or begin it in the next line' };
  if (code === 'MULTIPLE_DOCS') return { says: 'a second document begins here', mend: 'keep one document in the file' };
  return { says: `is not valid YAML: ${message}` };
}

/** Basic sign-in sends a pair as one text, which a service may echo in base64 (RFC 7617 §2). */
function basicPairs({ sites }: Pick<Config, 'sites'>): string[] {
  return sites.flatMap(({ auth }) => {
    if (auth.kind === 'email-token') return [`${auth.email}:${auth.token}`];
    return auth.kind === 'password' ? [`${auth.username}:${auth.password}`] : [];
  });
}

/** Tenants that share an application share its certificate. */
function privateKeys({ tenants }: Pick<Config, 'tenants'>): ReadonlySet<string> {
  return new Set(
    tenants.flatMap(({ auth }) =>
      auth.kind === 'entra' && auth.credential.kind === 'certificate' ? [auth.credential.pem] : [],
    ),
  );
}

/** A mail server may name the password alone, as it is and not as it stands in a URL. */
function mailPasswords({ reports }: Pick<Config, 'reports'>): string[] {
  const { password = '' } = URL.parse(reports.deliver?.mail?.server ?? '') ?? {};
  return password === '' ? [] : [decodeURIComponent(password)];
}

function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const member of Object.values(value)) freeze(member);
  return Object.freeze(value);
}
