import { HOUR_MS, MINUTE_MS } from '../domain/time.ts';
import { lookUpLate } from '../lifecycle/news/late-look-ups.ts';
import type { SyncParts } from '../lifecycle/sync/sync-parts.ts';
import type { TenantPass } from '../pipeline/pass-parts.ts';
import type { Job } from '../scheduler/scheduler.ts';

const EVERY_MS = 15 * MINUTE_MS;

/** Nothing waits for most tenants most of the time, and what begins to wait is seldom answered within the hour. */
const IDLE_MS = HOUR_MS;

/** Alerts of one tenant in one run; a spent quota that came back serves all tenants in turn. */
const MOST = 25;

/** The job that looks up what could not be looked up when a tenant's issues were made, when the quota is back. */
export function lateJob({ tenant, signal }: TenantPass, parts: SyncParts): Job {
  return {
    name: `look up late ${tenant}`,
    everyMs: EVERY_MS,
    spreadMs: EVERY_MS,
    async run() {
      return (await lookUpLate(parts, { tenant, most: MOST, signal })) ? undefined : IDLE_MS;
    },
  };
}
