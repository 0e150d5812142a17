import type { TenantId } from '../domain/alert.ts';
import { SECOND_MS } from '../domain/time.ts';
import type { SyncParts } from '../lifecycle/sync/sync-parts.ts';
import { syncPass } from '../lifecycle/sync/sync-pass.ts';
import { sayWhy } from '../scheduler/in-process.ts';
import type { Job } from '../scheduler/scheduler.ts';
import { atMost } from './at-most.ts';

export interface SyncJobsParts {
  parts: SyncParts;
  tenants: readonly TenantId[];
  everyMs: number;
  wake(job: string): void;
}

/** Within how long of the start the first pass over all tenants comes. */
const SPREAD_MS = 10 * SECOND_MS;

/** Another process keeps a hinted tenant in step just now; it may have read the issue before the hint came. */
const BUSY_MS = 2 * SECOND_MS;

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
  /** Looked at whole with the next hint. */
  readonly #passedOver = new Set<TenantId>();
  /** Those of them that a person asked for. */
  readonly #asked = new Set<TenantId>();
  readonly #underWay = new Set<Promise<unknown>>();

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

  /** Has all pairs of these tenants looked at at once, and what was refused tried again, as a person asks. */
  whole(tenants: readonly TenantId[]): void {
    for (const tenant of tenants) {
      this.#passedOver.add(tenant);
      this.#asked.add(tenant);
    }
    this.hint(tenants);
  }

  /** Resolves when no pass is under way. */
  async ended(): Promise<void> {
    await Promise.allSettled(this.#underWay);
  }

  /** One that takes longer than the time between two passes goes on by itself: the next one begins without its tenants. */
  async #all(signal: AbortSignal): Promise<number | undefined> {
    const { tenants } = this.#parts;
    for (const tenant of this.#inHand) this.#passedOver.add(tenant);
    const free = tenants.filter((tenant) => !this.#inHand.has(tenant));
    for (const tenant of free) this.#passedOver.delete(tenant);
    const { everyMs, parts } = this.#parts;
    let over = false;
    const work = this.#pass(free, { hintsOnly: false, retry: false }, signal).finally(() => {
      over = true;
      this.#underWay.delete(work);
    });
    this.#underWay.add(work);
    await atMost(everyMs, work, parts.clock);
    if (over) return undefined;
    work.catch((error) => {
      if (!signal.aborted) parts.progress({ event: 'job-failed', job: 'sync', why: sayWhy(error), retryMs: 0 });
    });
    return 0;
  }

  async #one(tenant: TenantId, signal: AbortSignal): Promise<number | undefined> {
    if (this.#inHand.has(tenant) || !this.#hinted.delete(tenant)) return undefined;
    const whole = this.#passedOver.delete(tenant);
    const retry = whole && this.#asked.delete(tenant);
    const begun = await this.#pass([tenant], { hintsOnly: !whole, retry }, signal);
    if (begun.has(tenant)) return undefined;
    if (whole) this.#passedOver.add(tenant);
    this.#hinted.add(tenant);
    return BUSY_MS;
  }

  /** Answers the tenants that were in no other process's hands. */
  async #pass(
    tenants: readonly TenantId[],
    how: { hintsOnly: boolean; retry: boolean },
    signal: AbortSignal,
  ): Promise<ReadonlySet<TenantId>> {
    const { parts, wake } = this.#parts;
    for (const tenant of tenants) this.#inHand.add(tenant);
    const begun = new Set<TenantId>();
    const ended = new Set<TenantId>();
    const left = (tenant: TenantId) => {
      if (this.#inHand.delete(tenant) && this.#hinted.has(tenant)) wake(nameOf(tenant));
    };
    const progress: SyncParts['progress'] = (event) => {
      parts.progress(event);
      if (event.event === 'sync-started') begun.add(event.tenant);
      if (event.event !== 'sync-ended') return;
      ended.add(event.tenant);
      left(event.tenant);
    };
    // What listens for the stop goes with the pass: the service's own signal lives for months.
    const own = new AbortController();
    const abort = () => own.abort();
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    try {
      await syncPass({ ...parts, progress }, { tenants, yes: false, ...how, signal: own.signal });
    } finally {
      signal.removeEventListener('abort', abort);
      // One that has ended may be in another hand by now.
      for (const tenant of tenants) if (!ended.has(tenant)) left(tenant);
    }
    return begun;
  }
}
