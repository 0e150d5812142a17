import type { Config } from '../config/config.ts';
import type { StatusReport } from '../domain/outcome.ts';
import { DAY_MS, type EpochMs } from '../domain/time.ts';
import type { Standing, Vitals } from '../domain/vitals.ts';
import type { Ledger } from '../ledger/ledger.ts';

/** How far back it looks for alerts without a category: what was mended since then is soon gone from it. */
const RECENT_DAYS = 30;

/** What `status` shows of the tenants of the configuration. */
export async function statusReport(
  { store, tenants }: Config,
  ledger: Pick<Ledger, 'audits' | 'overview'>,
  { vitals, warnings }: Standing,
): Promise<StatusReport> {
  const { at, quota } = vitals;
  const names = tenants.map(({ tenant }) => tenant);
  const uncategorised = await ledger.overview.uncategorised(at - RECENT_DAYS * DAY_MS);
  return {
    store: store.name,
    at,
    warnings,
    clocks: clocksOf(vitals),
    audits: (await ledger.audits.latest()).filter(({ tenant }) => names.includes(tenant)),
    tenants: await ledger.overview.status(names),
    uncategorised: {
      days: RECENT_DAYS,
      types: uncategorised.filter(({ tenant }) => names.includes(tenant)),
    },
    ...(quota ? { quota } : {}),
  };
}

/** When each clock last ran, for whichever tenant or site. */
function clocksOf({ tenants, sweeps }: Vitals): StatusReport['clocks'] {
  const last = (name: keyof StatusReport['clocks'], known: readonly EpochMs[]) =>
    known.length === 0 ? {} : { [name]: Math.max(...known) };
  const ofTenants = (name: 'polledAt' | 'syncedAt' | 'auditedAt') =>
    last(
      name,
      tenants.flatMap((own) => own[name] ?? []),
    );
  const sweptAt = last(
    'sweptAt',
    sweeps.map(({ at }) => at),
  );
  return { ...ofTenants('polledAt'), ...ofTenants('syncedAt'), ...sweptAt, ...ofTenants('auditedAt') };
}
