import type { DedupKey } from '../domain/alert.ts';
import type { CheckLine } from '../domain/check.ts';
import type { CreateOutcome, OpenIntent, Route, SiteId, TicketDraft, TicketRef } from '../domain/ticket.ts';
import type { EpochMs } from '../domain/time.ts';

/** What a tenant's tickets need of a project. */
export interface RouteNeeds {
  route: Route;
  /**
   * Mapped fields by name or id, each with whether its template is constant text, and that text; `texts`: every text
   * that it gives for the categories of alerts, where options for them are to be looked at.
   */
  fields: readonly { name: string; constant?: string; texts?: readonly string[] }[];
  /** Without one of these no ticket fits. */
  priorities: readonly string[];
  /** Priorities that nobody configured: one that is not there is left to the project's default. */
  wishedPriorities?: readonly string[];
  labels: readonly string[];
  /** Component names or ids. */
  components?: readonly string[];
  /** Address, name or id of a person. */
  assignee?: string;
  /** Status or transition to which its issues are to be moved when their alerts are closed. */
  transitionTo?: string;
}

/** Something in the way of a route's tickets, with its mend. */
export interface RouteProblem {
  level: 'error' | 'warning';
  says: string;
  mend: string;
  /** Lines that the mend tells to copy, as they are. */
  paste?: readonly string[];
}

/** The right to send one create now. */
export interface Turn {
  /** Gives the right back; call it once the create was answered or given up. */
  done(): void;
}

/** Issues that carry one alert's identity, lowest id first; more than one are twins. */
export interface Sighting {
  dedupKey: DedupKey;
  tickets: readonly TicketRef[];
  /** It has no issue of its own: a comment on this one lists it. */
  listed?: true;
}

/** What to look for before a first create. */
export interface ExistingAsk {
  keys: readonly DedupKey[];
  /** What this tracker remembers from before this instant does not count. */
  since: EpochMs;
  /** The ledger is known to lack issues. */
  thorough: boolean;
  /** Projects that the issues may be in, with the highest number that the ledger knows. */
  projects: readonly { project: string; highestNumber: number }[];
}

/** One site that takes tickets. */
export interface Tracker {
  readonly site: SiteId;
  /** Everything about the site and the routes that a person should know before the first alert; never throws an EdgeFailure. */
  check(needs: readonly RouteNeeds[]): Promise<readonly CheckLine[]>;
  /**
   * What stands in the way of tickets on this route, from cached metadata where it is fresh; empty when all fits.
   * @throws EdgeFailure when the site cannot be asked.
   */
  examine(needs: RouteNeeds): Promise<readonly RouteProblem[]>;
  /**
   * Waits for a turn to send one create, as many at once as the site's signals allow, fair between tenants.
   * `busyForMs`: the site asked for a longer pause than `patienceMs`.
   */
  turn(tenant: string, patienceMs: number): Promise<Turn | { busyForMs: number }>;
  /** Sends one create, once; every ending is an outcome, none is thrown. */
  create(draft: TicketDraft): Promise<CreateOutcome>;
  /**
   * Looks for the issues of creates with an unknown outcome: by key first, then by search with proof that the search
   * was answered for our own account. An empty `tickets` means "not seen this time", which alone proves nothing.
   * @throws EdgeFailure when the look itself failed: that is never "absent".
   */
  lookFor(intents: readonly OpenIntent[]): Promise<readonly Sighting[]>;
  /**
   * Issues of these alerts that the ledger may not know: by search over all projects of the site (an issue may have been
   * moved), one call for 40 alerts of whoever asks at the same time; by key among the newest of the projects, where the
   * edition reads many in one call. Where the ledger is known to lack issues, or one of them is found, also one by one
   * by key, and by comments that list an alert, among the issues labelled as grouped. Proof of the account as for
   * `lookFor`.
   * @throws EdgeFailure as `lookFor`.
   */
  findExisting(ask: ExistingAsk): Promise<readonly Sighting[]>;
}

/** Keeps a site's metadata (fields, issue types, own account) between runs. Implemented by the ledger. */
export interface MetadataCache {
  load(site: SiteId, key: string): Promise<{ json: string; storedAt: EpochMs } | undefined>;
  store(site: SiteId, key: string, json: string, at: EpochMs): Promise<void>;
}
