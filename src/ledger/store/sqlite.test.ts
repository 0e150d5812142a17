import { createHash } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoreFailure } from '../../domain/failure.ts';
import { SCHEMA_VERSION } from './schema.ts';
import { openSqlite } from './sqlite.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'casewire-store-'));
  file = join(folder, 'casewire.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The tables that a version means. Whoever changes the tables changes the version, and says here which they are. */
const TABLES: Record<number, string> = { 1: '2441' };

describe('a SQLite store', () => {
  it('has the tables of its version', async () => {
    await (await openSqlite(file)).destroy();
    const db = new Database(file);
    const rows = db.prepare('select sql from sqlite_master where sql is not null order by name').all();
    db.close();
    const hash = createHash('sha256').update(JSON.stringify(rows)).digest('hex').slice(0, 4);
    expect({ [SCHEMA_VERSION]: hash }).toEqual({ [SCHEMA_VERSION]: TABLES[SCHEMA_VERSION] });
  });

  it('is made once by two that open it at the same time', async () => {
    const [one, other] = await Promise.all([openSqlite(file), openSqlite(file)]);
    for (const db of [one, other]) {
      expect(await db.selectFrom('alerts').selectAll().execute()).toEqual([]);
      await db.destroy();
    }
  });

  it('finds the uncategorised by an index that holds them alone', async () => {
    await (await openSqlite(file)).destroy();
    const db = new Database(file);
    const plan = db
      .prepare(
        "explain query plan select count(*) from proposals where category = 'other/uncategorised' group by detection",
      )
      .all();
    expect(JSON.stringify(plan)).toContain('proposals_uncategorised');
    db.close();
  });

  it('of a newer version is left alone, with what to do', async () => {
    await (await openSqlite(file)).destroy();
    const db = new Database(file);
    db.pragma(`user_version = ${SCHEMA_VERSION + 1}`);
    db.close();
    await expect(openSqlite(file)).rejects.toMatchObject({
      message: expect.stringContaining('was written by a newer Casewire'),
      mend: 'run that version, or set `store` to another file',
    });
  });

  it('that is no database is refused with its name', async () => {
    writeFileSync(file, 'these are my notes, not a database, and they are long enough to be looked at');
    await expect(openSqlite(file)).rejects.toThrow(`the store ${file} cannot be opened: file is not a database`);
  });

  describe('with a damaged page', () => {
    const NOW = Date.parse('2026-11-23T07:00:00Z');
    const DAY = 86_400_000;
    const PAGE = 4_096;

    async function made(checkedAt: number): Promise<void> {
      const db = await openSqlite(file, { checkAt: checkedAt });
      const rows = Array.from({ length: 500 }, (_, n) => ({
        dedup_key: `contoso/${n}`,
        alert: null,
        raw: 'x'.repeat(500),
      }));
      await db.insertInto('records').values(rows).execute();
      await db.destroy();
    }

    /** Overwrites pages, counted from the file's end. */
    function damage(first: number): void {
      const descriptor = openSync(file, 'r+');
      const rubbish = Buffer.alloc(PAGE, 0x5a);
      const end = statSync(file).size;
      for (let page = first; page > first - 4; page--) writeSync(descriptor, rubbish, 0, PAGE, end - page * PAGE);
      closeSync(descriptor);
    }

    it.each([
      ['records', 20],
      ['its tables', 0],
    ])('of %s is refused with its name, the place and what to do', async (_of, fromEnd) => {
      await made(NOW - DAY);
      damage(fromEnd || statSync(file).size / PAGE - 60);
      const refused = await openSqlite(file, { checkAt: NOW }).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(StoreFailure);
      expect((refused as StoreFailure).words).toMatch(
        new RegExp(`the store ${file} is damaged: .+; stop every casewire .*last back-up.*${file} \\.recover`),
      );
    });

    it('is looked for once a day, and again when the clock was set back', async () => {
      await made(NOW);
      damage(20);
      await (await openSqlite(file, { checkAt: NOW + DAY - 1 })).destroy();
      await expect(openSqlite(file, { checkAt: NOW + DAY })).rejects.toThrow('is damaged');
      await expect(openSqlite(file, { checkAt: NOW - 1 })).rejects.toThrow('is damaged');
    });
  });
});
