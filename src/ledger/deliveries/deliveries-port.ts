import type { TenantId } from '../../domain/alert.ts';
import type { EpochMs } from '../../domain/time.ts';
import type { Edition } from '../facts/facts-port.ts';
import type { Owner } from '../ledger.ts';

/** One report of an ended period on its way to one place. A mail carries the reports of all tenants. */
export interface Delivery extends Pick<Edition, 'kind' | 'from' | 'to'> {
  /** A tenant, or all of them. */
  scope: TenantId | 'all';
  channel: 'folder' | 'mail';
}

/** A delivery that is not done: it was tried and failed, or waits for what its report is made of. */
export interface OpenDelivery extends Delivery {
  /** Tries that failed. */
  failures: number;
  plannedAt: EpochMs;
  nextAt: EpochMs;
  /** Why the last try failed, or what it waits for. */
  why?: string;
  /** How earlier tries of a mail ended for its recipients. */
  recipients: readonly RecipientEnd[];
}

/** How a mail ended for one recipient: the server took it, or refused it for good. */
export interface RecipientEnd {
  address: string;
  /** The server's words; absent: it was taken. */
  refused?: string;
}

export type DeliveryEnd =
  | { end: 'done' }
  /** It arrived at all but those that refuse it for good; `why` names them. Nothing more is tried unless a person asks. */
  | { end: 'refused'; why: string }
  | { end: 'failed'; why: string; nextAt: EpochMs }
  /** Not a failure: it is looked at again at `nextAt`. */
  | { end: 'waits'; why: string; nextAt: EpochMs };

/** Reports that are to be delivered, each once, also over restarts and by several processes. */
export interface Deliveries {
  /** Since which period reports of a kind are delivered: as it was first asked with, and the same ever after. */
  since(kind: Delivery['kind'], from: EpochMs): Promise<EpochMs>;
  /** Stores deliveries that are not known yet; returns how many were new. */
  plan(deliveries: readonly Delivery[], now: EpochMs): Promise<number>;
  /**
   * Takes the next due one in hand until `until`; folders before mails, the oldest period first. A mail waits for the
   * folder's reports of its kind and period, but for those that failed.
   */
  take(ask: { owner: Owner; now: EpochMs; until: EpochMs }): Promise<OpenDelivery | undefined>;
  /**
   * Says how it ended; without effect when another process has it in hand by now, except that what is said of
   * recipients is kept.
   */
  end(entry: {
    delivery: Delivery;
    owner: Owner;
    now: EpochMs;
    outcome: DeliveryEnd;
    recipients?: readonly RecipientEnd[];
  }): Promise<void>;
  /**
   * How many are not done though they were tried, and the one that was planned first. The newest mail of a kind counts,
   * too, while some of its recipients refused it.
   */
  failed(): Promise<{ failed: number; first?: DeliveryStanding }>;
  /** Lets every failed one be tried at once, those refused for good, too; returns how many. */
  retry(now: EpochMs): Promise<number>;
}

/** How one delivery stands. */
export interface DeliveryStanding extends Omit<OpenDelivery, 'recipients'> {
  /** When it arrived; absent: it has not yet. With a `why` it arrived at all but those that refused it for good. */
  doneAt?: EpochMs;
}

/** What became of deliveries, for people who look back. */
export interface DeliveryLog {
  /** Of the periods of a kind that begin within [from, to]: the reports of `scope`, and the mails, which carry those of all. */
  of(ask: Pick<Delivery, 'scope' | 'kind' | 'from' | 'to'>): Promise<readonly DeliveryStanding[]>;
}
