import { copyFileSync, existsSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fillDisk, smallDisk, whyNoSmallDisk } from '../../../test/small-disk.ts';
import { StoreFailure } from '../../domain/failure.ts';
import type { LedgerTables } from './schema.ts';
import { openSqlite, type SqliteOptions } from './sqlite.ts';
import { StoreHealth } from './store-health.ts';

let folder: string;
let file: string;
let health: StoreHealth;
const opened: { destroy(): Promise<void> }[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'casewire-store-'));
  file = join(folder, 'casewire.db');
  health = new StoreHealth();
});
afterEach(async () => {
  for (const db of opened.splice(0)) await db.destroy();
  rmSync(folder, { recursive: true, force: true });
});

async function open(options: SqliteOptions = {}, path = file): Promise<Kysely<LedgerTables>> {
  const db = await openSqlite(path, { health, ...options });
  opened.push(db);
  return db;
}

/** As sqlite3 in somebody's terminal would. */
function other(): Database.Database {
  const db = new Database(file);
  opened.push({ destroy: async () => void db.close() });
  return db;
}

const write = (db: Kysely<LedgerTables>, key: string, raw = 'x') =>
  db.transaction().execute((tx) => tx.insertInto('records').values({ dedup_key: key, alert: null, raw }).execute());

const keys = async (db: Kysely<LedgerTables>) =>
  (await db.selectFrom('records').select('dedup_key').orderBy('dedup_key').execute()).map((row) => row.dedup_key);

async function failureOf(work: Promise<unknown>): Promise<StoreFailure> {
  const error = await work.then(
    () => 'it went well',
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(StoreFailure);
  return error as StoreFailure;
}

const turns = async (n: number) => {
  for (let i = 0; i < n; i++) await new Promise((resolve) => setImmediate(resolve));
};

describe('a SQLite store that another process has locked', () => {
  it('lets the event loop turn and itself be read meanwhile, and goes on when the lock is gone', async () => {
    const slept: number[] = [];
    const sleep = async (ms: number) => {
      slept.push(ms);
      await turns(1);
    };
    const db = await open({ sleep });
    const lock = other();
    lock.exec('begin immediate');
    const writes = Promise.all([
      write(db, 'a'),
      write(db, 'b'),
      db.insertInto('sweeps').values({ site: 's', at: 1 }).execute(),
    ]);
    await turns(50);
    expect(await keys(db)).toEqual([]);
    expect(slept.length).toBeGreaterThan(0);
    lock.exec('commit');
    await writes;
    expect(await keys(db)).toEqual(['a', 'b']);
    expect(health.trouble).toBeUndefined();
  });

  it('for too long says so, to all who wait for it at once, and writes again when the lock is gone', async () => {
    let sleptMs = 0;
    const sleep = async (ms: number) => {
      sleptMs += ms;
      await turns(1);
    };
    const db = await open({ sleep, patienceMs: 1_000 });
    const lock = other();
    lock.exec('begin immediate');
    const failures = await Promise.all(['a', 'b', 'c'].map((key) => failureOf(write(db, key))));
    for (const failure of failures)
      expect(failure.words).toMatch(
        /^the store .*casewire[.]db is locked by another process; end what holds it, .*by itself$/,
      );
    expect(sleptMs).toBe(1_000);
    expect(await keys(db)).toEqual([]);
    expect(health.trouble).toBeInstanceOf(StoreFailure);
    lock.exec('commit');
    await write(db, 'd');
    expect(health.trouble).toBeUndefined();
  });

  it('is told so by who opens it, too', async () => {
    const lock = other();
    lock.exec('pragma locking_mode = exclusive; create table t (x); begin exclusive');
    const failure = await failureOf(open({ patienceMs: 0 }));
    expect(failure.message).toBe(`the store ${file} is locked by another process`);
  });
});

describe('a SQLite store whose file was', () => {
  it.each([
    ['deleted', 'was deleted or moved away', () => renameSync(file, `${file}.away`)],
    [
      'replaced',
      'was replaced by another',
      () => {
        renameSync(file, `${file}.away`);
        copyFileSync(`${file}.away`, file);
      },
    ],
  ])('%s is not written on, says so, and goes on when it is back', async (_, words, act) => {
    const db = await open();
    await write(db, 'a');
    act();
    for (const work of [write(db, 'b'), keys(db)]) {
      const { words: said } = await failureOf(work);
      expect(said).toContain(
        `the file of the store ${file} ${words} while Casewire has it open; nothing more is written`,
      );
      expect(said).toMatch(/; put it back, and the work goes on by itself; or put the last back-up in its place/);
    }
    expect(health.trouble?.message).toContain(words);
    renameSync(`${file}.away`, file);
    await write(db, 'c');
    expect(await keys(db)).toEqual(['a', 'c']);
    expect(health.trouble).toBeUndefined();
  });

  it('replaced keeps what was put in its place whole when it is closed', async () => {
    const db = await open();
    await write(db, 'a');
    renameSync(file, `${file}.away`);
    for (const end of ['-wal', '-shm']) renameSync(`${file}${end}`, `${file}.away${end}`);
    const fresh = await open();
    await write(fresh, 'b');
    await db.destroy();
    expect(existsSync(`${file}-wal`)).toBe(true);
    expect(await keys(fresh)).toEqual(['b']);
  });
});

describe('a SQLite store that cannot be written', () => {
  it('since it is full says so, without a word of rolling back, and writes again when there is room', async () => {
    const db = await open();
    const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(db);
    await sql`pragma max_page_count = ${sql.lit((rows[0]?.page_count ?? 0) + 2)}`.execute(db);
    const failure = await failureOf(write(db, 'a', 'x'.repeat(100_000)));
    expect(failure.words).toBe(
      `the store ${file} cannot be written: its disk is full; free space on the file system of ${folder}; what was committed is kept, and the work goes on by itself`,
    );
    await sql`pragma max_page_count = 100000`.execute(db);
    expect(health.trouble).toBe(failure);
    await write(db, 'b');
    expect(await keys(db)).toEqual(['b']);
    expect(health.trouble).toBeUndefined();
  });

  it('since it is read-only says so, and can be read', async () => {
    const db = await open();
    await write(db, 'a');
    await sql`pragma query_only = on`.execute(db);
    const { words } = await failureOf(write(db, 'b'));
    expect(words).toMatch(/cannot be written: the file or its file system is read-only .*; let this account write /);
    expect(await keys(db)).toEqual(['a']);
    expect(health.trouble).toBeDefined();
  });

  it('leaves a mistake in a statement what it is', async () => {
    const db = await open();
    await write(db, 'a');
    await expect(write(db, 'a')).rejects.toThrow('UNIQUE constraint failed');
    expect(health.trouble).toBeUndefined();
  });
});

const why = whyNoSmallDisk();
describe.skipIf(why)(
  why ? `a SQLite store on a small disk (skipped: ${why})` : 'a SQLite store on a small disk',
  () => {
    it('that is full, then has room, then is read-only, then not, loses nothing that was committed', async () => {
      const disk = smallDisk(2_048);
      const path = join(disk.folder, 'casewire.db');
      try {
        const db = await open({}, path);
        await write(db, 'a');
        fillDisk(join(disk.folder, 'ballast'));
        const full = await failureOf(write(db, 'b', 'x'.repeat(500_000)));
        expect(full.message).toBe(`the store ${path} cannot be written: its disk is full`);
        expect(await keys(db)).toEqual(['a']);
        rmSync(join(disk.folder, 'ballast'));
        await write(db, 'c', 'x'.repeat(100_000));
        await db.destroy();
        opened.pop();
        disk.readOnly(true);
        const refused = await failureOf(open({}, path).then((again) => write(again, 'd')));
        expect(refused.message).toContain(`the store ${path} cannot be`);
        for (const again of opened.splice(0)) await again.destroy();
        disk.readOnly(false);
        const again = await open({}, path);
        await write(again, 'e');
        expect(await keys(again)).toEqual(['a', 'c', 'e']);
      } finally {
        for (const db of opened.splice(0)) await db.destroy();
        disk.remove();
      }
    });
  },
);

describe.skipIf(process.platform === 'win32')('the files of a SQLite store', () => {
  it("are their owner's alone to read", async () => {
    const db = await open();
    await write(db, 'a');
    for (const end of ['', '-wal', '-shm']) expect((statSync(`${file}${end}`).mode & 0o777).toString(8)).toBe('600');
  });
});
