import type { AffectedUser } from '../domain/alert.ts';
import type { EpochMs } from '../domain/time.ts';

/** A user's groups, or why they are not known, in words that complete "not checked: …". */
export type Membership =
  | { known: true; groups: readonly { id: string; name: string }[]; askedAt: EpochMs }
  | { known: false; why: string };

/** Answers which groups a user is in, directly or through other groups. It never throws an EdgeFailure. */
export interface GroupMembership {
  groupsOf(user: AffectedUser): Promise<Membership>;
}
