import type { TenantId } from '../../domain/alert.ts';
import type { EpochMs } from '../../domain/time.ts';
import type { Facts } from '../../ledger/facts/facts-port.ts';
import type { ReportModel } from '../model.ts';
import type { Period } from '../periods/period.ts';
import { periodsBefore } from '../periods/periods.ts';

interface TrendAsk {
  tenant: TenantId;
  period: Period;
  asOf: EpochMs;
}

/** This period and as many before it are looked at: thirteen months, or the weeks and days that a report compares with. */
const BEFORE = 12;

/**
 * Since when the ledger can have anything of the tenant, as far back as a report looks: the first hour in which it was
 * read, or the period of its first alert where that is earlier. `undefined`: it has nothing.
 */
export async function knownSince(facts: Facts, ask: TrendAsk): Promise<EpochMs | undefined> {
  const periods = [...periodsBefore(ask.period, BEFORE), ask.period];
  const volumes = await volumesOf(facts, ask, periods);
  const first = periods.find((_, i) => Object.values(volumes[i] ?? {}).some((n) => n > 0));
  const { from = ask.period.from } = periods[0] ?? {};
  const { hours, gaps } = await facts.readings({ tenant: ask.tenant, from, to: ask.period.to, asOf: ask.asOf });
  const times = [...hours.map(({ hour }) => hour), ...gaps.map((gap) => gap.from)];
  const read = times.length === 0 ? undefined : times.reduce((least, at) => Math.min(least, at));
  if (first === undefined || read === undefined) return read ?? first?.from;
  // A ledger may be older than what it keeps of its readings.
  return first.to <= read ? first.from : read;
}

/** How many alerts there were in each of the last thirteen months that the ledger knows of. */
export async function trendOf(facts: Facts, ask: TrendAsk, known: EpochMs | undefined): Promise<ReportModel['trend']> {
  const all = [...periodsBefore(ask.period, BEFORE), ask.period];
  const periods = all.filter((one) => one === ask.period || (known !== undefined && one.to > known));
  const volumes = await volumesOf(facts, ask, periods);
  return periods.map((period, i) => {
    const { high = 0, medium = 0, low = 0, informational = 0 } = volumes[i] ?? {};
    return { period, volumes: { high, medium, low, informational } };
  });
}

function volumesOf(facts: Facts, { tenant, asOf }: TrendAsk, periods: readonly Period[]) {
  const edges = [...periods.map(({ from }) => from), periods.at(-1)?.to ?? 0];
  return facts.volumes({ tenants: [tenant], edges, asOf });
}
