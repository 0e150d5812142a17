import type { EpochMs } from './time.ts';

/** Why an alert is held, in a word that `status` counts. */
export type HoldReason =
  /** The source's record could not be read. */
  | 'unreadable'
  /** The tracker refused the ticket. */
  | 'refused'
  /** The mapping does not fit the project. */
  | 'mapping'
  /** The tenant's hourly limit of new tickets is spent. */
  | 'storm'
  /** Dropped by a person, with their reason. */
  | 'dropped';

/** What becomes of one alert, each with its reason in words. */
export type Decision =
  | { action: 'raise'; why: string }
  | { action: 'suppress'; why: string }
  | { action: 'hold'; reason: HoldReason; why: string; retryAt?: EpochMs };
