import type { DedupKey } from './alert.ts';
import type { Document } from './document.ts';
import type { EpochMs } from './time.ts';

/** A configured Jira site's name. With one site in the configuration it is `default`. */
export type SiteId = string & { readonly __brand: 'SiteId' };

/** The label by which an alert's issue is known; a twin's ends in `-dup` once it is closed. */
export const IDENTITY_LABEL = /^casewire-[0-9a-f]{32}$/;

/** On every issue that comments may add alerts to, so that an alert in one is found again without a ledger. */
export const GROUPED_LABEL = 'casewire.grouped';

/** Where a ticket goes. */
export interface Route {
  site: SiteId;
  /** Project key or id. */
  project: string;
  /** Issue type name or id. */
  issueType: string;
}

/** What a ticket says, in neutral words; the tracker types the fields by its own metadata. */
export interface TicketDraft {
  dedupKey: DedupKey;
  route: Route;
  /** One line, never empty; the tracker cuts it to its own limit. */
  summary: string;
  description: Document;
  /** Priority name or id; absent leaves the project's default. */
  priority?: string;
  labels: readonly string[];
  /** Whom the tracker finds by this address, name or id; absent leaves it to the project. */
  assignee?: string;
  /** Component names or ids; absent or empty for none. */
  components?: readonly string[];
  /** Field name or id → rendered text. Empty text leaves the field out. */
  fields: Readonly<Record<string, string>>;
  /** What the issue property `casewire.alert` says besides the key. */
  tenant: string;
  alertId: string;
}

/** An issue that exists. `id` never changes; `key` does when the issue is moved. */
export interface TicketRef {
  id: string;
  key: string;
  /** Where a person opens it. */
  url: string;
}

/** An issue's identity over all sites. */
export function placeOf(site: SiteId, ticketId: string): string {
  return `${site}\n${ticketId}`;
}

/** What happened to one create, sorted by what may be done next. */
export type CreateOutcome =
  /** 201 with id and key. `notes`: fields that had to be left out, for people. */
  | { outcome: 'created'; ticket: TicketRef; notes: readonly string[] }
  /** Certain that nothing was created, and worth another try: 429, or never sent. */
  | { outcome: 'not-sent'; why: string; retryAfterMs?: number }
  /** Certain that nothing was created, and the same request will fail again. */
  | { outcome: 'refused'; why: string; mend?: string; fields?: Readonly<Record<string, string>> }
  /** Certain that nothing was created: the site does not accept us. */
  | { outcome: 'unauthorised'; why: string; mend?: string }
  /** The request left and its answer was lost or unreadable. */
  | { outcome: 'unknown'; why: string };

/** One create that left with an unknown outcome, and what helps to look for it. */
export interface OpenIntent {
  dedupKey: DedupKey;
  route: Route;
  attempt: number;
  sentAt: EpochMs;
  /** Highest issue number of the project that was known before the create left; absent when none was known. */
  highestNumber?: number;
}
