import type { Casewire } from '../../../../assembly/casewire.ts';
import type { TenantId } from '../../../../domain/alert.ts';
import type { CheckLine } from '../../../../domain/check.ts';
import type { Clock, EpochMs } from '../../../../domain/time.ts';

/** A check that was asked for on the console; of one configuration only the last is kept. */
export interface Check {
  /** Absent: all tenants. */
  tenant?: TenantId;
  startedAt: EpochMs;
  /** Absent while it runs. */
  ended?: { at: EpochMs; lines: readonly CheckLine[] } | { at: EpochMs; failure: string };
}

const checks = new WeakMap<Casewire, Check>();

export function lastCheck(casewire: Casewire): Check | undefined {
  return checks.get(casewire);
}

/** Begins a check, unless one runs; `done` resolves when it has ended, however it ended. */
export function beginCheck(
  casewire: Casewire,
  { clock, tenant }: { clock: Clock; tenant?: TenantId },
): { done: Promise<void> } | undefined {
  const before = checks.get(casewire);
  if (before && !before.ended) return undefined;
  const check: Check = { startedAt: clock.now(), ...(tenant === undefined ? {} : { tenant }) };
  checks.set(casewire, check);
  const end = (ended: NonNullable<Check['ended']>) => {
    check.ended = ended;
  };
  const done = casewire.check(tenant === undefined ? undefined : [tenant]).then(
    (lines) => end({ at: clock.now(), lines }),
    (error: unknown) => end({ at: clock.now(), failure: error instanceof Error ? error.message : String(error) }),
  );
  return { done };
}
