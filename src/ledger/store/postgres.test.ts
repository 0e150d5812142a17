import { sql } from 'kysely';
import { Client } from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { freePort } from '../../../test/free-port.ts';
import { dropDatabase, freshDatabase, onPostgres, placeOf } from '../../../test/stores.ts';
import { type Gate, startGate } from '../../../test/tcp-gate.ts';
import { StoreFailure } from '../../domain/failure.ts';
import { checkPostgres } from './check-postgres.ts';
import { openPostgres } from './postgres.ts';
import { SCHEMA_VERSION } from './schema.ts';

onPostgres('a Postgres store', () => {
  let url = '';
  let admin: Client;
  let gate: Gate;
  const open: { destroy(): Promise<void> }[] = [];

  beforeEach(async () => {
    url = await freshDatabase();
    admin = new Client(url);
    await admin.connect();
    gate = await startGate(placeOf(url).port);
  });
  afterEach(async () => {
    for (const db of open.splice(0)) await db.destroy();
    await gate.stop();
    await admin.end();
    await dropDatabase(url);
  });

  async function opened(place = placeOf(url)) {
    const db = await openPostgres(place);
    if (!db) throw new Error('it was to be made');
    open.push(db);
    return db;
  }

  const behindGate = () => opened({ ...placeOf(url), port: gate.port });
  const failureOf = (asked: Promise<unknown>): Promise<StoreFailure> =>
    asked.then(
      () => Promise.reject(new Error('it did not fail')),
      (error) => {
        expect(error).toBeInstanceOf(StoreFailure);
        return error;
      },
    );

  it('is made once by two that open it at the same time', async () => {
    for (const db of await Promise.all([opened(), opened(), opened()]))
      expect(await db.selectFrom('alerts').selectAll().execute()).toEqual([]);
    expect((await admin.query('select version from store_version')).rows).toEqual([{ version: SCHEMA_VERSION }]);
  });

  it('that is empty is not made by who only looks', async () => {
    expect(await openPostgres(placeOf(url), 'use')).toBeUndefined();
    expect((await admin.query("select 1 from pg_tables where schemaname = 'public'")).rows).toEqual([]);
  });

  it('of a newer version is left alone, with what to do', async () => {
    await opened();
    await admin.query('update store_version set version = version + 1');
    expect(await failureOf(opened())).toMatchObject({
      message: expect.stringContaining('was written by a newer Casewire'),
      mend: 'run that version, or set `store` to another database',
    });
  });

  it('orders texts by their bytes, in whatever language the database orders its own', async () => {
    const db = await opened();
    const rows = ['b', 'B', 'a', 'A', 'ä', '_', 'Z'].map((site) => ({ site, at: 1 }));
    await db.insertInto('sweeps').values(rows).execute();
    const sorted = await db.selectFrom('sweeps').select('site').orderBy('site').execute();
    expect(sorted.map(({ site }) => site)).toEqual(['A', 'B', 'Z', '_', 'a', 'b', 'ä']);
    const after = await db.selectFrom('sweeps').select('site').where('site', '>', 'Z').orderBy('site').execute();
    expect(after.map(({ site }) => site)).toEqual(['_', 'a', 'b', 'ä']);
  });

  it('stores a text with a NUL in it, which Postgres has no place for', async () => {
    const db = await opened();
    await db.insertInto('sweeps').values({ site: 'a\0b', at: 1 }).execute();
    expect(await db.selectFrom('sweeps').select('site').execute()).toEqual([{ site: 'a\uFFFDb' }]);
  });

  it('answers counts, sums and instants as numbers', async () => {
    const db = await opened();
    await db.insertInto('sweeps').values({ site: 'a', at: 1_763_900_000_000 }).execute();
    const row = await db
      .selectFrom('sweeps')
      .select((select) => [select.fn.countAll().as('n'), select.fn.sum('at').as('sum'), select.fn.max('at').as('at')])
      .executeTakeFirstOrThrow();
    expect(row).toEqual({ n: 1, sum: 1_763_900_000_000, at: 1_763_900_000_000 });
  });

  it('lets one writer in at a time, so that what one has read is still true when it writes', async () => {
    const both = [await opened(), await opened()];
    await both[0]?.insertInto('sweeps').values({ site: 'counter', at: 0 }).execute();
    const addOne = (n: number) =>
      both[n % 2]?.transaction().execute(async (tx) => {
        const { at } = await tx.selectFrom('sweeps').select('at').executeTakeFirstOrThrow();
        await tx
          .updateTable('sweeps')
          .set({ at: at + 1 })
          .execute();
      });
    await Promise.all(Array.from({ length: 40 }, (_, n) => addOne(n)));
    expect(await both[0]?.selectFrom('sweeps').select('at').execute()).toEqual([{ at: 40 }]);
  });

  it('has single writes wait for their turn too, and reads for nothing', async () => {
    const [one, two] = [await opened(), await opened()];
    let write: Promise<unknown> | undefined;
    let isWritten = false;
    await one.transaction().execute(async (tx) => {
      write = two
        .insertInto('sweeps')
        .values({ site: 'late', at: 1 })
        .execute()
        .then(() => {
          isWritten = true;
        });
      for (;;) {
        const { rows } = await admin.query("select 1 from pg_locks where locktype = 'advisory' and not granted");
        if (rows.length > 0) break;
      }
      expect(await two.selectFrom('sweeps').selectAll().execute()).toEqual([]);
      await tx.insertInto('sweeps').values({ site: 'early', at: 1 }).execute();
      expect(isWritten).toBe(false);
    });
    await write;
    expect(await one.selectFrom('sweeps').selectAll().execute()).toHaveLength(2);
  });

  it('gives a statement that failed its turn back', async () => {
    const db = await opened();
    const row = { site: 'a', at: 1 };
    await db.insertInto('sweeps').values(row).execute();
    await expect(db.insertInto('sweeps').values(row).execute()).rejects.toThrow(/duplicate key/);
    await expect(
      db.transaction().execute(async (tx) => {
        await tx.insertInto('sweeps').values({ site: 'b', at: 1 }).execute();
        throw new Error('on second thoughts');
      }),
    ).rejects.toThrow('on second thoughts');
    expect(await db.selectFrom('sweeps').select('site').execute()).toEqual([{ site: 'a' }]);
  });

  it('that loses a session says so, and goes on with a new one', async () => {
    const db = await opened();
    const lost = db.transaction().execute(async (tx) => {
      await tx.insertInto('sweeps').values({ site: 'lost', at: 1 }).execute();
      await admin.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid != pg_backend_pid()',
      );
      await tx.insertInto('sweeps').values({ site: 'lost too', at: 1 }).execute();
    });
    expect((await failureOf(lost)).message).toMatch(/was lost \(.*\), and what was under way did not take hold$/);
    expect(await db.selectFrom('sweeps').selectAll().execute()).toEqual([]);
  });

  it.each([
    ['before the commit arrives', 'drop', []],
    ['before its answer arrives', 'pass', [{ site: 'a', at: 1 }]],
  ] as const)('that is cut off %s says that the outcome is not known', async (_, how, rows) => {
    const db = await behindGate();
    gate.cutAt('commit\0', how);
    const write = db.insertInto('sweeps').values({ site: 'a', at: 1 }).execute();
    expect((await failureOf(write)).message).toMatch(/while a commit was under way, so that it is not known whether/);
    // A cut session of the server ends by itself; until then it has the turn.
    await db.insertInto('sweeps').values({ site: 'b', at: 1 }).execute();
    expect(await db.selectFrom('sweeps').selectAll().where('site', '=', 'a').execute()).toEqual(rows);
  });

  it('that cannot be reached says why, and what to do', async () => {
    const place = placeOf(url);
    const nowhere = await failureOf(openPostgres({ ...place, port: await freePort() }));
    expect(nowhere.message).toMatch(/^the store postgres:.* cannot be reached: nothing listens at 127\.0\.0\.1:\d+$/);
    const refused = await failureOf(openPostgres({ ...place, password: 'wrong' }));
    expect(refused).toMatchObject({
      message: expect.stringMatching(/cannot be reached: user casewire is refused/),
      mend: 'check the user and the password that `store` refers to',
    });
    const { password: _, ...without } = place;
    expect((await failureOf(openPostgres(without))).message).toMatch(/it asks for a password, and `store` has none$/);
    const absent = await failureOf(openPostgres({ ...place, database: 'nowhere' }));
    expect(absent).toMatchObject({ mend: 'create it: createdb --owner=casewire nowhere' });
    const plain = await failureOf(openPostgres({ ...place, tls: {} }));
    expect(plain.message).toMatch(/cannot be reached: it offers no encryption$/);
    for (const { message, mend } of [refused, absent, plain])
      expect(`${message} ${mend}`).not.toContain(place.password);
  });

  it('of a role that may make no tables says which right is missing', async () => {
    await admin.query("create role reader login password 'simulated-reader'");
    const reader = { ...placeOf(url), user: 'reader', password: 'simulated-reader' };
    try {
      expect(await failureOf(openPostgres(reader))).toMatchObject({
        message: expect.stringMatching(/does not do what it is asked: permission denied for schema public$/),
        mend: 'give user reader the rights that docs/postgres.md lists',
      });
    } finally {
      await admin.query('drop role reader');
    }
  });

  it('finds nothing in an empty list, and everything outside of it', async () => {
    const db = await opened();
    await db.insertInto('sweeps').values({ site: 'a', at: 1 }).execute();
    const all = db.selectFrom('sweeps').select('site');
    expect(await all.where('site', 'in', []).execute()).toEqual([]);
    expect(await all.where('site', 'not in', []).execute()).toEqual([{ site: 'a' }]);
  });

  it('is told of by a check, with the right that is missing', async () => {
    const place = placeOf(url);
    const ok = (tables: string) => ({
      subject: 'store',
      level: 'ok',
      says: expect.stringMatching(`^Postgres 18[.]\\d+, not encrypted, on this machine, ${tables}$`),
    });
    expect(await checkPostgres(place)).toEqual([ok('no tables yet')]);
    await admin.query("create role looker login password 'simulated-looker'");
    try {
      const looker = { ...place, user: 'looker', password: 'simulated-looker' };
      expect(await checkPostgres(looker)).toEqual([
        ok('no tables yet'),
        {
          subject: 'store',
          level: 'error',
          says: "user looker may not make the ledger's tables in schema public",
          mend: 'grant create on schema public to looker (docs/postgres.md)',
        },
      ]);
    } finally {
      await admin.query('drop role looker');
    }
    await opened();
    expect(await checkPostgres(place)).toEqual([ok(`tables of version ${SCHEMA_VERSION}`)]);
  });

  it('has a limit of time on each statement', async () => {
    const db = await opened();
    const { rows } = await sql<{ limit: string }>`select current_setting('statement_timeout') as limit`.execute(db);
    expect(rows).toEqual([{ limit: '1min' }]);
  });
});
