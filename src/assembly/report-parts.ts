import type { Config } from '../config/config.ts';
import type { Clock } from '../domain/time.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ReportParts } from '../reports/make-report.ts';

/** What reports of a configuration are made from. */
export function reportParts({
  config: { reports, sync, tenants },
  ledger: { facts, editions },
  clock,
  version,
}: {
  config: Pick<Config, 'reports' | 'sync' | 'tenants'>;
  ledger: Pick<Ledger, 'facts' | 'editions'>;
  clock: Clock;
  version: string;
}): ReportParts {
  return {
    facts,
    editions,
    clock,
    counting: { ...reports, inStep: sync !== undefined },
    tenants: tenants.map(({ tenant }) => tenant),
    version,
  };
}
