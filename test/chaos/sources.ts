import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../src/domain/time.ts';
import { CLOUD_APPS_RESOURCE } from '../../src/simulators/cloud-apps-sim.ts';
import { type Fault, type FaultSchedule, faults } from '../../src/simulators/fault.ts';
import type { Scene } from '../../src/simulators/scene.ts';
import type { SimServer } from '../../src/simulators/sim-server.ts';
import type { EditableWorld } from '../entra-scene.ts';
import { type GraphScene, graphBeside } from '../graph-scene.ts';
import type { HandClock } from '../hand-clock.ts';

/** Where the tenants of a trial are read. */
export interface ChaosSources {
  /** The configuration of the next run. */
  configYaml(): string;
  /** Perhaps moves tenants to the other source. */
  move(): void;
  /** Makes a source misbehave, whichever one is asked next. */
  fault(fault: Fault, schedule: FaultSchedule): void;
  heal(): void;
  /** Whether a text holds a token that was handed out. */
  printed(text: string): boolean;
  readonly sims: readonly SimServer[];
  stop(): Promise<void>;
}

export interface ChaosSourcesParts {
  scene: Scene;
  clock: Clock;
  folder: string;
  random: () => number;
}

/**
 * Every third seed leaves the tenants at Defender for Cloud Apps with legacy tokens. The others sign in by Entra, read
 * some tenants from Graph, move them between the two in mid-trial, and lose their tokens now and then.
 */
export async function chaosSources(
  seed: number,
  { scene, clock, folder, random }: ChaosSourcesParts,
): Promise<ChaosSources> {
  const beside: SimServer[] = [];
  const world: EditableWorld = {
    clock: clock as HandClock,
    scene,
    folder,
    beside,
    write: (name, text) => writeFileSync(join(folder, name), text),
    editConfig: (yaml) => yaml,
  };
  const moved = seed % 3 === 0 ? undefined : await graphBeside(world);
  if (moved) mayClose(moved);
  const move = () => {
    const tenants = [...scene.cloudApps.tenants.keys()].filter(() => random() < 0.5);
    moved?.readFromGraph(...tenants);
    const token = moved?.entra.issued.at(-1)?.token;
    if (token !== undefined && random() < 0.3) moved?.entra.revoke(token);
  };
  move();
  return {
    configYaml: () => world.editConfig(scene.configYaml()),
    move,
    fault(fault, schedule) {
      scene.cloudApps.fault({}, fault, schedule);
      moved?.graph.fault({}, fault, schedule);
      if (random() < 0.3) moved?.entra.fault({}, faults.status(503), { times: 1 });
    },
    heal() {
      for (const sim of beside) sim.heal();
      if (moved) moved.graph.throttles = false;
    },
    printed: (text) => moved?.entra.issued.some(({ token }) => text.includes(token)) ?? false,
    sims: [scene.cloudApps, ...beside],
    stop: async () => void (await Promise.all(beside.map((sim) => sim.stop()))),
  };
}

/** Lets the app close alerts at both services, besides what it may read. */
function mayClose({ entra, graph }: GraphScene): void {
  const closing = { [CLOUD_APPS_RESOURCE]: 'Investigation.manage', [graph.origin]: 'SecurityAlert.ReadWrite.All' };
  for (const apps of entra.tenants.values())
    for (const app of apps.values())
      for (const [resource, role] of Object.entries(closing))
        app.roles = { ...app.roles, [resource]: [...(app.roles?.[resource] ?? []), role] };
}
