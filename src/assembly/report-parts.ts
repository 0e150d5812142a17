import type { Config } from '../config/config.ts';
import type { Clock } from '../domain/time.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ReportParts } from '../reports/make-report.ts';

/** What reports of a configuration are made from. */
export function reportParts({
  config: { reports, sync, tenants },
  ledger: { facts, editions, coverage },
  clock,
  version,
}: {
  config: Pick<Config, 'reports' | 'sync' | 'tenants'>;
  ledger: Pick<Ledger, 'facts' | 'editions' | 'coverage'>;
  clock: Clock;
  version: string;
}): ReportParts {
  const { timezone, sla, businessHours } = reports;
  return {
    facts,
    editions,
    coverage,
    clock,
    // It is kept in the ledger with each period: where reports are sent, with which password, is not for there.
    counting: { timezone, sla, ...(businessHours ? { businessHours } : {}), inStep: sync !== undefined },
    tenants: tenants.map(({ tenant }) => tenant),
    version,
  };
}
