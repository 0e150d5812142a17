import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';

const PLACES = [
  process.env.NGINX ?? '',
  ...[...(process.env.PATH ?? '').split(':'), '/usr/sbin'].map((folder) => join(folder, 'nginx')),
];

/** Where nginx is on this machine; `NGINX` names another place. */
export const nginxPath: string | undefined = PLACES.find((path) => path !== '' && existsSync(path));

/** Said in the name of tests that are skipped for want of nginx. */
export const withoutNginx = nginxPath ? '' : ' (skipped: no nginx here; apt-get install nginx-light brings it)';

/** A real nginx on loopback in front of a program. */
export class Nginx {
  readonly origin: string;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(origin: string, child: ChildProcess, folder: string) {
    this.origin = origin;
    this.#child = child;
    this.#folder = folder;
  }

  /** Passes everything on to `upstream`; `directives` stand beside `proxy_pass`. */
  static async start(upstream: string, directives = ''): Promise<Nginx> {
    if (nginxPath === undefined) throw new Error(`there is no nginx${withoutNginx}`);
    const port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), 'casewire-nginx-'));
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((n) => `${n}_temp_path ${folder}/${n};`);
    const config = `
daemon off; master_process off; worker_processes 1; pid ${folder}/pid; error_log stderr warn;
events { worker_connections 64; }
http {
  access_log off; ${temporary.join(' ')}
  server { listen 127.0.0.1:${port}; location / { proxy_pass ${upstream}; ${directives} } }
}
`;
    writeFileSync(join(folder, 'nginx.conf'), config);
    const child = spawn(nginxPath, ['-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
    const nginx = new Nginx(`http://127.0.0.1:${port}`, child, folder);
    while (!(await listens(port))) if (child.exitCode !== null) throw new Error(`nginx did not start: ${said}`);
    return nginx;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null) {
      const ended = new Promise((resolve) => this.#child.once('close', resolve));
      this.#child.kill('SIGTERM');
      await ended;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => setTimeout(() => resolve(false), 10));
    socket.once('connect', () => socket.destroy());
  });
}
