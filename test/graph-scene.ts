import type { EntraSim } from '../src/simulators/entra-sim.ts';
import { groupRoutes, type SimDirectory } from '../src/simulators/graph-groups-sim.ts';
import { type GraphSim, startGraphSim } from '../src/simulators/graph-sim.ts';
import { CLIENT_ID, type EditableWorld, signInByEntra, TENANT_IDS } from './entra-scene.ts';

export interface GraphScene {
  graph: GraphSim;
  entra: EntraSim;
  /** Which tenants are read from Graph from the next pass on; the others from the REST API. */
  readFromGraph(...tenants: string[]): void;
}

/**
 * Puts Microsoft Graph beside a world, with the same alerts as Defender for Cloud Apps and the groups that are given,
 * both signed in to by Entra.
 */
export async function graphBeside(
  world: EditableWorld,
  directories: Readonly<Record<string, SimDirectory>> = {},
): Promise<GraphScene> {
  const entra = await signInByEntra(world);
  const names = new Map(Object.entries(TENANT_IDS).map(([name, id]) => [id, name]));
  const graph = await startGraphSim({
    clock: world.clock,
    tenants: Object.fromEntries(world.scene.cloudApps.tenants),
    beside: groupRoutes({ directories }),
    callerOf: (header) => {
      const issued = entra.bearer(header, graph.origin);
      const tenant = names.get(issued?.tenantId ?? '');
      return issued && tenant !== undefined ? { tenant, roles: issued.roles } : undefined;
    },
  });
  world.beside.push(graph);
  for (const id of Object.values(TENANT_IDS)) {
    const app = entra.tenants.get(id)?.get(CLIENT_ID);
    if (app) app.roles = { ...app.roles, [graph.origin]: ['SecurityAlert.Read.All', 'GroupMember.Read.All'] };
  }
  const signedIn = world.editConfig;
  const readFromGraph = (...tenants: string[]) => {
    world.editConfig = (yaml) =>
      tenants.reduce(
        (text, tenant) =>
          text.replace(
            new RegExp(`source: defender-cloud-apps\n( +)url: \\S+/${tenant}\n`),
            (_, indent: string) => `source: graph\n${indent}url: ${graph.url}\n`,
          ),
        signedIn(yaml),
      );
  };
  return { graph, entra, readFromGraph };
}
