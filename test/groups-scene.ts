import type { EntraSim } from '../src/simulators/entra-sim.ts';
import { groupRoutes, type SimDirectory } from '../src/simulators/graph-groups-sim.ts';
import { type SimOptions, SimServer } from '../src/simulators/sim-server.ts';
import { json, type SimRequest } from '../src/simulators/wire.ts';
import { CLIENT_ID, TENANT_IDS } from './entra-scene.ts';
import type { World } from './world.ts';

/** Graph as far as groups are asked: one directory for each tenant, and what the app may read there. */
export class GroupsSim extends SimServer {
  readonly #entra: EntraSim;
  readonly #directories: Readonly<Record<string, SimDirectory>>;

  constructor(options: SimOptions, entra: EntraSim, directories: Readonly<Record<string, SimDirectory>>) {
    super(options);
    this.#entra = entra;
    this.#directories = directories;
  }

  protected answer(request: SimRequest) {
    const token = this.#entra.bearer(request.headers.authorization, this.origin);
    if (!token) return json(401, { error: { code: 'InvalidAuthenticationToken' } });
    const [tenant = ''] = Object.entries(TENANT_IDS).find(([, id]) => id === token.tenantId) ?? [];
    return groupRoutes({ directories: this.#directories })(request, { tenant, roles: token.roles });
  }
}

/** Lets the tenants of a world, signed in to by Entra, be asked for groups. */
export async function askGroupsOf(
  world: World,
  entra: EntraSim,
  directories: Readonly<Record<string, SimDirectory>>,
): Promise<GroupsSim> {
  const graph = await new GroupsSim({ clock: world.clock }, entra, directories).listen();
  world.beside.push(graph);
  for (const id of Object.values(TENANT_IDS)) {
    const app = entra.tenants.get(id)?.get(CLIENT_ID);
    if (app) app.roles = { ...app.roles, [graph.origin]: ['GroupMember.Read.All'] };
  }
  const edit = world.editConfig;
  world.editConfig = (yaml) => edit(yaml).replaceAll(/^( +)authority: /gm, `$1graph: ${graph.origin}\n$1authority: `);
  return graph;
}
