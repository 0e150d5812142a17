import type { TenantId } from '../../domain/alert.ts';
import type { EpochMs } from '../../domain/time.ts';

/** What was learnt of one user, and when. `groups` absent: the tenant does not know the user. */
export interface RememberedMembership {
  groups?: readonly { id: string; name: string }[];
  askedAt: EpochMs;
}

/** Keeps what was learnt between runs and for other processes; the newest word replaces the one before. */
export interface MembershipCache {
  recall(tenant: TenantId, user: string): Promise<RememberedMembership | undefined>;
  record(tenant: TenantId, user: string, membership: RememberedMembership): Promise<void>;
}
