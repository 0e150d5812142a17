import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../parse-config.ts';
import { formatProblem } from '../problems.ts';

const FIXTURES = new URL('../../../test/fixtures/certificates/', import.meta.url);
const APP = 'tenantId: 11111111-2222-4333-8444-555555555555, clientId: 66666666-7777-4888-8999-000000000000';
const SECRET = `clientSecret: "\${env:SECRET}"`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'casewire-pem-'));
  const application = readFileSync(new URL('application.pem', FIXTURES), 'utf8');
  const [key = '', certificate = ''] = application.split(/(?=-----BEGIN CERTIFICATE)/);
  const other = readFileSync(new URL('other-application.pem', FIXTURES), 'utf8');
  const files = {
    'application.pem': application,
    'certificate-first.pem': `Bag Attributes\n${certificate}\n${key}`,
    'elliptic.pem': readFileSync(new URL('elliptic.pem', FIXTURES), 'utf8'),
    'key.pem': key,
    'certificate.pem': certificate,
    'mixed.pem': `${key}${other.split(/(?=-----BEGIN CERTIFICATE)/)[1]}`,
    'locked.pem': `-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n${certificate}`,
    'broken.pem': `-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n${certificate}`,
    'application.pfx': 'binary',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function parse(auth: string) {
  const source = `jira: { edition: datacenter, url: https://jira.acme.example, auth: { token: "\${env:TOKEN}" } }
ticket: { project: SOC, issueType: Task }
tenants:
  contoso: { source: defender-cloud-apps, url: https://contoso.example, auth: ${auth} }`;
  const env = { TOKEN: 'token-value', SECRET: 'secret-value' };
  return parseConfig({ source, path: join(folder, 'casewire.yaml'), file: 'casewire.yaml', env });
}

function problemsOf(auth: string): string[] {
  const result = parse(auth);
  return result.ok
    ? []
    : result.problems.map((problem) =>
        formatProblem(problem)
          .replace(/^.*tenants\.contoso\./, '')
          .replaceAll(folder, '.'),
      );
}

describe('a sign-in', () => {
  it('is by an app of Entra in the global cloud, with a secret', () => {
    const result = parse(`{ ${APP}, ${SECRET} }`);
    expect(result.ok && result.config.tenants[0]?.auth).toEqual({
      kind: 'entra',
      authority: 'https://login.microsoftonline.com',
      graph: 'https://graph.microsoft.com',
      tenantId: '11111111-2222-4333-8444-555555555555',
      clientId: '66666666-7777-4888-8999-000000000000',
      credential: { kind: 'secret', secret: 'secret-value' },
    });
    expect(result.ok && result.config.secrets).toContain('secret-value');
  });

  it('takes a domain for a tenant, a national cloud, and a loopback address without encryption', () => {
    const auth = `{ tenantId: contoso.onmicrosoft.com, clientId: 66666666-7777-4888-8999-000000000000, ${SECRET}, authority: http://127.0.0.1:8080/, graph: https://graph.microsoft.us }`;
    const result = parse(auth);
    expect(result.ok && result.config.tenants[0]?.auth).toMatchObject({
      tenantId: 'contoso.onmicrosoft.com',
      authority: 'http://127.0.0.1:8080',
      graph: 'https://graph.microsoft.us',
    });
  });

  it.each(['application.pem', 'certificate-first.pem'])('is by the certificate in %s', (name) => {
    const result = parse(`{ ${APP}, certificate: ${name} }`);
    const auth = result.ok ? result.config.tenants[0]?.auth : undefined;
    const pem = auth?.kind === 'entra' && auth.credential.kind === 'certificate' ? auth.credential.pem : '';
    expect(pem).toMatch(/^-----BEGIN PRIVATE KEY-----[\s\S]*-----BEGIN CERTIFICATE-----/);
    expect(result.ok && result.config.secrets).toContain(pem);
  });

  it.each([
    ['{}', 'auth.token: is missing; give a legacy API token'],
    [`{ token: "\${env:TOKEN}", ${APP} }`, 'auth.token: stands beside tenantId, clientId; sign in by a legacy token'],
    [`{ clientId: 66666666-7777-4888-8999-000000000000, ${SECRET} }`, 'auth.tenantId: is missing'],
    [`{ tenantId: contoso.example, ${SECRET} }`, 'auth.clientId: is missing'],
    [`{ ${APP} }`, 'auth.clientSecret: is missing; give one'],
    [`{ ${APP}, ${SECRET}, certificate: application.pem }`, 'auth.certificate: stands beside clientSecret'],
    [`{ ${APP}, clientSecret: literal }`, 'auth.clientSecret: a secret must not stand in this file'],
    [
      `{ ${APP.replace('1111', 'x')}, ${SECRET} }`,
      'auth.tenantId: "x1111-2222-4333-8444-555555555555" is not a tenant id',
    ],
    [`{ tenantId: common, clientId: 6, ${SECRET} }`, 'auth.tenantId: "common" is not a tenant id'],
    [
      `{ ${APP}, ${SECRET}, authority: http://login.example }`,
      'auth.authority: "http://login.example" is not encrypted',
    ],
    [
      `{ ${APP}, ${SECRET}, authority: https://login.microsoftonline.com/11111111-2222-4333-8444-555555555555 }`,
      'auth.authority: ends with the tenant id; leave it out there',
    ],
  ])('%s is refused', (auth, problem) => {
    expect(problemsOf(auth)).toContainEqual(expect.stringContaining(problem));
  });

  it.each([
    ['nowhere.pem', 'file ./nowhere.pem cannot be read: there is no such file'],
    ['application.pfx', 'file ./application.pfx is not PEM; export it as PEM'],
    ['key.pem', 'file ./key.pem holds no certificate; put the private key and the certificate into one PEM file'],
    ['certificate.pem', 'file ./certificate.pem holds no private key'],
    ['mixed.pem', 'key and certificate in ./mixed.pem do not belong together'],
    ['locked.pem', 'the private key in file ./locked.pem is encrypted; decrypt it'],
    ['broken.pem', 'the key or the certificate in file ./broken.pem cannot be read'],
    ['elliptic.pem', 'the key in file ./elliptic.pem is not RSA'],
  ])('by the certificate in %s is refused', (name, problem) => {
    expect(problemsOf(`{ ${APP}, certificate: ${name} }`)).toEqual([
      expect.stringContaining(`auth.certificate: ${problem}`.replace('in ./', 'in file ./')),
    ]);
  });
});
