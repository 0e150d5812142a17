import { sql } from 'kysely';
import type { CheckLine } from '../../domain/check.ts';
import { connectPostgres, type PostgresPlace, versionOf } from './postgres.ts';
import { SCHEMA_VERSION } from './schema.ts';

/** The oldest version that its makers still mend when this was written (postgresql.org/support/versioning, 2026). */
const OLDEST_SERVER = 14;

/**
 * Whether a Postgres store can be used: its server, its tables, and the right to make those that are missing. Nothing of
 * it is changed.
 * @throws StoreFailure when it cannot be reached.
 */
export async function checkPostgres(place: PostgresPlace): Promise<readonly CheckLine[]> {
  const db = connectPostgres(place);
  try {
    const { rows } = await sql<Server>`select
      current_setting('server_version_num')::integer as number, current_setting('server_version') as server,
      current_schema() as schema, has_schema_privilege(current_schema(), 'create') as creates,
      pg_is_in_recovery() as standby`.execute(db);
    const [server] = rows;
    return server ? linesOf(place, server, await versionOf(db)) : [];
  } finally {
    await db.destroy();
  }
}

interface Server {
  number: number;
  server: string;
  schema: string | null;
  creates: boolean | null;
  standby: boolean;
}

function linesOf({ user, host, tls }: PostgresPlace, server: Server, version: number | undefined): CheckLine[] {
  const line = (level: CheckLine['level'], says: string, mend?: string): CheckLine => ({
    subject: 'store',
    level,
    says,
    ...(mend === undefined ? {} : { mend }),
  });
  const way = tls ? 'encrypted and verified' : host.startsWith('/') ? 'by a socket' : 'not encrypted, on this machine';
  const tables = version === undefined ? 'no tables yet' : `tables of version ${version}`;
  const lines = [line('ok', `Postgres ${server.server.split(' ')[0]}, ${way}, ${tables}`)];
  if (Math.floor(server.number / 10_000) < OLDEST_SERVER)
    lines.push(line('warning', `Postgres ${server.server} is older than what is supported`, 'run a newer one'));
  if (server.standby) lines.push(line('error', 'this server is a standby and takes no writes', 'name its primary'));
  if (version !== SCHEMA_VERSION && !server.creates)
    lines.push(
      line(
        'error',
        `user ${user} may not make the ledger's tables in schema ${server.schema ?? '(none is in its search path)'}`,
        `grant create on schema ${server.schema ?? 'casewire'} to ${user} (docs/postgres.md)`,
      ),
    );
  return lines;
}
