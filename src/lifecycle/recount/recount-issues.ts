import { type TenantId, tenantOfKey } from '../../domain/alert.ts';
import { IDENTITY_LABEL, type SiteId } from '../../domain/ticket.ts';
import { type EpochMs, HOUR_MS } from '../../domain/time.ts';
import type { PassParts } from '../../pipeline/pass-parts.ts';
import type { MarkedIssue } from '../../tracker/issue-watch.ts';
import type { TenantAudit } from './audit.ts';

const LINKS_A_PAGE = 500;

/** A younger issue may be one whose create is just being answered, or looked for. */
const SETTLE_MS = HOUR_MS;

/**
 * Reads the issues of the tenant's pairs by their ids, and looks for issues that name an alert of the tenant and that
 * the ledger does not know; returns how many were read.
 * @throws EdgeFailure when a site cannot be asked.
 */
export async function recountIssues(recount: TenantAudit, unknown: UnknownIssues): Promise<number> {
  const { parts, tenant, own, from, found, signal } = recount;
  let count = 0;
  for (let after = {}; !signal.aborted; ) {
    const ask = { tenant, agreedSince: from, most: LINKS_A_PAGE, ...after };
    const links = await parts.ledger.links.watched(ask);
    for (const [site, ofSite] of Map.groupBy(links, (link) => link.site)) {
      const places = new Map(ofSite.map(({ ticket, project }) => [ticket.id, { id: ticket.id, project }]));
      const read = await parts.sites.get(site)?.watch.read([...places.values()]);
      count += read?.size ?? 0;
      for (const { ticket, agreed } of ofSite)
        if (read?.get(ticket.id)?.side.seen === 'gone' && agreed.issue !== 'gone') found.add('issue-gone', ticket.key);
    }
    const last = links.at(-1);
    if (!last || links.length < LINKS_A_PAGE) break;
    after = { after: last.key };
  }
  for (const key of await unknown.of(own.policy.ticket.site, tenant)) found.add('issue-unknown', key);
  return count;
}

/** Issues with an alert's identity that the ledger links to none; each site is looked through once a recount. */
export class UnknownIssues {
  readonly #parts: PassParts;
  readonly #since: EpochMs;
  readonly #asked = new Map<SiteId, Promise<ReadonlyMap<TenantId, readonly string[]>>>();

  constructor(parts: PassParts, since: EpochMs) {
    this.#parts = parts;
    this.#since = since;
  }

  /** Their keys, where they name an alert of the tenant. @throws EdgeFailure when the site cannot be asked. */
  async of(site: SiteId, tenant: TenantId): Promise<readonly string[]> {
    const asked = this.#asked.get(site) ?? this.#look(site);
    this.#asked.set(site, asked);
    return (await asked).get(tenant) ?? [];
  }

  async #look(site: SiteId): Promise<ReadonlyMap<TenantId, readonly string[]>> {
    const { sites, clock, ledger } = this.#parts;
    const own = sites.get(site);
    const unknown = new Map<TenantId, string[]>();
    if (!own) return unknown;
    const until = clock.now() - SETTLE_MS - own.reconcileWindowMs;
    for await (const page of own.watch.marked(this.#since)) {
      const suspects = page.filter((issue) => issue.createdAt < until && bearsIdentity(issue));
      const ids = suspects.map(({ ticket }) => ticket.id);
      const linked = new Set((await ledger.links.ofTickets(site, ids)).map(({ ticket }) => ticket.id));
      for (const { ticket, dedupKey } of suspects) {
        if (linked.has(ticket.id) || dedupKey === undefined) continue;
        const tenant = tenantOfKey(dedupKey);
        unknown.set(tenant, [...(unknown.get(tenant) ?? []), ticket.key]);
      }
    }
    return unknown;
  }
}

/** A closed twin has no plain identity any more. */
function bearsIdentity({ labels }: MarkedIssue): boolean {
  return labels.some((label) => IDENTITY_LABEL.test(label));
}
