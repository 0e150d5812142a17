import { type Dirent, readdirSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../config/config.ts';
import type { CheckLine } from '../../domain/check.ts';

/** Rights of the group and of all others (inode(7)). */
const OTHERS = 0o077;

/**
 * Warns of a ledger and of delivered reports that others than their owner may read: files of ours are made for the
 * owner alone, but an older version, a copy or a person may have made them otherwise. Windows has no such rights.
 */
export function checkOwnerAlone({ store, reports }: Pick<Config, 'store' | 'reports'>): CheckLine[] {
  if (process.platform === 'win32') return [];
  const files = store.kind === 'sqlite' ? ['', '-wal', '-shm'].map((end) => `${store.path}${end}`) : [];
  const folder = reports.deliver?.folder;
  return [...ofStore(files.filter(isOpen)), ...(folder === undefined ? [] : ofReports(folder))];
}

function ofStore(open: readonly string[]): CheckLine[] {
  const [first] = open;
  if (first === undefined) return [];
  const others = open.length === 1 ? '' : ` and ${open.length - 1} beside it`;
  const says = `others than its owner have rights to ${first} (mode ${modeOf(first)})${others}`;
  return [{ subject: 'store', level: 'warning', says, mend: `chmod go= ${open.join(' ')}` }];
}

function ofReports(folder: string): CheckLine[] {
  if (!isOpen(folder)) return [];
  const [first, ...more] = filesIn(folder).filter(isOpen);
  if (first === undefined) return [];
  const others = more.length === 0 ? '' : ` and ${more.length} more in ${folder}`;
  const says = `others than its owner have rights to ${first} (mode ${modeOf(first)})${others}`;
  return [{ subject: 'reports', level: 'warning', says, mend: `chmod -R go= ${folder}` }];
}

function isOpen(path: string): boolean {
  return ((statsOf(path)?.mode ?? 0) & OTHERS) !== 0;
}

function modeOf(path: string): string {
  return ((statsOf(path)?.mode ?? 0) & 0o777).toString(8).padStart(4, '0');
}

/** A file that cannot be looked at is for whoever opens it to tell of. */
function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function filesIn(folder: string): string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  } catch {
    // A folder that cannot be read is told of when a report is put into it.
    return [];
  }
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
