import type { EpochMs } from '../domain/time.ts';

/** Work that comes back on its own clock. */
export interface Job {
  /** Says what it does and for whom: `poll contoso`. No two jobs of a name run at once. */
  name: string;
  /** The longest pause between the end of one run and the start of the next; each pause is up to a tenth shorter. */
  everyMs: number;
  /** Within how long of its adding it runs first; the instant is drawn, so that many jobs do not start together. */
  spreadMs: number;
  /** One run; answers how long to pause for once where that is not as usual. Nothing new is begun once `signal` aborts. */
  run(signal: AbortSignal): Promise<number | undefined>;
}

/** Where one job stands. */
export interface JobStanding {
  name: string;
  /** When it is to run next; the past while it runs. */
  dueAt: EpochMs;
  /** Since when it runs; absent: it pauses. */
  runningSince?: EpochMs;
}

/** Says what runs when. Jobs do not wait for each other; one that throws is told and tried again, ever later. */
export interface Scheduler {
  add(jobs: readonly Job[]): void;
  /** Lets a job run at once, or once more when it is running; a name that is not known is nobody's. */
  wake(name: string): void;
  /** Where each job stands. */
  jobs(): readonly JobStanding[];
  /** Begins nothing more, and resolves when the runs in hand have ended. */
  stop(): Promise<void>;
}
