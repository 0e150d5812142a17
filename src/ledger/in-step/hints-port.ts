import type { TenantId } from '../../domain/alert.ts';
import type { SiteId } from '../../domain/ticket.ts';
import type { EpochMs } from '../../domain/time.ts';

/** A word from outside that an issue may have changed. It is a reason to read the issue, and nothing else. */
export interface Hint {
  site: SiteId;
  ticketId: string;
  /** When the newest call about the issue was taken. */
  at: EpochMs;
}

/** A webhook call whose signature was right. */
export interface HintCall {
  /** Names of the call, such as its identifier and its body's hash: one that is known makes the call known. */
  names: readonly string[];
  /** Sites that the issue may be of; more than one where the call does not tell them apart. */
  sites: readonly SiteId[];
  ticketId: string;
  now: EpochMs;
}

/** What webhooks said, kept until the issues were read again. */
export interface Hints {
  /**
   * Has the call's hint on disk before it answers. `tenants`: whose alerts the issue stands for; empty while no link is
   * known, as when Jira tells of an issue before its create was recorded: such a hint waits an hour for its link. A call
   * of the last three days is known, and changes nothing.
   */
  record(call: HintCall): Promise<{ known: boolean; tenants: readonly TenantId[] }>;
  /** Hints on issues that stand for the tenant's alerts, the oldest first; those whose link came after them too. */
  due(ask: { tenant: TenantId; most: number }): Promise<readonly Hint[]>;
  /** Ends hints of the tenant whose issues were read after `due` named them; one that was renewed meanwhile stays. */
  done(tenant: TenantId, hints: readonly Hint[]): Promise<void>;
  /** Issues that are named and not synced yet, by tenant; `oldest`: when the longest waiting one was last named. */
  open(): Promise<readonly { tenant: TenantId; count: number; oldest: EpochMs }[]>;
}
