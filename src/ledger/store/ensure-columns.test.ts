import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqlite } from './sqlite.ts';

describe('a store of an older version', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'casewire-older-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('gains the columns that it lacks, keeps its rows, and opens again, also twice at once', async () => {
    const path = join(folder, 'casewire.db');
    const older = new Database(path);
    older.exec(
      "create table proposals (dedup_key text primary key, json text not null); insert into proposals values ('a/1', '{}')",
    );
    older.close();
    const both = await Promise.all([openSqlite(path), openSqlite(path)]);
    for (const db of [...both, await openSqlite(path)]) {
      expect(await db.selectFrom('proposals').selectAll().execute()).toEqual([
        { dedup_key: 'a/1', json: '{}', category: null, detection: null },
      ]);
      await db.destroy();
    }
  });

  it('finds the uncategorised by an index that holds them alone', async () => {
    const path = join(folder, 'casewire.db');
    await (await openSqlite(path)).destroy();
    const db = new Database(path);
    const plan = db
      .prepare(
        "explain query plan select count(*) from proposals where category = 'other/uncategorised' group by detection",
      )
      .all();
    expect(JSON.stringify(plan)).toContain('proposals_uncategorised');
    db.close();
  });
});
