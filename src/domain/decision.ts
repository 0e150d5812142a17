import type { EpochMs } from './time.ts';

/** Why an alert is held, in a word that `status` counts. */
export type HoldReason =
  /** The source's record could not be read or stored. */
  | 'unreadable'
  /** The tracker refused the ticket. */
  | 'refused'
  /** The mapping does not fit the project. */
  | 'mapping'
  /** The tenant's hourly limit of new tickets is spent. */
  | 'storm'
  /** The issue that it would be added to cannot be seen, or does not take it. */
  | 'group'
  /** Dropped by a person, with their reason. */
  | 'dropped';

/** A rule's wish that alerts which are alike share one issue. */
export interface GroupWish {
  /** The same for all alerts that may share an issue: stable over runs, machines and sources. */
  key: string;
  /** What they have in common: `user ada@contoso.com, type Impossible travel`. */
  words: string;
  rule: string;
  /** How long after the first alert others are attached to its issue. */
  withinMs: number;
  /** What becomes of a later alert when the issue was closed meanwhile. */
  whenDone: 'raise' | 'reopen';
}

/** What becomes of one alert, each with its reason in words. */
export type Decision =
  | { action: 'raise'; why: string; group?: GroupWish }
  /** `rule`: the rule that said so; absent where the alert was closed before it was seen. */
  | { action: 'suppress'; why: string; rule?: string }
  | { action: 'hold'; reason: HoldReason; why: string; retryAt?: EpochMs };
