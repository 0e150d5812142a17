import type { EpochMs } from '../../domain/time.ts';

/**
 * Console sessions that people ended before their time, for every process on the ledger: a session itself is kept in
 * the browser, and a copy of its cookie must be of no use afterwards.
 */
export interface EndedSessions {
  /** Ends a session that could have gone on until `until`; those that are over by `now` are forgotten. */
  end(session: { id: string; until: EpochMs }, now: EpochMs): Promise<void>;
  /** Whether a session was ended. */
  has(id: string): Promise<boolean>;
}
