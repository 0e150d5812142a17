import type { Alert, TenantId } from '../domain/alert.ts';
import type { CheckLine } from '../domain/check.ts';
import type { EpochMs } from '../domain/time.ts';

/** How far a tenant has been read. The ledger keeps it as it is; only the source understands `memo`. */
export interface ReadPosition {
  /** Creation time of the newest alert of the last window that was read to its end; absent before that. */
  watermark?: EpochMs;
  /** The source's private notes as JSON text; empty at first. */
  memo: string;
}

/** A record that could not be read as an alert. It is held with its raw text. */
export interface UnreadableRecord {
  /** The record's own id where it has one, else `unreadable-<hash of the raw text>`. */
  id: string;
  createdAt: EpochMs;
  why: string;
  raw: string;
}

export interface SourcePage {
  alerts: readonly Alert[];
  unreadable: readonly UnreadableRecord[];
  /** To be stored in the same transaction as the page. */
  position: ReadPosition;
  /** Odd things that lose nothing but that a person should know, one sentence each. */
  warnings: readonly string[];
}

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

/** What became of a page once it was stored. */
export interface PageReceipt {
  /** Alerts and unreadable records of the page that the ledger had not seen. */
  fresh: number;
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
