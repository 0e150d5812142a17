import type { AlertId, DedupKey, TenantId } from './domain/alert.ts';
import type { CheckLine } from './domain/check.ts';
import type { AlertHistory, HeldAlert, PassSummary, StatusReport } from './domain/outcome.ts';

/** What a caller may ask of one pass. */
export interface PassRequest {
  /** Only these tenants; all when absent. */
  tenants?: readonly TenantId[];
  /** Go on until nothing is pending, at most for this long; 0 leaves what has to wait for the next pass. */
  waitMs: number;
  signal: AbortSignal;
}

/** The whole product behind one door: each command of the command line is one call. */
export interface Casewire {
  run(request: PassRequest): Promise<PassSummary>;
  plan(request: PassRequest): Promise<PassSummary>;
  check(tenants?: readonly TenantId[]): Promise<readonly CheckLine[]>;
  explain(tenant: TenantId, alert: AlertId): Promise<AlertHistory | undefined>;
  held(): Promise<readonly HeldAlert[]>;
  /** Puts held alerts back into the queue (all of them when `keys` is absent); returns those put back. */
  retryHeld(keys?: readonly DedupKey[]): Promise<readonly DedupKey[]>;
  /** Drops one held alert for good, with a person's reason; false when it is not held. */
  dropHeld(key: DedupKey, why: string): Promise<boolean>;
  status(): Promise<StatusReport>;
  close(): Promise<void>;
}
