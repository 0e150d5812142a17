import type { Config } from '../config/config.ts';
import type { TenantId } from '../domain/alert.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../domain/time.ts';
import { audit } from '../lifecycle/recount/audit.ts';
import { sweep } from '../lifecycle/recount/sweep.ts';
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
const RECOUNT_MS = DAY_MS;

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
  const now = parts.clock.now();
  const latest = new Map((await parts.ledger.audits.latest()).map(({ tenant, at }) => [tenant, at]));
  // Half a round early rather than most of a round late; one of the future is of before the clock was set back.
  const isDue = ({ tenant }: { tenant: TenantId }) => {
    const age = now - (latest.get(tenant) ?? Number.NEGATIVE_INFINITY);
    return age < 0 || age >= RECOUNT_MS - AUDIT_MS / 2;
  };
  const tenants = config.tenants.filter(isDue).map(({ tenant }) => tenant);
  const reports = tenants.length > 0 ? await audit(parts, { tenants, signal }) : [];
  for (const { tenant, admitted } of reports) if (admitted > 0) wake(tendName(tenant));
  return undefined;
}
