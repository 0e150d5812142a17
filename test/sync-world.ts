import type { SyncLine, SyncSummary } from '../src/domain/sync-outcome.ts';
import { MINUTE_MS } from '../src/domain/time.ts';
import type { SyncOptions } from '../src/lifecycle/sync/sync-pass.ts';
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

/** The first alert of a tenant that has an issue of its own. */
export function firstPair(world: World, tenant = 'contoso'): { alert: string; issue: string } {
  for (const [key, [issue = '']] of world.issuesByAlert())
    if (key.startsWith(`${tenant}/`)) return { alert: key.slice(tenant.length + 1), issue };
  throw new Error(`${tenant} has no issue`);
}

/** 0 open, 3 false positive, 4 benign, 5 true positive. */
export function resolutionOf(world: World, id: string, tenant = 'contoso'): number {
  const records = world.scene.cloudApps.tenants.get(tenant)?.alerts as readonly Record<string, unknown>[];
  return Number(records.find(({ _id }) => _id === id)?.resolutionStatusValue ?? 0);
}

export function statusOf(world: World, key: string): string | undefined {
  return world.scene.jira.issues().find((issue) => issue.key === key)?.status;
}

/** The texts of an issue's comments, each as the JSON or the markup that Jira was sent. */
export function commentsOf(world: World, key: string): readonly string[] {
  return world.scene.jira.commentsOf(key).map(({ body }) => JSON.stringify(body));
}

/** Resolves an issue as a person does, with or without a resolution. */
export function resolve(world: World, key: string, resolution?: string): void {
  world.scene.jira.setStatus(key, 'Done');
  const issue = world.scene.jira.site.find(key);
  if (issue && resolution !== undefined) issue.resolution = resolution;
}

/** Syncs until a pass writes nothing, at most `most` times, with a minute between two; returns all of it. */
export async function syncUntilQuiet(world: World, most = 20): Promise<readonly SyncReport[]> {
  const reports: SyncReport[] = [];
  for (;;) {
    const before = writesOf(world).length;
    world.clock.advance(MINUTE_MS);
    const report = await syncOnce(world);
    reports.push(report);
    if (writesOf(world).length === before && report.tenants.every(({ waiting }) => waiting === 0)) return reports;
    if (reports.length > most)
      throw new Error(`still not quiet: ${JSON.stringify(report.tenants)} ${JSON.stringify(report.events)}`);
  }
}
