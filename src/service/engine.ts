import type { Config } from '../config/config.ts';
import type { TenantId } from '../domain/alert.ts';
import { MINUTE_MS, SECOND_MS } from '../domain/time.ts';
import type { SyncParts } from '../lifecycle/sync/sync-parts.ts';
import { Hands } from '../pipeline/hands.ts';
import type { SiteParts, TenantParts, TenantPass } from '../pipeline/pass-parts.ts';
import type { SiteHealth } from '../pipeline/site-health.ts';
import { InProcessScheduler } from '../scheduler/in-process.ts';
import type { Job, JobStanding, Scheduler } from '../scheduler/scheduler.ts';
import { atMost } from './at-most.ts';
import { lateJob } from './late-job.ts';
import { Places } from './places.ts';
import { SyncJobs } from './sync-jobs.ts';
import { tenantJobs, tendName } from './tenant-jobs.ts';
import { upkeepJobs } from './upkeep.ts';

export interface EngineParts {
  config: Config;
  parts: SyncParts;
  /** A number in [0, 1), for jitter. */
  random: () => number;
  /** Jobs besides its own. */
  beside?: readonly Job[];
}

/** Tenants that are read at once; one that hangs keeps its place until its deadline. */
const POLLS_AT_ONCE = 256;

/** First polls come within this time for each tenant, so that a start with many neither waits nor rushes. */
const SPREAD_A_TENANT_MS = 20;
const LEAST_SPREAD_MS = SECOND_MS / 2;

/** How often what dead processes of this machine left in hand is freed. */
const RECLAIM_MS = 5 * MINUTE_MS;

/** After a stop was asked for, calls in flight get this long to be answered; then they are left, to be looked for. */
const LAST_ANSWERS_MS = 5 * SECOND_MS;

/** One configuration at work: every job of it on its own clock, with connections, look-ups and limits shared by all. */
export class Engine {
  readonly #parts: EngineParts;
  readonly #stopping = new AbortController();
  readonly #scheduler: Scheduler;
  /** Absent: nothing is kept in step. */
  readonly #sync: SyncJobs | undefined;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    const { clock, progress } = parts.parts;
    this.#scheduler = new InProcessScheduler({ clock, progress, random: parts.random });
    const { sync, tenants } = parts.config;
    const names = tenants.map(({ tenant }) => tenant);
    this.#sync = sync && new SyncJobs({ parts: parts.parts, tenants: names, everyMs: sync.everyMs, wake: this.#wake });
  }

  start(): void {
    const sync = this.#sync?.jobs() ?? [];
    const upkeep = upkeepJobs({ ...this.#parts, wake: this.#wake });
    this.#scheduler.add([...this.#tenantJobs(), ...sync, ...upkeep, this.#reclaim(), ...(this.#parts.beside ?? [])]);
  }

  /** Has the issues read at once that webhooks named as these tenants'. */
  hint(tenants: readonly TenantId[]): void {
    this.#sync?.hint(tenants);
  }

  /** Has what is due of these tenants taken up at once, as after held alerts were put back. */
  takeUp(tenants: readonly TenantId[]): void {
    for (const tenant of tenants) this.#wake(tendName(tenant));
  }

  /** Has all pairs of these tenants looked at at once, as a person asked; without a `sync` there is nothing to do. */
  keepInStep(tenants: readonly TenantId[]): void {
    this.#sync?.whole(tenants);
  }

  /** Where each job stands. */
  jobs(): readonly JobStanding[] {
    return this.#scheduler.jobs();
  }

  /** How the sites do. */
  sites(): readonly SiteHealth[] {
    return [...this.#parts.parts.sites.values()].map(({ health }) => health);
  }

  /** Begins nothing more and waits for the steps in hand, but not for long: what is left is found by the next start. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const ended = Promise.all([this.#scheduler.stop(), this.#sync?.ended()]);
    await atMost(LAST_ANSWERS_MS, ended, this.#parts.parts.clock);
  }

  /** Lets a job run now, as when there is news for it. */
  readonly #wake = (job: string): void => this.#scheduler.wake(job);

  #tenantJobs(): Job[] {
    const { config } = this.#parts;
    const places = new Places(POLLS_AT_ONCE);
    const hands = new Hands();
    const spreadMs = Math.max(LEAST_SPREAD_MS, config.tenants.length * SPREAD_A_TENANT_MS);
    return config.tenants.flatMap((tenant) => {
      const pass = this.#passOf(tenant.tenant, hands);
      const spread = Math.min(spreadMs, tenant.everyMs);
      return [
        ...tenantJobs({ tenant, pass, places, spreadMs: spread, wake: this.#wake }),
        lateJob(pass, this.#parts.parts),
      ];
    });
  }

  #passOf(tenant: TenantId, hands: Hands): TenantPass {
    const { parts } = this.#parts;
    const own = parts.tenants.get(tenant) as TenantParts;
    const site = parts.sites.get(own.policy.ticket.site) as SiteParts;
    // Waiting for a throttled service is the clock's affair here: no step waits longer than a quick restart.
    return { parts, tenant, own, site, hands, signal: this.#stopping.signal, waitUntil: 0 };
  }

  #reclaim(): Job {
    const { ledger, owner, clock } = this.#parts.parts;
    return {
      name: 'reclaim',
      everyMs: RECLAIM_MS,
      spreadMs: 0,
      run: async () => {
        await ledger.leases.reclaim(owner, clock.now());
        return undefined;
      },
    };
  }
}
