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
  /** The issue that it would be added to cannot be seen, or does not take it. */
  | 'group'
  /** Dropped by a person, with their reason. */
  | 'dropped';

/** Which alerts a rule wants to see in one issue with this one. */
export interface GroupWish {
  /** Stable hash of the rule's name and the values it groups by. */
  key: string;
  /** Those values for people: `user ada@contoso.com, type Impossible travel`. */
  words: string;
  rule: string;
  /** How far from the first alert of a group another may have been created and still belong to it. */
  withinMs: number;
  /** What a later alert does when the group's issue is done: an issue of its own, linked to it, or reopen it. */
  whenDone: 'raise' | 'reopen';
}

/** What becomes of one alert, each with its reason in words. */
export type Decision =
  | { action: 'raise'; why: string; group?: GroupWish }
  | { action: 'suppress'; why: string }
  | { action: 'hold'; reason: HoldReason; why: string; retryAt?: EpochMs };
