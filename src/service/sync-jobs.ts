import type { TenantId } from '../domain/alert.ts';
import { SECOND_MS } from '../domain/time.ts';
import type { SyncParts } from '../lifecycle/sync-parts.ts';
import { syncPass } from '../lifecycle/sync-pass.ts';
import type { Job } from '../scheduler/scheduler.ts';

export interface SyncJobsParts {
  parts: SyncParts;
  tenants: readonly TenantId[];
  everyMs: number;
  wake(job: string): void;
}

/** Within how long of the start the first pass over all tenants comes. */
const SPREAD_MS = 10 * SECOND_MS;

const nameOf = (tenant: TenantId) => `sync ${tenant}`;

/**
 * Keeping in step has one clock for all tenants, so that each site is asked once a pass what changed, and a job a tenant
 * that runs when a webhook has named an issue of it. No tenant is ever in the hands of two passes of this process: a
 * hint on a tenant in hand waits for its end, and a tenant in hand is passed over by the common pass, and then looked
 * at whole with its next hint or by the pass after that.
 */
export class SyncJobs {
  readonly #parts: SyncJobsParts;
  readonly #hinted = new Set<TenantId>();
  readonly #inHand = new Set<TenantId>();
  readonly #passedOver = new Set<TenantId>();

  constructor(parts: SyncJobsParts) {
    this.#parts = parts;
  }

  jobs(): Job[] {
    const { tenants, everyMs } = this.#parts;
    return [
      { name: 'sync', everyMs, spreadMs: SPREAD_MS, run: (signal) => this.#all(signal) },
      ...tenants.map((tenant) => ({
        name: nameOf(tenant),
        everyMs,
        spreadMs: everyMs,
        run: (signal: AbortSignal) => this.#one(tenant, signal),
      })),
    ];
  }

  /** Has the issues of these tenants that webhooks named read at once. */
  hint(tenants: readonly TenantId[]): void {
    for (const tenant of tenants) {
      this.#hinted.add(tenant);
      this.#parts.wake(nameOf(tenant));
    }
  }

  async #all(signal: AbortSignal): Promise<undefined> {
    const { tenants } = this.#parts;
    for (const tenant of this.#inHand) this.#passedOver.add(tenant);
    const free = tenants.filter((tenant) => !this.#inHand.has(tenant));
    for (const tenant of free) this.#passedOver.delete(tenant);
    await this.#pass(free, false, signal);
    return undefined;
  }

  async #one(tenant: TenantId, signal: AbortSignal): Promise<undefined> {
    if (this.#inHand.has(tenant) || !this.#hinted.delete(tenant)) return undefined;
    await this.#pass([tenant], !this.#passedOver.delete(tenant), signal);
    return undefined;
  }

  async #pass(tenants: readonly TenantId[], hintsOnly: boolean, signal: AbortSignal): Promise<void> {
    const { parts, wake } = this.#parts;
    for (const tenant of tenants) this.#inHand.add(tenant);
    const left = (tenant: TenantId) => {
      this.#inHand.delete(tenant);
      if (this.#hinted.has(tenant)) wake(nameOf(tenant));
    };
    const progress: SyncParts['progress'] = (event) => {
      parts.progress(event);
      if (event.event === 'sync-ended') left(event.tenant);
    };
    // What listens for the stop goes with the pass: the service's own signal lives for months.
    const own = new AbortController();
    const abort = () => own.abort();
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    try {
      await syncPass({ ...parts, progress }, { tenants, yes: false, hintsOnly, signal: own.signal });
    } finally {
      signal.removeEventListener('abort', abort);
      for (const tenant of tenants) left(tenant);
    }
  }
}
