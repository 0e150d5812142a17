import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { pemOf } from '../../../test/certificates.ts';
import { systemClock } from '../../observe/clock.ts';
import { type EntraSim, startEntraSim } from '../../simulators/entra-sim.ts';
import { type KeyVaultSim, startKeyVaultSim, VAULT_RESOURCE } from '../../simulators/key-vault-sim.ts';
import { credentialEnds } from '../credential-ends.ts';
import { loadConfig } from '../load-config.ts';
import { formatProblem } from '../problems.ts';
import { azureVault } from './key-vault.ts';

const TENANT = '11111111-2222-4333-8444-555555555555';
const CLIENT = '66666666-7777-4888-8999-000000000000';
const SOMEBODY = '66666666-7777-4888-8999-00000000000a';
const tls = { key: pemOf('server'), cert: pemOf('server') };

let entra: EntraSim;
let vault: KeyVaultSim;
/** Says that this machine has no identity of its own; the SDK remembers its address for the life of the process. */
let machine: EntraSim;
let folder: string;
let env: Record<string, string>;
const trusted = getCACertificates('default');

beforeAll(async () => {
  setDefaultCACertificates([...trusted, pemOf('authority')]);
  machine = await startEntraSim({ clock: systemClock });
});
afterAll(async () => {
  setDefaultCACertificates(trusted);
  await machine.stop();
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'casewire-vault-'));
  // The SDK keeps time by the machine's clock.
  entra = await startEntraSim({ clock: systemClock, tls });
  entra.addApp(TENANT, CLIENT, {
    secrets: [{ value: 'vault-app-secret' }],
    federated: ['a-token-of-the-cluster'],
    roles: { [VAULT_RESOURCE]: [] },
  });
  vault = await startKeyVaultSim({ clock: systemClock, tls, entra, tenantId: TENANT });
  vault.setSecret('jira', 'the-jira-token');
  vault.setSecret('contoso', 'the-contoso-token\n');
  vi.stubEnv('IDENTITY_ENDPOINT', `${machine.url}/msi/token`);
  vi.stubEnv('IDENTITY_HEADER', 'none');
  env = { AZURE_TENANT_ID: TENANT, AZURE_CLIENT_ID: CLIENT, AZURE_AUTHORITY_HOST: entra.url };
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all([entra.stop(), vault.stop()]);
  rmSync(folder, { recursive: true, force: true });
  expect([...entra.unexpected, ...vault.unexpected]).toEqual([]);
});

function write({ jira = 'jira', contoso = 'contoso', auth }: { jira?: string; contoso?: string; auth?: string } = {}) {
  const reference = (name: string) => `"\${keyvault:${vault.url}/secrets/${name}}"`;
  writeFileSync(
    join(folder, 'casewire.yaml'),
    `jira: { edition: datacenter, url: https://jira.acme.example, auth: { token: ${reference(jira)} } }
ticket: { project: SOC, issueType: Task }
tenants:
  contoso:
    source: defender-cloud-apps
    url: https://contoso.example
    auth: ${auth ?? `{ token: ${reference(contoso)} }`}
`,
  );
}

async function load(withEnv: Record<string, string> = { ...env, AZURE_CLIENT_SECRET: 'vault-app-secret' }) {
  const result = await loadConfig({ cwd: folder, env: withEnv });
  if (result.ok) return { config: result.config, problems: [] };
  return { problems: result.problems.map(formatProblem) };
}

describe('secrets in a vault', () => {
  it('stand wherever a secret may, are read once each, and are known for redaction', async () => {
    write();
    const { config, problems } = await load();
    expect(problems).toEqual([]);
    expect(config?.sites[0]?.auth).toEqual({ kind: 'personal-access-token', token: 'the-jira-token' });
    expect(config?.tenants[0]?.auth).toEqual({ kind: 'token', token: 'the-contoso-token' });
    expect(config?.secrets).toEqual(expect.arrayContaining(['the-jira-token', 'the-contoso-token']));
    expect(vault.requests('/secrets/').filter(({ status }) => status === 200)).toHaveLength(2);
    expect(entra.issued).toHaveLength(1);
  });

  it('are read by the app of the environment', async () => {
    write();
    const { config } = await load();
    expect(config?.vault).toMatchObject({ secrets: 2, identity: `the app of the environment ${CLIENT}` });
    expect(entra.issued[0]?.by).toBe('secret');
  });

  it('are read by workload identity', async () => {
    write();
    writeFileSync(join(folder, 'federated'), 'a-token-of-the-cluster');
    const { config, problems } = await load({ ...env, AZURE_FEDERATED_TOKEN_FILE: join(folder, 'federated') });
    expect(problems).toEqual([]);
    expect(config?.vault?.identity).toBe(`workload identity ${CLIENT}`);
    expect(entra.issued[0]?.by).toBe('federation');
  });

  it.skipIf(process.platform === 'win32')('are read by the account of Azure CLI', async () => {
    write();
    const asked = await fetchToken();
    const answer = {
      accessToken: asked,
      expiresOn: '2100-01-01 00:00:00.000000',
      expires_on: 4_102_444_800,
      tokenType: 'Bearer',
    };
    writeFileSync(join(folder, 'az'), `#!/bin/sh\ncat <<'END'\n${JSON.stringify(answer)}\nEND\n`);
    chmodSync(join(folder, 'az'), 0o755);
    vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
    const { config, problems } = await load({});
    expect(problems).toEqual([]);
    expect(config?.vault?.identity).toBe(`Azure CLI account ${CLIENT}`);
  });

  it('may be named with their version', async () => {
    const first = vault.setSecret('jira', 'an-older-token');
    vault.setSecret('jira', 'a-newer-token');
    write({ jira: `jira/${first}` });
    const { config } = await load();
    expect(config?.sites[0]?.auth).toMatchObject({ token: 'an-older-token' });
    vault.setSecret('contoso', 'rotated');
    expect(await config?.vault?.newer('an-older-token')).toBeUndefined();
    expect(await config?.vault?.newer('the-contoso-token')).toBe('rotated');
    expect(await config?.vault?.newer('rotated')).toBeUndefined();
    expect(await config?.vault?.newer('of-another-place')).toBeUndefined();
  });

  it('are known by every value that they had, to each who asks', async () => {
    write();
    const { config } = await load();
    vault.setSecret('contoso', 'rotated');
    expect(await config?.vault?.newer('the-contoso-token')).toBe('rotated');
    expect(await config?.vault?.newer('the-contoso-token')).toBe('rotated');
    vault.setSecret('contoso', 'rotated-again');
    expect(await config?.vault?.newer('rotated')).toBe('rotated-again');
    expect(await config?.vault?.newer('the-contoso-token')).toBe('rotated-again');
  });

  it('say when they end, where they have a date', async () => {
    const endsAt = Date.parse('2027-01-31T12:00:00Z');
    vault.setSecret('contoso', 'a-token-with-an-end', { endsAt });
    write();
    const { config } = await load();
    expect(config && credentialEnds(config)).toEqual([
      {
        subject: 'tenant contoso',
        tenant: 'contoso',
        what: 'the secret in Key Vault',
        mend: expect.any(String),
        endsAt,
      },
    ]);
    expect(config?.vault?.endsAt('the-jira-token')).toBeUndefined();
  });

  it('may be the PEM text of a certificate', async () => {
    vault.setSecret('app', pemOf('application'));
    const auth = `{ tenantId: ${TENANT}, clientId: ${CLIENT}, certificate: "\${keyvault:${vault.url}/secrets/app}" }`;
    write({ auth });
    const { config, problems } = await load();
    expect(problems).toEqual([]);
    const used = config?.tenants[0]?.auth;
    const pem = used?.kind === 'entra' && used.credential.kind === 'certificate' ? used.credential.pem : '';
    expect(pem).toContain('-----BEGIN PRIVATE KEY-----');
    vault.setSecret('app', pemOf('other-application'));
    expect(await config?.vault?.newer(pem)).toContain('-----BEGIN CERTIFICATE-----');
    vault.setSecret('app', 'MIIKBASE64OFAPFXFILE');
    expect((await load()).problems).toEqual([
      expect.stringMatching(/certificate: the secret in the vault is no PEM text; give .*x-pem-file$/),
    ]);
  });

  it('are not asked for while anything else is wrong', async () => {
    write({ auth: '{ tokn: x }' });
    const { problems } = await load();
    expect(problems).toHaveLength(2);
    expect([...vault.journal, ...entra.journal]).toEqual([]);
  });
});

describe('a secret that a vault does not give', () => {
  it.each([
    [
      'because it is not there',
      'nowhere',
      /auth\.token: there is no such secret nowhere in .*; check name and version/,
    ],
    ['because it is disabled', 'off', /auth\.token: secret off in .* is disabled; switch it on/],
    ['because it is empty', 'empty', /auth\.token: secret empty in .* is empty/],
  ])('%s is a problem of its line', async (_, name, says) => {
    vault.setSecret('off', 'x', { enabled: false });
    vault.setSecret('empty', '');
    write({ contoso: name });
    expect((await load()).problems).toEqual([expect.stringMatching(/^casewire\.yaml:7:20 tenants\.contoso\./)]);
    expect((await load()).problems[0]).toMatch(says);
  });

  it('because this identity may not read it, names identity and role', async () => {
    vault.readers.add(SOMEBODY);
    write();
    const [problem] = (await load()).problems;
    expect(problem).toContain(`does not let the app of the environment ${CLIENT} read secret jira`);
    expect(problem).toContain('Key Vault Secrets User');
  });

  it('because the app’s own secret is wrong, names the app', async () => {
    write();
    const { problems } = await load({ ...env, AZURE_CLIENT_SECRET: 'wrong' });
    expect(problems[0]).toContain('the app of the environment cannot sign in');
    expect(problems[0]).toContain('7000215');
    expect(problems.join()).not.toContain('wrong-secret');
  });

  it('because there is no identity at all, names each that was tried', async () => {
    write();
    vi.stubEnv('PATH', folder);
    const before = machine.journal.length;
    const { problems } = await load({});
    const [problem] = problems;
    expect(problems).toHaveLength(2);
    expect(machine.journal.length - before).toBe(1);
    expect(problem).toMatch(/there is no identity .*managed identity: .*Azure CLI account: .*az login/);
  });

  it('because nobody trusts its certificate, says how to', async () => {
    setDefaultCACertificates(trusted);
    write();
    const [problem] = (await load()).problems;
    setDefaultCACertificates([...trusted, pemOf('authority')]);
    expect(problem).toMatch(/the certificate of https:\/\/127\.0\.0\.1:\d+ is not trusted here .*NODE_EXTRA_CA_CERTS/);
  });

  it('because Microsoft’s packages are not installed, says which to install', async () => {
    const missing = Object.assign(new Error("Cannot find package '@azure/identity'"), { code: 'ERR_MODULE_NOT_FOUND' });
    const given = azureVault({}, async () => {
      throw missing;
    });
    expect(await given.read({ address: '', vault: 'https://v.example', name: 'x' })).toEqual({
      says: 'Key Vault needs packages of Microsoft that are not installed',
      mend: 'npm install @azure/identity @azure/keyvault-secrets',
      all: true,
    });
  });

  it.each([
    ['http://v.vault.azure.net/secrets/x', "is not a secret's address"],
    ['https://v.vault.azure.net/keys/x', "is not a secret's address"],
    ['https://v.vault.azure.net/secrets/a_b', "is not a secret's address"],
    ['https://v.vault.azure.net/secrets/x/1', "is not a secret's address"],
  ])('because %s is no address is told before anything is asked', async (address, says) => {
    write({ auth: `{ token: "\${keyvault:${address}}" }` });
    expect((await load()).problems).toEqual([expect.stringContaining(says)]);
    expect(vault.journal).toEqual([]);
  });

  it('is refused where no secret belongs', async () => {
    write();
    const source = `jira: { edition: cloud, url: "\${keyvault:${vault.url}/secrets/jira}" }\ntenants: {}\n`;
    writeFileSync(join(folder, 'casewire.yaml'), source);
    expect((await load()).problems.join('\n')).toContain(`jira.url: \${keyvault:…} is for secrets alone`);
  });
});

/** A token as `az account get-access-token` hands it out. */
async function fetchToken(): Promise<string> {
  const vaultApp = azureVault({ ...env, AZURE_CLIENT_SECRET: 'vault-app-secret' });
  await vaultApp.read({ address: '', vault: vault.url, name: 'jira' });
  return entra.issued[0]?.token ?? '';
}
