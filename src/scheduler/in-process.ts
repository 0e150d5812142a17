import { StoreFailure } from '../domain/failure.ts';
import { type Clock, type EpochMs, MINUTE_MS, SECOND_MS } from '../domain/time.ts';
import type { Progress } from '../observe/progress.ts';
import type { Job, JobStanding, Scheduler } from './scheduler.ts';

/** A job that throws is tried again after this long, then after twice that, up to the longest. */
const FIRST_RETRY_MS = 5 * SECOND_MS;
const LONGEST_RETRY_MS = 15 * MINUTE_MS;

/** The longest where the store failed: all jobs wait for it, and a try costs nobody a call. */
const LONGEST_STORE_RETRY_MS = MINUTE_MS;

/** By how much of its length a pause may be cut, so that jobs which came together drift apart. */
const JITTER = 0.1;

export interface InProcessParts {
  clock: Clock;
  /** A number in [0, 1). */
  random: () => number;
  progress: Progress;
}

/** Runs jobs in this process, each in a loop of its own. */
export class InProcessScheduler implements Scheduler {
  readonly #parts: InProcessParts;
  readonly #stopping = new AbortController();
  readonly #loops = new Map<string, Loop>();
  readonly #ended: Promise<void>[] = [];

  constructor(parts: InProcessParts) {
    this.#parts = parts;
  }

  add(jobs: readonly Job[]): void {
    for (const job of jobs) {
      if (this.#loops.has(job.name)) throw new Error(`two jobs have the name "${job.name}"`);
      const loop = new Loop(job, this.#parts, this.#stopping.signal);
      this.#loops.set(job.name, loop);
      this.#ended.push(loop.go());
    }
  }

  wake(name: string): void {
    this.#loops.get(name)?.wake();
  }

  jobs(): readonly JobStanding[] {
    return [...this.#loops.values()].map((loop) => loop.standing());
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const loop of this.#loops.values()) loop.wake();
    await Promise.all(this.#ended);
  }
}

/** One job: pausing → running → pausing. A wake ends the pause, or, while running, takes the next one away. */
class Loop {
  readonly #job: Job;
  readonly #parts: InProcessParts;
  readonly #stop: AbortSignal;
  #woken = false;
  #pause: AbortController | undefined;
  #dueAt: EpochMs = 0;
  #runningSince: EpochMs | undefined;

  constructor(job: Job, parts: InProcessParts, stop: AbortSignal) {
    this.#job = job;
    this.#parts = parts;
    this.#stop = stop;
  }

  wake(): void {
    this.#woken = true;
    this.#pause?.abort();
  }

  standing(): JobStanding {
    const running = this.#runningSince === undefined ? {} : { runningSince: this.#runningSince };
    return { name: this.#job.name, dueAt: this.#dueAt, ...running };
  }

  async go(): Promise<void> {
    const { random } = this.#parts;
    let failures = 0;
    let pauseMs = random() * this.#job.spreadMs;
    for (;;) {
      await this.#sleep(pauseMs);
      if (this.#stop.aborted) return;
      this.#woken = false;
      this.#runningSince = this.#parts.clock.now();
      try {
        pauseMs = (await this.#job.run(this.#stop)) ?? this.#job.everyMs * (1 - JITTER * random());
        failures = 0;
      } catch (error) {
        if (this.#stop.aborted) return;
        const longest = error instanceof StoreFailure ? LONGEST_STORE_RETRY_MS : LONGEST_RETRY_MS;
        pauseMs = Math.min(FIRST_RETRY_MS * 2 ** failures, longest);
        failures += 1;
        const why = sayWhy(error);
        this.#parts.progress({ event: 'job-failed', job: this.#job.name, why, retryMs: pauseMs });
      }
      this.#runningSince = undefined;
    }
  }

  async #sleep(ms: number): Promise<void> {
    this.#dueAt = this.#parts.clock.now() + ms;
    if (this.#woken) return;
    this.#pause = new AbortController();
    await this.#parts.clock.sleep(ms, this.#pause.signal);
    this.#pause = undefined;
  }
}

/** A fault of our own with where it happened; a store that failed has words of its own. */
export function sayWhy(error: unknown): string {
  if (error instanceof StoreFailure) return error.words;
  return `a fault of Casewire itself: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
