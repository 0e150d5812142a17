import type { TenantId } from '../../domain/alert.ts';
import type { SyncSummary } from '../../domain/sync-outcome.ts';
import { HOUR_MS, sayInstant } from '../../domain/time.ts';
import type { SyncTurn } from '../../ledger/in-step/links-port.ts';
import type { ProgressEvent } from '../../observe/progress.ts';
import { traced } from '../../observe/trace.ts';
import { inParallel } from '../../pipeline/in-parallel.ts';
import { untilLastAnswers } from '../../pipeline/last-answers.ts';
import type { TenantParts } from '../../pipeline/pass-parts.ts';
import { toTenantFailure } from '../../pipeline/tenant-failure.ts';
import { holdsRight, takeRight } from './right.ts';
import { SiteNews } from './site-news.ts';
import type { SyncParts } from './sync-parts.ts';
import { syncTenant } from './sync-tenant.ts';
import { NOTHING, type TenantSyncPass } from './sync-tenant-parts.ts';

export interface SyncOptions {
  tenants: readonly TenantId[];
  /** Do plans that the guard would stop. */
  yes: boolean;
  /** Only say what would be done. */
  plan?: boolean;
  /** Read all pairs on both sides, whatever was read lately. */
  all?: boolean;
  /** Try again at once what was refused. */
  retry?: boolean;
  /** Look at nothing but the issues that webhooks named. */
  hintsOnly?: boolean;
  signal: AbortSignal;
}

/** Most tenants worked on at once; one that hangs keeps one of these places until its deadline. */
const TENANTS_AT_ONCE = 64;

/** One that was kept in step longer ago than this is late. */
const LATE_MS = 2 * HOUR_MS;

const MOST_WARNINGS = 100;

/**
 * One pass that keeps the pairs of these tenants in step, both ways. Each tenant is an island: its trouble ends in its
 * own line of the summary. Stopped between any two steps, the next pass finds what is left to do.
 */
export async function syncPass(outer: SyncParts, options: SyncOptions): Promise<SyncSummary> {
  const startedAt = outer.clock.now();
  const warnings: string[] = [];
  const parts: SyncParts = { ...outer, progress: (event) => outer.progress(noted(event, warnings)) };
  const { sync: policy = {} } = outer;
  const passes = options.tenants.map((tenant): TenantSyncPass => {
    const own = parts.tenants.get(tenant) as TenantParts;
    const { signal, retry = false } = options;
    const count = { tenant, ...NOTHING };
    return {
      ...{ parts, tenant, own, policy, count, retry, tried: new Map(), signal },
      rightUntil: Number.POSITIVE_INFINITY,
    };
  });
  const work = (async () => {
    // A pass that was ended by force has not given its tenants back.
    if (!options.plan && !options.hintsOnly) await parts.ledger.leases.reclaim(parts.owner, startedAt);
    const begun = await inParallel(passes, TENANTS_AT_ONCE, (pass) => begin(pass, options));
    const present = begun.filter((one) => one !== undefined);
    const isLate = ({ position }: Begun) => (position.issuesSince ?? startedAt) < startedAt - LATE_MS;
    // A tenant that was not kept in step for long asks far back: the others do not ask with it.
    const late = newsFor(parts, present.filter(isLate));
    const usual = newsFor(
      parts,
      present.filter((one) => !isLate(one)),
    );
    await inParallel(present, TENANTS_AT_ONCE, (one) =>
      traced('casewire.sync', { tenant: one.pass.tenant }, () =>
        island({ ...one, news: isLate(one) ? late : usual, options }),
      ),
    );
  })();
  await untilLastAnswers(work, parts.clock, options.signal);
  return {
    tenants: passes.map(({ count }) => count),
    warnings,
    calls: {},
    startedAt,
    durationMs: parts.clock.now() - startedAt,
    stopped: options.signal.aborted,
  };
}

function newsFor(parts: SyncParts, begun: readonly Begun[]): SiteNews {
  const since = begun.flatMap(({ position }) => position.issuesSince ?? []);
  return new SiteNews(
    parts,
    since.reduce<number | undefined>((first, at) => Math.min(first ?? at, at), undefined),
  );
}

interface Begun extends SyncTurn {
  pass: TenantSyncPass;
}

/** Takes the right to the tenant; a plan takes none and reads everything. */
async function begin(pass: TenantSyncPass, { plan, signal }: SyncOptions): Promise<Begun | undefined> {
  const { count } = pass;
  if (signal.aborted) return undefined;
  if (plan) return { pass, position: {}, sites: [] };
  const begun = await takeRight(pass);
  if ('position' in begun) return { pass, ...begun };
  const until = sayInstant(begun.busyUntil);
  const why = `another process is keeping this tenant in step; its right to do so ends at ${until} at the latest`;
  count.failure = { why, waiting: true };
  return undefined;
}

/** One tenant's work, whatever comes of it; the right to the tenant is given back. */
async function island({ pass, news, options, ...turn }: Begun & { news: SiteNews; options: SyncOptions }) {
  const { parts, tenant, count } = pass;
  const { ledger, owner, clock, progress } = parts;
  let next = turn.position;
  try {
    if (await holdsRight(pass)) next = await syncTenant(pass, { ...turn, news, ...options });
  } catch (error) {
    count.failure = toTenantFailure(error);
  }
  if (options.plan) return;
  const { failure, stopped } = count;
  await ledger.links.end({
    tenant,
    owner,
    now: clock.now(),
    position: next,
    ...(failure ? { failure: failure.why } : {}),
    ...(stopped === undefined ? {} : { stopped }),
  });
  progress({ event: 'sync-ended', tenant, result: count });
}

function noted(event: ProgressEvent, warnings: string[]): ProgressEvent {
  if (event.event === 'warning' && warnings.length < MOST_WARNINGS)
    warnings.push(event.tenant ? `${event.tenant}: ${event.says}` : event.says);
  return event;
}
