import type { Alert } from './alert.ts';
import type { EpochMs } from './time.ts';

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

/** What became of a page once it was stored. */
export interface PageReceipt {
  /** Alerts and unreadable records of the page that the ledger had not seen. */
  fresh: number;
}
