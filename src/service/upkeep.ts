import type { Config } from '../config/config.ts';
import { HOUR_MS, MINUTE_MS } from '../domain/time.ts';
import { sweep } from '../lifecycle/recount/sweep.ts';
import { reconcileWhenDue } from '../lifecycle/recount/when-due.ts';
import type { PassParts } from '../pipeline/pass-parts.ts';
import type { Job } from '../scheduler/scheduler.ts';
import { tendName } from './tenant-jobs.ts';

export interface UpkeepParts {
  config: Config;
  parts: PassParts;
  wake(job: string): void;
}

const SWEEP_MS = HOUR_MS;
const SWEEP_SPREAD_MS = 10 * MINUTE_MS;

/** Each tenant is recounted once a day, across restarts: this often it is looked who is due. */
const AUDIT_MS = HOUR_MS;
const AUDIT_SPREAD_MS = 30 * MINUTE_MS;

/** What finds out where the daily work went wrong: the hourly look for twins, the daily recount. */
export function upkeepJobs(upkeep: UpkeepParts): Job[] {
  return [
    {
      name: 'sweep',
      everyMs: SWEEP_MS,
      spreadMs: SWEEP_SPREAD_MS,
      run: async (signal) => {
        await sweep(upkeep.parts, { signal });
        return undefined;
      },
    },
    { name: 'audit', everyMs: AUDIT_MS, spreadMs: AUDIT_SPREAD_MS, run: (signal) => recount(upkeep, signal) },
  ];
}

async function recount({ config, parts, wake }: UpkeepParts, signal: AbortSignal): Promise<undefined> {
  const tenants = config.tenants.map(({ tenant }) => tenant);
  const reports = await reconcileWhenDue(parts, { tenants, signal, first: 'at once' });
  for (const { tenant, admitted } of reports) if (admitted > 0) wake(tendName(tenant));
  return undefined;
}
