import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseEnv } from 'node:util';
import { UsageError } from '../usage-error.ts';

/**
 * Writes a file whole or not at all. `new`: there must be none of this name, also at the last moment; `replace`: the
 * one that is there is kept under the name that is returned.
 * @throws UsageError when it cannot be written.
 */
export function writeWhole(path: string, text: string, how: 'new' | 'replace'): { keptAs?: string } {
  return explained(path, () => {
    const target = targetOf(path);
    const temporary = writeBeside(target, text, 0o644);
    try {
      if (how === 'new') {
        placeNew(temporary, path);
        return {};
      }
      const keptAs = existsSync(path) ? freeName(`${path}.old`) : undefined;
      if (keptAs !== undefined) copyFileSync(path, keptAs, constants.COPYFILE_EXCL);
      renameSync(temporary, target);
      return keptAs === undefined ? {} : { keptAs };
    } finally {
      rmSync(temporary, { force: true });
    }
  });
}

/**
 * Adds variables to an env file that its owner alone may read afterwards; what stands in it stays.
 * @throws UsageError when a value cannot be written so that it is read again as it is.
 */
export function addToEnvFile(path: string, values: ReadonlyMap<string, string>): void {
  if (values.size === 0) return;
  explained(path, () => {
    const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
    const gap = before === '' || before.endsWith('\n') ? '' : '\n';
    const lines = [...values].map(([name, value]) => `${name}=${envValue(name, value)}\n`);
    const target = targetOf(path);
    const temporary = writeBeside(target, before + gap + lines.join(''), 0o600);
    try {
      renameSync(temporary, target);
    } finally {
      rmSync(temporary, { force: true });
    }
  });
}

/** A value as Node reads it back (Node.js, "util.parseEnv"): bare, or in quotes that it does not hold. */
function envValue(name: string, value: string): string {
  const written = [value, ...["'", '"', '`'].map((quote) => quote + value + quote)];
  const found = written.find((one) => parseEnv(`A=${one}\nB=1\n`).A === value && parseEnv(`A=${one}\nB=1\n`).B === '1');
  if (found !== undefined) return found;
  throw new UsageError(
    `the value of ${name} cannot be written into .env`,
    `Put it into a file and refer to it: file:PATH`,
  );
}

/** Unlike a rename, a link never takes the place of a file that is there; some file systems have no links. */
function placeNew(temporary: string, path: string): void {
  try {
    linkSync(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' || existsSync(path)) throw error;
    renameSync(temporary, path);
  }
}

/** A file that is reached by a link stays where it is. */
function targetOf(path: string): string {
  return existsSync(path) ? realpathSync(path) : path;
}

/** A file of its own in the same folder, since a rename is whole only within one file system. */
function writeBeside(path: string, text: string, mode: number): string {
  const temporary = freeName(join(dirname(path), `.${basename(path)}.tmp`));
  const file = openSync(temporary, 'wx', mode);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
  return temporary;
}

function freeName(path: string): string {
  for (let number = 2, name = path; ; name = `${path}.${number++}`) if (!existsSync(name)) return name;
}

function explained<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new UsageError(`${path} is there already; it was left as it is`, 'Start again.');
    if (code === 'ENOENT') throw new UsageError(`${path} cannot be written: there is no folder ${dirname(path)}`);
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
      throw new UsageError(`${path} cannot be written: this account may not write there`);
    throw new UsageError(`${path} cannot be written: ${message}`);
  }
}
