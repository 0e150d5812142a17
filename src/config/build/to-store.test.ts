import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseConfig } from '../parse-config.ts';
import { formatProblem } from '../problems.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'casewire-to-store-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function parse(store: string, env: Record<string, string> = {}) {
  const source = `store: ${JSON.stringify(store)}
jira: { edition: cloud, url: https://tailspin.atlassian.net, auth: { email: soc@tailspin.example, token: "\${env:T}" } }
ticket: { project: SOC, issueType: Task }
tenants: { contoso: { source: defender-cloud-apps, url: https://contoso.example, auth: { token: "\${env:T}" } } }
`;
  return parseConfig({
    source,
    path: join(folder, 'casewire.yaml'),
    file: 'casewire.yaml',
    env: { T: 't0ken', ...env },
  });
}

function storeOf(store: string, env?: Record<string, string>) {
  const result = parse(store, env);
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'));
  return result.config;
}

function saidOf(store: string, env?: Record<string, string>): string[] {
  const result = parse(store, env);
  return result.ok ? [] : result.problems.map(formatProblem);
}

describe('a store on Postgres', () => {
  it('is verified TLS beyond this machine, and plain on it', () => {
    const { store } = storeOf('postgres://casewire@db.fabrikam.example/alerts');
    expect(store).toEqual({
      kind: 'postgres',
      name: 'postgres://casewire@db.fabrikam.example/alerts',
      host: 'db.fabrikam.example',
      port: 5432,
      user: 'casewire',
      database: 'alerts',
      tls: {},
    });
    for (const host of ['127.0.0.1', 'localhost', '[::1]:5433'])
      expect(storeOf(`postgresql://casewire@${host}/alerts`).store).not.toHaveProperty('tls');
    expect(storeOf('postgres://casewire@localhost/alerts?sslmode=verify-full').store).toMatchObject({ tls: {} });
    // What other programs take without verifying is verified all the same.
    expect(storeOf('postgres://casewire@db.example/alerts?sslmode=require').store).toMatchObject({ tls: {} });
  });

  it('may be a socket of this machine', () => {
    const config = storeOf('postgres://casewire@/alerts?host=/run/postgresql');
    expect(config.store).toMatchObject({
      host: '/run/postgresql',
      name: 'postgres://casewire@/alerts?host=/run/postgresql',
    });
    expect(storeOf('postgres://casewire@%2Frun%2Fpostgresql/alerts').store).toMatchObject({ host: '/run/postgresql' });
  });

  it('takes its password, or all of it, from a reference, and hides the password alone', () => {
    const within = storeOf(`postgres://casewire:\${env:PW}@localhost/alerts`, { PW: 'p@ss/w:rd%' });
    expect(within.store).toMatchObject({ password: 'p@ss/w:rd%', host: 'localhost', database: 'alerts' });
    expect(within.store.name).toBe('postgres://casewire@localhost/alerts');
    expect(within.secrets).toEqual(expect.arrayContaining(['p@ss/w:rd%', 'p%40ss%2Fw%3Ard%25']));
    const url = 'postgres://casewire:p%40ss%2Fw@localhost/alerts';
    const whole = storeOf(`\${env:DATABASE_URL}`, { DATABASE_URL: url });
    expect(whole.store).toMatchObject({ password: 'p@ss/w', name: 'postgres://casewire@localhost/alerts' });
    expect(whole.secrets).toContain('p%40ss%2Fw');
    expect(storeOf(`\${env:STORE}`, { STORE: './ledger.db' }).secrets).not.toContain('./ledger.db');
  });

  it('has no password in the file', () => {
    const refusal = `casewire.yaml:1:8 store: a password must not stand in this file; write \${env:NAME} or \${file:PATH} in its place, or \${env:DATABASE_URL} for all of it`;
    expect(saidOf('postgres://casewire:hunter22@localhost/alerts')).toEqual([refusal]);
    expect(saidOf(`postgres://casewire:x\${env:T}@localhost/alerts`)).toEqual([refusal]);
    expect(saidOf('postgres://casewire@localhost/alerts?password=hunter22')).toEqual([refusal]);
  });

  it.each([
    ['postgres://localhost/alerts', 'names no user; write postgres://USER@HOST/DATABASE'],
    ['postgres://casewire@localhost', 'names no database; write postgres://USER@HOST/DATABASE'],
    ['postgres://casewire@/alerts', 'names no host'],
    ['postgres://casewire@localhost:99999/alerts', 'is not the URL of a Postgres database'],
    ['postgres://casewire@localhost/alerts?sslmod=x', 'its URL has a parameter that is unknown; allowed: sslmode,'],
    ['postgres://casewire@localhost/alerts?host=db.example', 'its parameter host is not the folder of a socket'],
    ['postgres://casewire@db.example/alerts?sslmode=disable', 'sslmode=disable would let the connection to another'],
    ['postgres://casewire@db.example/alerts?sslmode=no-verify', 'sslmode=no-verify would let'],
    ['postgres://casewire@db.example/alerts?sslmode=prefer', 'sslmode=prefer would let'],
    ['postgres://casewire@db.example/alerts?sslrootcert=ca.pem', 'sslrootcert ca.pem cannot be read: there is no such'],
  ])('%s is refused in words', (store, says) => {
    expect(saidOf(store)).toEqual([expect.stringContaining(`casewire.yaml:1:8 store: ${says}`)]);
  });

  it("is verified against an authority of one's own", () => {
    writeFileSync(join(folder, 'ca.pem'), '-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n');
    expect(storeOf('postgres://casewire@db.example/alerts?sslrootcert=ca.pem').store).toMatchObject({
      tls: { ca: expect.stringContaining('MII') },
    });
    writeFileSync(join(folder, 'ca.pem'), 'notes');
    expect(saidOf('postgres://casewire@db.example/alerts?sslrootcert=ca.pem')).toEqual([
      expect.stringContaining('sslrootcert ca.pem holds no certificate'),
    ]);
  });
});
