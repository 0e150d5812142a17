import type { Config } from '../config/config.ts';
import type { TenantId } from '../domain/alert.ts';
import type { SiteId } from '../domain/ticket.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../domain/time.ts';
import { audit } from '../lifecycle/audit.ts';
import { sweep } from '../lifecycle/sweep.ts';
import type { SyncParts } from '../lifecycle/sync-parts.ts';
import { syncPass } from '../lifecycle/sync-pass.ts';
import type { Job } from '../scheduler/scheduler.ts';
import { Places } from './places.ts';
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

/** Another process keeps a hinted tenant in step just now; it may have read the issue before the hint came. */
const BUSY_MS = 2 * SECOND_MS;

/** The tenants of a site: they share its searches, so they are kept in step together. */
interface SiteShare {
  site: SiteId;
  tenants: readonly TenantId[];
  /** Tenants that a webhook named since the last look. */
  hinted: Set<TenantId>;
  /** A tenant is in the hands of one look at a time. */
  turn: Places;
}

/** Everything that looks after issues once they are born, each on its own clock: in step, without twins, recounted. */
export class Keeping {
  readonly #parts: KeepingParts;
  readonly #shares: readonly SiteShare[];

  constructor(parts: KeepingParts) {
    this.#parts = parts;
    const bySite = Map.groupBy(parts.config.tenants, ({ policy }) => policy.ticket.site);
    this.#shares = [...bySite].map(([site, tenants]) => ({
      site,
      tenants: tenants.map(({ tenant }) => tenant),
      hinted: new Set(),
      turn: new Places(1),
    }));
  }

  jobs(): Job[] {
    const { sync } = this.#parts.config;
    const kept = sync ? this.#shares.flatMap((share) => [this.#sync(share, sync), this.#hints(share, sync)]) : [];
    return [...kept, this.#sweep(), this.#audit()];
  }

  /** Has these tenants looked at now: a webhook named issues of theirs. */
  hinted(tenants: readonly TenantId[]): void {
    for (const share of this.#shares) {
      const own = tenants.filter((tenant) => share.tenants.includes(tenant));
      for (const tenant of own) share.hinted.add(tenant);
      if (own.length > 0) this.#parts.wake(`hints ${share.site}`);
    }
  }

  #sync({ site, tenants, turn }: SiteShare, { everyMs }: { everyMs: number }): Job {
    return {
      name: `sync ${site}`,
      everyMs,
      spreadMs: Math.min(everyMs, SYNC_SPREAD_MS),
      run: (stop) =>
        turn.within(async () => {
          await within(stop, (signal) => syncPass(this.#parts.parts, { tenants, yes: false, signal }));
          return undefined;
        }),
    };
  }

  #hints({ site, hinted, turn }: SiteShare, { everyMs }: { everyMs: number }): Job {
    return {
      name: `hints ${site}`,
      everyMs,
      spreadMs: everyMs,
      run: (stop) =>
        turn.within(async () => {
          const tenants = [...hinted];
          hinted.clear();
          if (tenants.length === 0) return undefined;
          const ask = { tenants, yes: false, hintsOnly: true };
          const summary = await within(stop, (signal) => syncPass(this.#parts.parts, { ...ask, signal }));
          const busy = summary.tenants.filter(({ failure }) => failure?.waiting);
          for (const { tenant } of busy) hinted.add(tenant);
          return busy.length > 0 ? BUSY_MS : undefined;
        }),
    };
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
