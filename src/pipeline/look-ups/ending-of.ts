import type { EpochMs } from '../../domain/time.ts';
import type { LookUpResult } from '../../enrichers/enricher.ts';
import type { LookUpEnding, Turn } from '../../ledger/look-ups/findings-port.ts';

/** How a look-up ended, as the ledger takes it: the answer, a failure of this address, or a block of all look-ups. */
export function endingOf(
  result: LookUpResult,
  { address, windowDays, turn, now }: { address: string; windowDays: number; turn: Turn; now: EpochMs },
): LookUpEnding {
  const { remaining, limit, blockedUntil, daySpent = false } = result.quota;
  const signal = { ...(remaining === undefined ? {} : { remaining }), ...(limit === undefined ? {} : { limit }) };
  const common = { address, windowDays, now, turn, ...signal };
  if (result.outcome === 'answered') return { ...common, result: { report: result.report } };
  const { why, retryAt, stopsAll } = result;
  if (!stopsAll) return { ...common, result: { failure: why, retryAt } };
  return { ...common, block: { until: blockedUntil ?? retryAt, why, endsDay: daySpent } };
}
