import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type { ConfigProblem } from './config.ts';
import { type LoadResult, parseConfig } from './parse-config.ts';
import { whyUnreadable } from './secret.ts';

export type { LoadResult } from './parse-config.ts';

export interface LoadOptions {
  /** What `--config` names; else `casewire.yaml` in `cwd` is read, else what `CASEWIRE_CONFIG` names. */
  file?: string;
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
}

/** Reads the configuration, with a file `.env` beside it; answers it frozen and whole, or everything that is wrong with it. */
export async function loadConfig(options: LoadOptions): Promise<LoadResult> {
  const found = await findFile(options);
  if ('says' in found) return refused(found);
  const envPath = join(dirname(found.path), '.env');
  const besides = await readEnvFile(envPath);
  if ('says' in besides) return refused({ file: envPath, ...besides });
  return parseConfig({ ...found, env: { ...besides.env, ...defined(options.env) } });
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
