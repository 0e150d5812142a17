import type { SyncLine, SyncSummary } from '../src/domain/sync-outcome.ts';
import type { SyncOptions } from '../src/lifecycle/sync-pass.ts';
import type { ProgressEvent } from '../src/observe/progress.ts';
import { World, type WorldOptions } from './world.ts';

/** What a sync said besides its summary. */
export interface SyncReport extends SyncSummary {
  lines: readonly SyncLine[];
  events: readonly ProgressEvent[];
}

export const BOTH_WAYS = `
sync:
  fromJira:
    verdict: { False Positive: false_positive, "Won't Do": benign, default: true_positive }
  fromDefender:
    transitionTo: Done
`;

/** A world whose alerts all have their issues, with the configuration's `sync` as given. */
export async function raisedWorld(sync = BOTH_WAYS, options: WorldOptions = {}): Promise<World> {
  const world = await World.start({
    ...options,
    config: (yaml, scene) => (options.config?.(yaml, scene) ?? yaml) + sync,
  });
  await world.run();
  return world;
}

/** One `sync`, from opening the ledger to closing it. */
export async function syncOnce(
  world: World,
  { onEvent = () => {}, ...options }: Partial<SyncOptions> & { onEvent?: (event: ProgressEvent) => void } = {},
): Promise<SyncReport> {
  const events: ProgressEvent[] = [];
  const casewire = await world.open(
    (event) => {
      events.push(event);
      onEvent(event);
    },
    options.plan ? 'use' : 'make',
  );
  try {
    const ask = { yes: false, signal: new AbortController().signal, ...options };
    const summary = await world.drive(casewire.sync(ask));
    const lines = events.flatMap((event) => ('line' in event && event.event !== 'settled' ? [event.line] : []));
    return { ...summary, lines, events };
  } finally {
    await casewire.close();
  }
}

/** Calls that may change something, at Defender and at Jira: reads that are sent as POST are none. */
export function writesOf(world: World): readonly string[] {
  const { cloudApps, jira } = world.scene;
  return [...cloudApps.journal, ...jira.journal]
    .filter(({ method }) => method === 'POST' || method === 'PUT' || method === 'DELETE' || method === 'PATCH')
    .map(({ method, path }) => `${method} ${path}`)
    .filter((call) => !/\/alerts\/$|\/search|\/bulkfetch|\/changelog/.test(call));
}
