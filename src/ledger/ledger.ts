import type { Alert, DedupKey, TenantId } from '../domain/alert.ts';
import type { HoldReason } from '../domain/decision.ts';
import type { AlertHistory, AlertLine, HeldAlert, TenantStatus, UncategorisedAlerts } from '../domain/outcome.ts';
import type { PageReceipt, ReadPosition, SourcePage, UnreadableRecord } from '../domain/reading.ts';
import type { RuleUse } from '../domain/replay.ts';
import type { OpenIntent, Route, SiteId, TicketRef } from '../domain/ticket.ts';
import { type EpochMs, HOUR_MS } from '../domain/time.ts';
import type { Acts } from './acts/acts-port.ts';
import type { Catalogue } from './catalogue/catalogue-port.ts';
import type { Deliveries, DeliveryLog } from './deliveries/deliveries-port.ts';
import type { Coverage, Editions, FactLog, Facts, UnlinkedAlerts } from './facts/facts-port.ts';
import type { Attachments, Groups } from './groups/groups-port.ts';
import type { Hints } from './in-step/hints-port.ts';
import type { Links, Notes } from './in-step/links-port.ts';
import type { News, WaitingLookUps } from './in-step/news-port.ts';
import type { Pulse } from './pulse-port.ts';
import type { Audits, Twins } from './recounts/audits-port.ts';
import type { EndedSessions } from './sessions/ended-sessions-port.ts';

/** One running process, as leases and claims name it. */
export type Owner = string & { readonly __brand: 'Owner' };

/** No lease is taken for longer: one that ends later than this from now was taken by a clock that has been set back. */
export const LONGEST_LEASE_MS = HOUR_MS;

/** What processes have in hand: alerts, tenants being read or synced, comments, lookups, deliveries. */
export interface Leases {
  /**
   * Ends the leases of processes of this machine that have ended, and leases that end later than any lease can. Creates
   * that were sent become unknown.
   */
  reclaim(owner: Owner, now: EpochMs): Promise<void>;
  /** Ends all leases of this process, which is about to end: others need not wait for them. */
  giveBack(owner: Owner, now: EpochMs): Promise<void>;
}

/** Where each tenant's reading stands. At most one process reads a tenant at a time. */
export interface Reading {
  /** Takes the right to read a tenant until `until`, or says until when another process has it. */
  begin(ask: {
    tenant: TenantId;
    owner: Owner;
    now: EpochMs;
    until: EpochMs;
  }): Promise<{ position: ReadPosition } | { busyUntil: EpochMs }>;
  /**
   * Stores a page's alerts and the position in one transaction. An alert already stored is left as it is, unless
   * nothing was decided on it yet: then the newer record replaces the older. Of one without an issue it is taken up
   * whether it is closed in Defender (`UnlinkedAlerts`). `until` renews the right to read.
   * `held` names the records that are new and cannot be read; `refused`: alerts whose values the store does not take,
   * held like those. `lookFirst`: the page's issues may exist already.
   */
  admit(entry: {
    tenant: TenantId;
    owner: Owner;
    page: SourcePage;
    lookFirst?: true;
    now: EpochMs;
    until: EpochMs;
  }): Promise<PageReceipt & { held: readonly string[]; refused: readonly UnreadableRecord[] }>;
  /** How many alerts of the tenant created at or after `from` are stored. */
  knownSince(tenant: TenantId, from: EpochMs): Promise<number>;
  /**
   * Gives the right back and notes how the reading went; `failure` absent means well. `everyMs`: the tenant's beat.
   * `readTo`: all alerts that were raised before this instant have been read; absent where the source was not read.
   */
  end(entry: {
    tenant: TenantId;
    owner: Owner;
    now: EpochMs;
    failure?: string;
    everyMs?: number;
    readTo?: EpochMs;
  }): Promise<void>;
  /** For `plan`: the stored position, and which of these alerts are stored. Changes nothing. */
  peek(tenant: TenantId, keys: readonly DedupKey[]): Promise<{ position: ReadPosition; known: ReadonlySet<DedupKey> }>;
}

export interface LeasedAlert {
  alert: Alert;
  key: DedupKey;
  /** Creates sent so far. */
  attempt: number;
  /** Present: its issue may exist although this ledger does not know it. Look before the first create. */
  lookFirst?: LookFirst;
}

/** How to look for issues that a ledger does not know. */
export interface LookFirst {
  /** What was found out before this instant does not count. */
  since: EpochMs;
  /** The ledger is likely to lack issues, or is new to the tenant: look wherever one may be named. */
  thorough: boolean;
}

/** A decision that ends in no ticket now. */
export type Settlement =
  | { key: DedupKey; state: 'suppressed'; why: string; proposal: string }
  | {
      key: DedupKey;
      state: 'held';
      reason: HoldReason;
      why: string;
      retryAt?: EpochMs;
      policy?: string;
      proposal: string;
    }
  /** Back into the queue: it waits. */
  | { key: DedupKey; state: 'pending'; reason: string; why: string; notBefore: EpochMs; proposal: string };

/** Alerts that wait for a decision. */
export interface Inbox {
  /**
   * Takes up to `most` pending alerts of a tenant that nobody else has in hand, oldest first. `pastLimit`: only those
   * that a person put back by hand, which are raised whatever the hourly limit.
   */
  lease(ask: {
    tenant: TenantId;
    owner: Owner;
    now: EpochMs;
    until: EpochMs;
    most: number;
    pastLimit?: true;
  }): Promise<readonly LeasedAlert[]>;
  /** Records a decision on an alert this owner has in hand; decisions that arrive together share one transaction. */
  settle(owner: Owner, settlement: Settlement, now: EpochMs): Promise<void>;
  /** Puts held alerts whose time has come, and those held under another policy than `policy`, back into the queue. */
  release(ask: { tenant: TenantId; now: EpochMs; policy: string }): Promise<number>;
  /**
   * How many new tickets of the tenant count towards its hourly limit: sent within the last hour, or in hand to be sent.
   * What a person put back by hand does not count. `nextFreeAt`: when the first of them no longer counts.
   */
  ticketsWithinHour(tenant: TenantId, now: EpochMs): Promise<{ count: number; nextFreeAt?: EpochMs }>;
  /** Holds as "storm" until `retryAt` all that is pending, in nobody's hand and within the limit; returns them. */
  holdStorm(ask: { tenant: TenantId; now: EpochMs; retryAt: EpochMs; why: string }): Promise<readonly Alert[]>;
}

export interface Claim {
  key: DedupKey;
  owner: Owner;
  route: Route;
  /** Project key for the issue-number watermark. */
  now: EpochMs;
  /** No other process takes the claim for lost before this instant. */
  until: EpochMs;
  proposal: string;
}

/** What became of a claimed create. */
export type Ending =
  | {
      key: DedupKey;
      outcome: 'created';
      attempt: number;
      site: SiteId;
      ticket: TicketRef;
      proposal?: string;
      /** The issue is another alert's, and a comment on it lists this one. */
      listed?: true;
      /** The issue was looked for and found. */
      found?: true;
    }
  | { key: DedupKey; outcome: 'not-sent'; attempt: number; why: string; notBefore: EpochMs }
  | {
      key: DedupKey;
      outcome: 'refused';
      attempt: number;
      reason: HoldReason;
      why: string;
      retryAt: EpochMs;
      policy: string;
    }
  | { key: DedupKey; outcome: 'unknown'; attempt: number; why: string; lookAt: EpochMs };

/** How far a project's issue numbers are known to go. */
export interface ProjectHeight {
  project: string;
  highestNumber: number;
}

/** An open intent with what the flow needs to go on. */
export interface OpenCreate extends OpenIntent {
  lookAt: EpochMs;
  /** `AlertLine` as JSON, as it stood when the create left. */
  proposal: string;
}

/**
 * The intents and what came of them. A claim is on disk before it is answered; claims and endings that arrive
 * together share one transaction.
 */
export interface Outbox {
  /** Records the intent to create; `undefined` when the alert is no longer this owner's to send. */
  claim(claim: Claim): Promise<{ attempt: number; highestNumber?: number } | undefined>;
  /** Records how a claimed create ended. An ending for an attempt that has been superseded changes nothing. */
  end(ending: Ending, now: EpochMs): Promise<void>;
  /** Creates with an unknown outcome whose time to look has come: also those whose sender is gone. */
  open(ask: { tenant: TenantId; now: EpochMs }): Promise<readonly OpenCreate[]>;
  /** Records that the issues of these alerts were looked for at `now`, before a create, and not found. */
  looked(keys: readonly DedupKey[], now: EpochMs): Promise<void>;
  /** The highest issue number known of each of these projects; one in which nothing was raised is missing. */
  highest(site: SiteId, projects: readonly string[]): Promise<readonly ProjectHeight[]>;
  /** The issue was not seen: look again at `lookAt`, or, when the window is over, back into the queue. */
  notSeen(entry: { key: DedupKey; attempt: number; lookAt: EpochMs | 'send-again'; now: EpochMs }): Promise<void>;
}

/** Alerts on their way. `nextDue` is absent when nothing waits; it may lie in the past. */
export interface WaitingAlerts {
  count: number;
  nextDue?: EpochMs;
  /** When the next of those that wait for a first or further create is due; it may lie in the past. */
  nextPending?: EpochMs;
  /** Held alerts of the tenant, without the dropped; and when the first of them is tried again by itself. */
  held: number;
  nextRetry?: EpochMs;
  first: readonly {
    alert: Alert;
    state: 'pending' | 'sending' | 'unknown' | 'attaching';
    why: string;
    sentAt?: EpochMs;
    leasedBy?: Owner;
    leasedUntil?: EpochMs;
    proposal?: string;
  }[];
}

/** What people read. */
export interface Overview {
  status(tenants: readonly TenantId[]): Promise<readonly TenantStatus[]>;
  /** What of a tenant has no end state yet: how many, when the next of it is due, and the first `most` of it. */
  waiting(tenant: TenantId, most: number): Promise<WaitingAlerts>;
  /** Alerts first seen since then whose category is not known, by tenant and detection, most frequent first. */
  uncategorised(since: EpochMs): Promise<readonly UncategorisedAlerts[]>;
  history(key: DedupKey): Promise<Omit<AlertHistory, 'label'> | undefined>;
  /** An alert's record as its source gave it; it may be no JSON. */
  record(key: DedupKey): Promise<string | undefined>;
}

/** Held alerts and what people do with them. */
export interface HeldAlerts {
  list(): Promise<readonly HeldAlert[]>;
  /** Raw records among held alerts that could not be read, so that they can be read again. */
  unreadable(
    keys: readonly DedupKey[],
  ): Promise<readonly { key: DedupKey; tenant: TenantId; raw: string; seenAt: EpochMs }[]>;
  /**
   * Puts held alerts back into the queue, as a person asked: they are raised whatever the hourly limit. An alert re-read
   * from its raw record comes with it.
   */
  retry(keys: readonly DedupKey[], reread: ReadonlyMap<DedupKey, Alert>, now: EpochMs): Promise<readonly DedupKey[]>;
  /** Ends a held alert for good; false when it is not held. */
  drop(key: DedupKey, why: string, now: EpochMs): Promise<boolean>;
}

/** One alert with what was decided on it. */
export interface DecidedAlert {
  key: DedupKey;
  alert: Alert;
  suppressed: boolean;
  /** As it was told then. */
  line: Omit<AlertLine, 'outcome'>;
  seenAt: EpochMs;
}

/** What the rules said, for those who look back. */
export interface Rulings {
  /** How much each rule was heard on alerts first seen since `from`; its last alert may be older. */
  rulesHeard(from: EpochMs): Promise<readonly RuleUse[]>;
  /** Decided alerts of a tenant first seen since `from`, by key, `most` after the one with the key `after`. */
  decided(ask: { tenant: TenantId; from: EpochMs; after?: DedupKey; most: number }): Promise<readonly DecidedAlert[]>;
}

/** All ports on one store. */
export interface Ledger {
  reading: Reading;
  inbox: Inbox;
  leases: Leases;
  outbox: Outbox;
  overview: Overview;
  held: HeldAlerts;
  rulings: Rulings;
  catalogue: Catalogue;
  facts: Facts;
  factLog: FactLog;
  unlinked: UnlinkedAlerts;
  editions: Editions;
  coverage: Coverage;
  deliveries: Deliveries;
  deliveryLog: DeliveryLog;
  groups: Groups;
  attachments: Attachments;
  news: News;
  waitingLookUps: WaitingLookUps;
  links: Links;
  notes: Notes;
  hints: Hints;
  pulse: Pulse;
  audits: Audits;
  twins: Twins;
  acts: Acts;
  endedSessions: EndedSessions;
  close(): Promise<void>;
}
