import { MINUTE_MS, SECOND_MS } from '../../domain/time.ts';
import type { Owner } from '../../ledger/ledger.ts';
import type { TenantAudit } from './audit.ts';
import type { SourceCount } from './recount-source.ts';

const LEASE_MS = MINUTE_MS;

/** A pass that reads the tenant now is waited for this often and long. */
const TRIES = 6;
const PAUSE_MS = 10 * SECOND_MS;

/** Admits alerts that the ledger lacks, by the door that every alert takes; the position stays. */
export async function admitMissing(recount: TenantAudit, { alerts, unreadable }: SourceCount): Promise<number> {
  if (alerts.length + unreadable.length === 0) return 0;
  const { parts, tenant, failures, signal } = recount;
  const { clock, progress } = parts;
  const { reading } = parts.ledger;
  // Another name than that of this process's own passes, so that it waits for them too.
  const owner = `${parts.owner}/audit` as Owner;
  for (let tries = 0; tries < TRIES && !signal.aborted; tries++) {
    const lease = () => ({ now: clock.now(), until: clock.now() + LEASE_MS });
    const begun = await reading.begin({ tenant, owner, ...lease() });
    if ('position' in begun) {
      const page = { alerts, unreadable, warnings: [], position: begun.position };
      // The ledger may have lost them after their issues were made.
      const { fresh } = await reading.admit({ tenant, owner, page, lookFirst: true, ...lease() });
      await reading.end({ tenant, owner, now: clock.now(), everyMs: recount.own.everyMs });
      const says = `a recount found ${fresh} ${fresh === 1 ? 'alert' : 'alerts'} at the source that no pass had brought; ${fresh === 1 ? 'it goes' : 'they go'} the usual way from here`;
      progress({ event: 'warning', tenant, says });
      return fresh;
    }
    await clock.sleep(PAUSE_MS, signal);
  }
  failures.push('missing alerts were not admitted: another process is reading this tenant; the next recount does it');
  return 0;
}
