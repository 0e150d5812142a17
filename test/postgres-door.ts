import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { type PostgresServer, startPostgres } from './postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Asked for a database, answers with its URL. */
    postgresDoor: string;
  }
}

/** One Postgres for a whole run of tests, started when the first test asks for a database of it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let server: Promise<PostgresServer> | undefined;
  const door = createServer((request, response) => {
    server ??= startPostgres();
    const answer = async () => {
      const { url, createDatabase, dropDatabase } = await (server as Promise<PostgresServer>);
      const name = (request.url ?? '/').slice(1);
      if (request.method === 'DELETE') await dropDatabase(name);
      return request.method === 'DELETE' ? '' : url(await createDatabase());
    };
    answer().then(
      (text) => response.end(text),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  project.provide('postgresDoor', `http://127.0.0.1:${(door.address() as AddressInfo).port}`);
  return async () => {
    door.closeAllConnections();
    door.close();
    await (await server)?.remove();
  };
}
