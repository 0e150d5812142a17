import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import { installedPostgres, startPostgres, whyNoPostgres } from './postgres-server.ts';

const why = whyNoPostgres() ?? (process.getuid?.() === 0 ? undefined : 'only root runs it as another account');

describe.skipIf(why)(why ? `a Postgres for tests (skipped: ${why})` : 'a Postgres for tests', () => {
  it('starts for root where the account that it runs as may enter neither the checkout nor TMPDIR', async () => {
    // mkdtemp makes the folder with mode 0700.
    const closed = mkdtempSync(join(tmpdir(), 'casewire-closed-'));
    try {
      cpSync(installedPostgres(), join(closed, 'native'), { recursive: true, verbatimSymlinks: true });
      const server = await startPostgres(join(closed, 'native'), closed);
      try {
        const client = new Client(server.url(await server.createDatabase()));
        await client.connect();
        expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
        await client.end();
      } finally {
        await server.remove();
      }
    } finally {
      rmSync(closed, { recursive: true, force: true });
    }
  });
});
