import type { Alert, TenantId } from '../domain/alert.ts';
import type { CheckLine } from '../domain/check.ts';
import type { PageReceipt, ReadPosition, SourcePage, UnreadableRecord } from '../domain/reading.ts';
import type { EpochMs } from '../domain/time.ts';

export type { PageReceipt, ReadPosition, SourcePage, UnreadableRecord } from '../domain/reading.ts';

export interface ReadStart {
  position: ReadPosition;
  now: EpochMs;
  /** How far the first pass reaches back, in milliseconds. */
  lookbackMs: number;
  /** How long the source may wait for a throttled service before it gives the pass up, in milliseconds. */
  patienceMs: number;
  /** How many alerts of this tenant created at or after `from` the ledger holds. */
  knownSince(from: EpochMs): Promise<number>;
  signal?: AbortSignal;
}

/** One tenant's alerts. */
export interface AlertSource {
  readonly tenant: TenantId;
  /** Tries credentials and reach with one small call; never throws an EdgeFailure. */
  check(): Promise<readonly CheckLine[]>;
  /**
   * Reads from the position to the present, page by page; the caller hands back each page's receipt.
   * @throws EdgeFailure: pages already yielded stay valid, and the next read goes on from the last stored position.
   */
  read(start: ReadStart): AsyncGenerator<SourcePage, void, PageReceipt>;
  /** Converts a stored raw record again, as after an upgrade that can read it. */
  reread(raw: string, seenAt: EpochMs): Alert | UnreadableRecord;
}
