import type { EpochMs } from './time.ts';

/** A recorded act; ids go with the time of the acts. */
export type ActId = string & { readonly __brand: 'ActId' };

/** Something a person has Casewire do. */
export interface PersonsAct {
  /** The account, such as `ada@contoso.com (oidc 5f2c…)` or `cli: ada`. */
  who: string;
  /** Such as "retry held alerts". */
  what: string;
  /** What it is done to: an alert, a cause, a tenant. */
  subject?: string;
  /** Such as the reason that was given. */
  detail?: string;
}

/** An act as it was written down. Without `end` it is being done, or the process died over it. */
export interface RecordedAct extends PersonsAct {
  id: ActId;
  at: EpochMs;
  end?: { at: EpochMs; outcome: 'done' | 'failed'; says: string };
}
