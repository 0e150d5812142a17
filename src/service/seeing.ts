import { StoreFailure } from '../domain/failure.ts';
import { type Clock, type EpochMs, MINUTE_MS } from '../domain/time.ts';
import type { Standing, Warning } from '../domain/vitals.ts';
import type { ApiCall } from '../observe/meter.ts';
import { createMetrics, type Metrics } from '../observe/metrics.ts';
import type { Progress, ProgressEvent } from '../observe/progress.ts';
import type { SitePause } from '../pipeline/site-health.ts';
import { changesOf } from '../rules/watchfulness.ts';
import type { Job, JobStanding } from '../scheduler/scheduler.ts';
import { type Health, healthOf, readinessOf, type ServiceState } from './health.ts';
import type { Standings } from './standings.ts';

export interface SeeingParts {
  clock: Clock;
  version: string;
  /** Told of what is not well any more, or anew. */
  progress: Progress;
  /** Bytes of memory in use. */
  memory: () => number;
}

/** The configuration at work, as far as it is looked at. */
export interface Watched {
  standings: Pick<Standings, 'fresh'>;
  jobs(): readonly JobStanding[];
  /** Why the store did not do what it was last asked; absent when it did. */
  storeTrouble(): StoreFailure | undefined;
  sites(): readonly { pausedAt(now: EpochMs): SitePause | undefined }[];
}

/** How often a service looks how things stand. */
const LOOK_EVERY_MS = MINUTE_MS;

/** What a service shows of itself, over all configurations that it works with one after the other. */
export class Seeing {
  readonly #parts: SeeingParts;
  readonly #metrics: Metrics;
  readonly #startedAt: EpochMs;
  #watched: Watched | undefined;
  #told: readonly Warning[] = [];
  #tenants = 0;
  #unread = 0;
  #lookedAt: EpochMs;
  #ledger: ServiceState['ledger'];
  #configRefused: string | undefined;
  #stopping = false;

  constructor(parts: SeeingParts) {
    this.#parts = parts;
    const now = parts.clock.now();
    this.#startedAt = this.#lookedAt = now;
    this.#ledger = { ok: true, at: now };
    const look = () => this.#look();
    this.#metrics = createMetrics({ clock: parts.clock, version: parts.version, memory: parts.memory, look });
  }

  /** Shows these from now on. */
  follow(watched: Watched): void {
    this.#watched = watched;
  }

  note(event: ProgressEvent): void {
    this.#metrics.note(event);
    if (event.event === 'reload-refused') this.#configRefused = event.why.join('; ');
    if (event.event === 'reloaded') this.#configRefused = undefined;
    if (event.event === 'stopping') this.#stopping = true;
  }

  called(call: ApiCall): void {
    this.#metrics.called(call);
  }

  /** The job that looks how things stand and tells what is not well, each once until it is over. */
  job(): Job {
    return {
      name: 'watch',
      everyMs: LOOK_EVERY_MS,
      spreadMs: LOOK_EVERY_MS,
      run: async () => {
        this.#lookedAt = this.#parts.clock.now();
        const warnings = await this.#warnings();
        // What was missed before the start is being made up for.
        if (this.#lookedAt - this.#startedAt < LOOK_EVERY_MS) return undefined;
        const { began, ended } = changesOf(this.#told, warnings);
        this.#told = warnings;
        for (const warning of began) this.#parts.progress({ event: 'trouble-began', ...warning });
        for (const { says: _, mend: __, ...over } of ended) this.#parts.progress({ event: 'trouble-ended', ...over });
        return undefined;
      },
    };
  }

  health(): Health {
    return healthOf(this.#state());
  }

  ready(): Health {
    return readinessOf(this.#state());
  }

  metrics(): Promise<string> {
    return this.#metrics.text();
  }

  async #look(): Promise<Standing> {
    const { clock } = this.#parts;
    try {
      if (!this.#watched) throw new Error('the service has not begun');
      const standing = await this.#watched.standings.fresh();
      this.#ledger = { ok: true, at: clock.now() };
      this.#unread = new Set(
        standing.warnings.flatMap(({ kind, tenant }) => (kind === 'reading-failed' && tenant ? [tenant] : [])),
      ).size;
      this.#tenants = standing.vitals.tenants.length;
      return standing;
    } catch (error) {
      if (this.#ledger.ok) this.#ledger = { ok: false, at: clock.now() };
      throw error;
    }
  }

  /** What is not well; of a store that cannot be asked only that, beside what was told before. */
  async #warnings(): Promise<readonly Warning[]> {
    let others: readonly Warning[];
    try {
      others = (await this.#look()).warnings;
    } catch (error) {
      if (!(error instanceof StoreFailure)) throw error;
      others = this.#told.filter(({ kind }) => kind !== 'store-failed');
    }
    const trouble = this.#watched?.storeTrouble();
    if (!trouble) return others;
    return [
      { kind: 'store-failed', says: trouble.message, mend: trouble.mend ?? 'see docs/when-it-fails.md' },
      ...others,
    ];
  }

  #state(): ServiceState {
    const now = this.#parts.clock.now();
    const sites = this.#watched?.sites() ?? [];
    const trouble = this.#watched?.storeTrouble();
    return {
      now,
      startedAt: this.#startedAt,
      version: this.#parts.version,
      tickedAt: this.#lookedAt,
      tickEveryMs: LOOK_EVERY_MS,
      jobs: this.#watched?.jobs() ?? [],
      ledger: trouble ? { ...this.#ledger, ok: false, why: trouble.words } : this.#ledger,
      tenants: { usable: this.#tenants - this.#unread, all: this.#tenants },
      sites: { usable: sites.filter((site) => site.pausedAt(now) === undefined).length, all: sites.length },
      ...(this.#configRefused === undefined ? {} : { configRefused: this.#configRefused }),
      stopping: this.#stopping,
    };
  }
}
