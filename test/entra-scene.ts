import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLOUD_APPS_RESOURCE } from '../src/simulators/cloud-apps-sim.ts';
import { type EntraSim, startEntraSim } from '../src/simulators/entra-sim.ts';
import { certificatePath, pemOf } from './certificates.ts';
import type { World } from './world.ts';

export const CLIENT_ID = '66666666-7777-4888-8999-000000000000';
export const CLIENT_SECRET = 'simulated-client-secret';

/** Each tenant's id in Entra. */
export const TENANT_IDS: Readonly<Record<string, string>> = {
  contoso: '11111111-2222-4333-8444-000000000001',
  fabrikam: '11111111-2222-4333-8444-000000000002',
  northwind: '11111111-2222-4333-8444-000000000003',
};

/** What of a world is needed to put services beside it. */
export type EditableWorld = Pick<World, 'clock' | 'scene' | 'folder' | 'beside' | 'write' | 'editConfig'>;

/**
 * Lets every tenant of a world be signed in to by one app of Entra: fabrikam by certificate, the others by secret.
 * The world's environment needs no more than it has: the secret stands in a file.
 */
export async function signInByEntra(world: EditableWorld): Promise<EntraSim> {
  const entra = await startEntraSim({ clock: world.clock });
  world.beside.push(entra);
  world.scene.cloudApps.entra = entra;
  copyFileSync(certificatePath('application'), join(world.folder, 'application.pem'));
  world.write('client-secret', CLIENT_SECRET);
  for (const [tenant, tenantId] of Object.entries(TENANT_IDS)) {
    entra.addApp(tenantId, CLIENT_ID, {
      secrets: [{ value: CLIENT_SECRET }],
      certificates: [pemOf('application')],
      roles: { [CLOUD_APPS_RESOURCE]: ['Investigation.Read'] },
    });
    const served = world.scene.cloudApps.tenants.get(tenant);
    if (served) Object.assign(served, { tenantId, token: 'no-legacy-token' });
  }
  world.editConfig = (yaml) =>
    yaml.replaceAll(/token: \$\{env:(CONTOSO|FABRIKAM|NORTHWIND)_TOKEN\}/g, (_, name: string) => {
      const proof = name === 'FABRIKAM' ? 'certificate: application.pem' : `clientSecret: "\${file:client-secret}"`;
      const id = TENANT_IDS[name.toLowerCase()];
      return [`authority: ${entra.url}`, `tenantId: ${id}`, `clientId: ${CLIENT_ID}`, proof].join('\n      ');
    });
  return entra;
}
