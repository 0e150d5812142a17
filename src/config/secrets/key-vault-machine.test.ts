import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { pemOf } from '../../../test/certificates.ts';
import { systemClock } from '../../observe/clock.ts';
import { type EntraSim, startEntraSim } from '../../simulators/entra-sim.ts';
import { type KeyVaultSim, startKeyVaultSim, VAULT_RESOURCE } from '../../simulators/key-vault-sim.ts';
import { azureVault } from './key-vault.ts';

const TENANT = '11111111-2222-4333-8444-555555555555';
const MACHINE = '66666666-7777-4888-8999-00000000000a';
const tls = { key: pemOf('server'), cert: pemOf('server') };

// In a file of its own: the SDK settles on a machine's identity, or on its absence, for the life of the process.
describe('a vault on a machine with an identity of its own', () => {
  let entra: EntraSim;
  let vault: KeyVaultSim;
  const trusted = getCACertificates('default');

  beforeAll(async () => {
    setDefaultCACertificates([...trusted, pemOf('authority')]);
    entra = await startEntraSim({ clock: systemClock, tls });
    entra.addApp(TENANT, MACHINE, { roles: { [VAULT_RESOURCE]: [] } });
    entra.managedIdentity = { tenantId: TENANT, clientId: MACHINE, header: 'machine' };
    vault = await startKeyVaultSim({ clock: systemClock, tls, entra, tenantId: TENANT });
    vi.stubEnv('IDENTITY_ENDPOINT', `${entra.url}/msi/token`);
    vi.stubEnv('IDENTITY_HEADER', 'machine');
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    setDefaultCACertificates(trusted);
    await Promise.all([entra.stop(), vault.stop()]);
  });

  it('is read with it, and says so', async () => {
    vault.setSecret('jira', 'the-jira-token');
    const azure = azureVault({});
    expect(await azure.read({ address: '', vault: vault.url, name: 'jira' })).toEqual({ value: 'the-jira-token' });
    expect(azure.identity()).toBe(`managed identity ${MACHINE}`);
    expect(entra.issued.map(({ by }) => by)).toEqual(['managed-identity']);
  });
});
