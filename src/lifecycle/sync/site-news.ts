import type { TenantId } from '../../domain/alert.ts';
import type { Link } from '../../domain/link.ts';
import type { SiteId } from '../../domain/ticket.ts';
import type { EpochMs } from '../../domain/time.ts';
import type { WatchedIssue } from '../../tracker/issue-watch.ts';
import type { SyncParts } from './sync-parts.ts';

/** Issues that changed, by their id. */
export type ChangedIssues = ReadonlyMap<string, WatchedIssue>;

/** What one site says changed. */
export interface SiteChanges {
  issues: ChangedIssues;
  /** Ids of the changed issues to which a tenant has a link, whatever the link's age. */
  ofTenant: ReadonlyMap<TenantId, ReadonlySet<string>>;
}

/** What each site says changed, asked and matched with the ledger's links once a pass for all tenants. */
export class SiteNews {
  readonly #parts: SyncParts;
  readonly #since: EpochMs | undefined;
  readonly #asked = new Map<SiteId, Promise<SiteChanges>>();

  /** `since` absent: no tenant has a position yet, and nothing is asked. */
  constructor(parts: SyncParts, since: EpochMs | undefined) {
    this.#parts = parts;
    this.#since = since;
  }

  /** @throws EdgeFailure when the site cannot be asked; every tenant of the site hears the same. */
  of(site: SiteId): Promise<SiteChanges> {
    const asked = this.#asked.get(site) ?? this.#ask(site);
    this.#asked.set(site, asked);
    return asked;
  }

  async #ask(site: SiteId): Promise<SiteChanges> {
    const parts = this.#parts.sites.get(site);
    if (!parts || this.#since === undefined) return { issues: new Map(), ofTenant: new Map() };
    // What the search could not see yet when it was asked last is seen by this one.
    const changed = await parts.watch.changedSince(this.#since - parts.reconcileWindowMs);
    const issues = new Map(changed.map((issue) => [issue.ticket.id, issue]));
    return { issues, ofTenant: idsByTenant(await this.#parts.ledger.links.ofTickets(site, [...issues.keys()])) };
  }
}

function idsByTenant(links: readonly Link[]): ReadonlyMap<TenantId, ReadonlySet<string>> {
  const ids = new Map<TenantId, Set<string>>();
  for (const { tenant, ticket } of links) ids.set(tenant, (ids.get(tenant) ?? new Set()).add(ticket.id));
  return ids;
}
