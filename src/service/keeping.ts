import type { Config } from '../config/config.ts';
import type { TenantId } from '../domain/alert.ts';
import type { SiteId } from '../domain/ticket.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../domain/time.ts';
import { audit } from '../lifecycle/audit.ts';
import { sweep } from '../lifecycle/sweep.ts';
import type { SyncParts } from '../lifecycle/sync-parts.ts';
import { syncPass } from '../lifecycle/sync-pass.ts';
import type { Job } from '../scheduler/scheduler.ts';
import { tendName } from './tenant-jobs.ts';

export interface KeepingParts {
  config: Config;
  parts: SyncParts;
  wake(job: string): void;
}

/** How long after a start the first look at all pairs, and the first look for twins and differences, may come. */
const SYNC_SPREAD_MS = 30 * SECOND_MS;
const SWEEP_SPREAD_MS = 10 * MINUTE_MS;
const AUDIT_SPREAD_MS = 30 * MINUTE_MS;

const SWEEP_MS = HOUR_MS;

/** Each tenant is recounted once a day, across restarts: this often it is looked who is due. */
const AUDIT_MS = HOUR_MS;
const RECOUNT_MS = DAY_MS;

/** The job that looks at what webhooks named of a tenant. */
const hintsName = (tenant: TenantId) => `hints ${tenant}`;

/** Another process keeps a hinted tenant in step just now; it may have read the issue before the hint came. */
const BUSY_MS = 2 * SECOND_MS;

/**
 * Everything that looks after issues once they are born, each on its own clock: in step, without twins, recounted.
 *
 * The tenants of a site are kept in step together, since they share its searches; a hint has its tenant looked at by
 * itself, so that no other one holds it up. No tenant is in two hands at once: a hint on a tenant in hand waits for the
 * end of that look, and a tenant in hand is passed over by the common one, and looked at whole after its next hint or by
 * the common look after that.
 */
export class Keeping {
  readonly #parts: KeepingParts;
  readonly #hinted = new Set<TenantId>();
  readonly #inHand = new Set<TenantId>();
  readonly #passedOver = new Set<TenantId>();

  constructor(parts: KeepingParts) {
    this.#parts = parts;
  }

  jobs(): Job[] {
    const { sync, tenants } = this.#parts.config;
    const bySite = Map.groupBy(tenants, ({ policy }) => policy.ticket.site);
    const kept = sync
      ? [
          ...[...bySite].map(([site, own]) =>
            this.#sync(
              site,
              own.map(({ tenant }) => tenant),
              sync,
            ),
          ),
          ...tenants.map(({ tenant }) => this.#hints(tenant, sync)),
        ]
      : [];
    return [...kept, this.#sweep(), this.#audit()];
  }

  /** Has these tenants looked at now: a webhook named issues of theirs. */
  hinted(tenants: readonly TenantId[]): void {
    for (const tenant of tenants) {
      this.#hinted.add(tenant);
      this.#parts.wake(hintsName(tenant));
    }
  }

  #sync(site: SiteId, tenants: readonly TenantId[], { everyMs }: { everyMs: number }): Job {
    return {
      name: `sync ${site}`,
      everyMs,
      spreadMs: Math.min(everyMs, SYNC_SPREAD_MS),
      run: async (stop) => {
        const free = tenants.filter((tenant) => !this.#inHand.has(tenant));
        for (const tenant of tenants) this.#passedOver.add(tenant);
        for (const tenant of free) this.#passedOver.delete(tenant);
        await this.#look(free, false, stop);
        return undefined;
      },
    };
  }

  #hints(tenant: TenantId, { everyMs }: { everyMs: number }): Job {
    return {
      name: hintsName(tenant),
      everyMs,
      spreadMs: everyMs,
      run: async (stop) => {
        if (this.#inHand.has(tenant) || !this.#hinted.delete(tenant)) return undefined;
        const begun = await this.#look([tenant], !this.#passedOver.delete(tenant), stop);
        if (begun.has(tenant)) return undefined;
        this.#hinted.add(tenant);
        return BUSY_MS;
      },
    };
  }

  /** Looks at tenants that are in nobody's hands here; answers those that were in no other process's either. */
  async #look(tenants: readonly TenantId[], hintsOnly: boolean, stop: AbortSignal): Promise<ReadonlySet<TenantId>> {
    const { parts, wake } = this.#parts;
    const begun = new Set<TenantId>();
    const ended = new Set<TenantId>();
    const left = (tenant: TenantId) => {
      if (this.#inHand.delete(tenant) && this.#hinted.has(tenant)) wake(hintsName(tenant));
    };
    const progress: SyncParts['progress'] = (event) => {
      parts.progress(event);
      if (event.event === 'sync-started') begun.add(event.tenant);
      if (event.event !== 'sync-ended') return;
      ended.add(event.tenant);
      left(event.tenant);
    };
    for (const tenant of tenants) this.#inHand.add(tenant);
    try {
      await within(stop, (signal) => syncPass({ ...parts, progress }, { tenants, yes: false, hintsOnly, signal }));
    } finally {
      // One that has ended may be in another hand by now.
      for (const tenant of tenants) if (!ended.has(tenant)) left(tenant);
    }
    return begun;
  }

  #sweep(): Job {
    return {
      name: 'sweep',
      everyMs: SWEEP_MS,
      spreadMs: SWEEP_SPREAD_MS,
      run: async (signal) => {
        await sweep(this.#parts.parts, { signal });
        return undefined;
      },
    };
  }

  #audit(): Job {
    const { parts, config, wake } = this.#parts;
    return {
      name: 'audit',
      everyMs: AUDIT_MS,
      spreadMs: AUDIT_SPREAD_MS,
      run: async (signal) => {
        const now = parts.clock.now();
        const latest = new Map((await parts.ledger.audits.latest()).map(({ tenant, at }) => [tenant, at]));
        const due = ({ tenant }: { tenant: TenantId }) => now - (latest.get(tenant) ?? 0) >= RECOUNT_MS - AUDIT_MS / 2;
        const tenants = config.tenants.filter(due).map(({ tenant }) => tenant);
        const reports = tenants.length > 0 ? await audit(parts, { tenants, signal }) : [];
        for (const { tenant, admitted } of reports) if (admitted > 0) wake(tendName(tenant));
        return undefined;
      },
    };
  }
}

/** Gives the work a signal of its own: what listens to it goes with the work, however long the service lives. */
async function within<T>(stop: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const own = new AbortController();
  const abort = () => own.abort();
  stop.addEventListener('abort', abort, { once: true });
  if (stop.aborted) abort();
  try {
    return await work(own.signal);
  } finally {
    stop.removeEventListener('abort', abort);
  }
}
