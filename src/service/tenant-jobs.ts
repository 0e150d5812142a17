import type { TenantConfig } from '../config/config.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../domain/time.ts';
import type { TenantPass } from '../pipeline/pass-parts.ts';
import { type PollOutcome, poll } from '../pipeline/poll.ts';
import { tend } from '../pipeline/tend.ts';
import type { Job } from '../scheduler/scheduler.ts';
import type { Places } from './places.ts';

export interface TenantJobsParts {
  tenant: TenantConfig;
  /** The tenant's share of the engine; `signal` is the engine's stop. */
  pass: TenantPass;
  /** Where polls of all tenants take turns. */
  places: Places;
  /** Within how long of the start the first poll comes. */
  spreadMs: number;
  wake(job: string): void;
}

/** A tenant whose source fails is polled ever more seldom, up to so many times its pause, and never more seldom than this. */
const MOST_TIMES = 6;
const LONGEST_PAUSE_MS = 30 * MINUTE_MS;

/** The job that takes up what is due of a tenant, as others wake it. */
export function tendName(tenant: string): string {
  return `tend ${tenant}`;
}

/**
 * A tenant's two clocks: `poll` reads its source, `tend` brings what was read to its issue. A source that hangs delays
 * no alert that is there already, and what comes due between two polls is taken up when it is due.
 */
export function tenantJobs({ tenant: { tenant, everyMs }, pass, places, spreadMs, wake }: TenantJobsParts): Job[] {
  const { clock } = pass.parts;
  let failures = 0;
  const pollJob: Job = {
    name: `poll ${tenant}`,
    everyMs,
    spreadMs,
    async run() {
      const outcome = await places.within(() => poll(pass, () => wake(tendName(tenant))));
      failures = outcome.failure && !outcome.failure.waiting ? failures + 1 : 0;
      return pauseAfter(outcome, failures, everyMs);
    },
  };
  const tendJob: Job = {
    name: tendName(tenant),
    // Each page that is read wakes it: its own clock is for a tenant whose source does not answer.
    everyMs: 2 * everyMs,
    spreadMs,
    async run() {
      const due = await tend(pass);
      return due === undefined ? undefined : Math.min(due - clock.now(), 2 * everyMs);
    },
  };
  return [pollJob, tendJob];
}

/** As usual (`undefined`), as the source asks, or ever longer where it fails. */
function pauseAfter({ failure, retryAfterMs }: PollOutcome, failures: number, everyMs: number): number | undefined {
  if (!failure) return undefined;
  if (retryAfterMs !== undefined) return Math.min(Math.max(retryAfterMs, SECOND_MS), HOUR_MS);
  if (failures < 2) return undefined;
  const longest = Math.max(everyMs, Math.min(MOST_TIMES * everyMs, LONGEST_PAUSE_MS));
  return Math.min(everyMs * 2 ** (failures - 1), longest);
}
