import { dirname } from 'node:path';
import { StoreFailure, StoreRefusal } from '../../domain/failure.ts';
import { damaged } from './quick-check.ts';

/** SQLite's word for how a call failed, such as `SQLITE_BUSY_SNAPSHOT` (sqlite.org/rescode.html); empty for other errors. */
function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : '';
}

/** Whether another connection holds the lock that a step needs: the same step may succeed later. */
export function isBusy(error: unknown): boolean {
  return /^SQLITE_(BUSY|LOCKED)/.test(codeOf(error));
}

/**
 * An error of SQLite in words for people, when it speaks of the file or its disk. An error of a statement stays as it
 * is: that is a fault of ours, or of the values that were stored.
 */
export function toSqliteFailure(error: unknown, path: string): unknown {
  if (error instanceof StoreFailure) return error;
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  if (/^SQLITE_(TOOBIG|MISMATCH|CONSTRAINT_NOTNULL)/.test(code))
    return new StoreRefusal(`the store takes no such value: ${message}`, { cause: error });
  const say = (what: string, mend: string) => new StoreFailure(`the store ${path} ${what}`, mend, error);
  if (/^SQLITE_FULL/.test(code))
    return say(
      'cannot be written: its disk is full',
      `free space on the file system of ${dirname(path)}; what was committed is kept, and the work goes on by itself`,
    );
  if (/^SQLITE_READONLY/.test(code))
    return say(
      `cannot be written: the file or its file system is read-only (${message})`,
      `let this account write ${path} and its folder, and mount the file system for writing`,
    );
  if (isBusy(error))
    return say(
      'is locked by another process',
      `end what holds it, such as an open transaction of sqlite3 (fuser ${path} names the processes); the work goes on by itself`,
    );
  if (/^SQLITE_CORRUPT/.test(code)) return damaged(path, message, error);
  if (/^SQLITE_(CANTOPEN|PERM|AUTH|NOTADB|NOLFS)/.test(code))
    return say(
      `cannot be opened: ${message}`,
      'check that it is a file of Casewire, that its folder exists, and that this account may read and write both',
    );
  if (/^SQLITE_IOERR/.test(code))
    return say(
      `cannot be read or written: ${message} (${code})`,
      `check the disk of ${dirname(path)} (dmesg, df); a network file system does not work`,
    );
  return error;
}

/** The file is not at its path any more, or another one is. */
export function movedAway(path: string, why: string): StoreFailure {
  return new StoreFailure(
    `the file of the store ${path} ${why} while Casewire has it open; nothing more is written to it`,
    'put it back, and the work goes on by itself; or put the last back-up in its place and restart Casewire',
  );
}
