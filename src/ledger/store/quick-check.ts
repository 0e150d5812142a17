import type { Database } from 'better-sqlite3';
import { StoreFailure } from '../../domain/failure.ts';
import { DAY_MS, type EpochMs } from '../../domain/time.ts';

/** Where the time of the last check is kept, in the table of what is kept for each site; no site has an empty name. */
const KEPT_AS = { site: '', key: 'quick-check' };

/**
 * Looks through the whole file for damage, at most once a day: about 3 ms a megabyte of a file in memory
 * (sqlite.org/pragma.html#pragma_quick_check).
 * @throws StoreFailure that says what is damaged and what to do.
 */
export function quickCheck(connection: Database, path: string, now: EpochMs): void {
  try {
    const checkedAt = connection
      .prepare<unknown[], { stored_at: number }>('select stored_at from metadata where site = :site and key = :key')
      .get(KEPT_AS)?.stored_at;
    // A time that lies ahead was kept before the clock was set back.
    if (checkedAt !== undefined && checkedAt <= now && now - checkedAt < DAY_MS) return;
    const found = String(connection.pragma('quick_check(1)', { simple: true }));
    if (found !== 'ok') throw damaged(path, found);
    connection
      .prepare('insert or replace into metadata (site, key, json, stored_at) values (:site, :key, :json, :now)')
      .run({ ...KEPT_AS, json: '"ok"', now });
  } catch (error) {
    throw isDamage(error) ? damaged(path, error.message, error) : error;
  }
}

/** Whether SQLite met a page that cannot be what it wrote. */
export function isDamage(error: unknown): error is Error {
  return error instanceof Error && /^SQLITE_CORRUPT/.test((error as NodeJS.ErrnoException).code ?? '');
}

/** What is said of a damaged file, and what to do. */
export function damaged(path: string, found: string, cause?: unknown): StoreFailure {
  const mend = [
    'stop every casewire that uses it, and keep a copy of the file with its -wal and -shm;',
    `then put the last back-up in its place, or recover what can be read (sqlite3 ${path} .recover | sqlite3 recovered.db),`,
    'or move it away and start with a new one, which looks for the issues that exist before it raises any',
  ].join(' ');
  return new StoreFailure(`the store ${path} is damaged: ${found.split('\n').join('; ')}`, mend, cause);
}
