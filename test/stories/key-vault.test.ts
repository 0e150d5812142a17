import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { assemble } from '../../src/assembly/assemble.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { formatProblem } from '../../src/config/problems.ts';
import { systemClock } from '../../src/observe/clock.ts';
import { CLOUD_APPS_RESOURCE } from '../../src/simulators/cloud-apps-sim.ts';
import { type EntraSim, startEntraSim } from '../../src/simulators/entra-sim.ts';
import { type KeyVaultSim, startKeyVaultSim, VAULT_RESOURCE } from '../../src/simulators/key-vault-sim.ts';
import { certificatePath, pemOf } from '../certificates.ts';
import { CliScene } from '../cli-scene.ts';
import { CLIENT_ID } from '../entra-scene.ts';

const TENANT_ID = '11111111-2222-4333-8444-000000000001';
const VAULT_APP = '66666666-7777-4888-8999-00000000000b';
const tls = { key: pemOf('server'), cert: pemOf('server') };

describe('a configuration whose secrets stand in a vault', () => {
  let scene: CliScene;
  let entra: EntraSim;
  let vault: KeyVaultSim;
  const trusted = getCACertificates('default');

  beforeEach(async () => {
    setDefaultCACertificates([...trusted, pemOf('authority')]);
    scene = await CliScene.start(2);
    entra = await startEntraSim({ clock: systemClock, tls });
    vault = await startKeyVaultSim({ clock: systemClock, tls, entra, tenantId: TENANT_ID });
    entra.addApp(TENANT_ID, VAULT_APP, { secrets: [{ value: 'vault-app-secret' }], roles: { [VAULT_RESOURCE]: [] } });
    entra.addApp(TENANT_ID, CLIENT_ID, {
      secrets: [{ value: 'first-client-secret' }],
      roles: { [CLOUD_APPS_RESOURCE]: ['Investigation.Read'] },
    });
    scene.cloudApps.entra = entra;
    Object.assign(scene.cloudApps.tenants.get('contoso') ?? {}, { tenantId: TENANT_ID, token: 'no-legacy-token' });
    vault.setSecret('jira', 'jira-token');
    vault.setSecret('client', 'first-client-secret');
    vault.setSecret('fabrikam', 'tenant-token');
    editConfig();
    vi.stubEnv('NODE_EXTRA_CA_CERTS', certificatePath('authority'));
    vi.stubEnv('AZURE_TENANT_ID', TENANT_ID);
    vi.stubEnv('AZURE_CLIENT_ID', VAULT_APP);
    vi.stubEnv('AZURE_CLIENT_SECRET', 'vault-app-secret');
    vi.stubEnv('AZURE_AUTHORITY_HOST', entra.url);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    setDefaultCACertificates(trusted);
    await Promise.all([scene.stop(), entra.stop(), vault.stop()]);
  });

  function editConfig(): void {
    const path = join(scene.folder, 'casewire.yaml');
    const reference = (name: string) => `'\${keyvault:${vault.url}/secrets/${name}}'`;
    const app = `tenantId: ${TENANT_ID}, clientId: ${CLIENT_ID}, authority: '${entra.url}', clientSecret: ${reference('client')}`;
    const yaml = readFileSync(path, 'utf8')
      .replace(`'\${env:JIRA}'`, reference('jira'))
      .replace(`{ token: '\${env:TENANT}' }`, `{ ${app} }`)
      .replace(`'\${env:TENANT}'`, reference('fabrikam'));
    writeFileSync(path, yaml);
  }

  it('is checked, and says which identity the vault was read with', async () => {
    const { stdout } = await scene.type('check');
    expect(stdout).toMatch(/key vault.*3 secrets were read as the app of the environment 66666666-/);
    expect(stdout).toContain(`signed in to Entra as app ${CLIENT_ID}`);
    expect(stdout).not.toMatch(/jira-token|first-client-secret|tenant-token|vault-app-secret/);
  });

  it('raises alerts', async () => {
    const { code, stderr } = await scene.type('run');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(scene.jira.issues()).toHaveLength(4);
  });

  it('follows secrets that were rotated after it was read, for an app and for a legacy token', async () => {
    const loaded = await loadConfig({ cwd: scene.folder, env: process.env });
    if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join());
    vault.setSecret('client', 'second-client-secret');
    entra.tenants.get(TENANT_ID)?.get(CLIENT_ID)?.secrets.splice(0, 1, { value: 'second-client-secret' });
    vault.setSecret('fabrikam', 'second-tenant-token');
    Object.assign(scene.cloudApps.tenants.get('fabrikam') ?? {}, { token: 'second-tenant-token' });
    const casewire = await assemble(loaded.config, {
      clock: systemClock,
      random: () => 0.5,
      progress: () => {},
      store: 'make',
    });
    const { tenants } = await casewire.run({ waitMs: 0, signal: new AbortController().signal });
    await casewire.close();
    expect(tenants.map(({ tenant, raised, failure }) => ({ tenant, raised, failure }))).toEqual([
      { tenant: 'contoso', raised: 2, failure: undefined },
      { tenant: 'fabrikam', raised: 2, failure: undefined },
    ]);
  });

  it('is a problem of its line, with exit code 2, where the vault does not let itself be read', async () => {
    vault.readers.add(CLIENT_ID);
    const { code, stdout, stderr } = await scene.type('run');
    expect(code).toBe(2);
    expect(stdout + stderr).toMatch(
      /casewire\.yaml:1:\d+ jira\.auth\.token: .* does not let the app of the environment/,
    );
    expect(scene.cloudApps.journal).toEqual([]);
  });
});
