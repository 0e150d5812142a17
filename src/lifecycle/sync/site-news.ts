import type { SiteId } from '../../domain/ticket.ts';
import type { EpochMs } from '../../domain/time.ts';
import type { WatchedIssue } from '../../tracker/issue-watch.ts';
import type { SyncParts } from './sync-parts.ts';

/** Issues that changed, by their id. */
export type ChangedIssues = ReadonlyMap<string, WatchedIssue>;

/** What each site says changed, asked once a pass for all tenants. */
export class SiteNews {
  readonly #parts: SyncParts;
  readonly #since: EpochMs | undefined;
  readonly #asked = new Map<SiteId, Promise<ChangedIssues>>();

  /** `since` absent: no tenant has a position yet, and nothing is asked. */
  constructor(parts: SyncParts, since: EpochMs | undefined) {
    this.#parts = parts;
    this.#since = since;
  }

  /** @throws EdgeFailure when the site cannot be asked; every tenant of the site hears the same. */
  of(site: SiteId): Promise<ChangedIssues> {
    const asked = this.#asked.get(site) ?? this.#ask(site);
    this.#asked.set(site, asked);
    return asked;
  }

  async #ask(site: SiteId): Promise<ChangedIssues> {
    const parts = this.#parts.sites.get(site);
    if (!parts || this.#since === undefined) return new Map();
    // What the search could not see yet when it was asked last is seen by this one.
    const issues = await parts.watch.changedSince(this.#since - parts.reconcileWindowMs);
    return new Map(issues.map((issue) => [issue.ticket.id, issue]));
  }
}
