import { type AlertId, type DedupKey, dedupKeyOf, type TenantId } from '../../../domain/alert.ts';
import { EdgeFailure, isEdgeFailure } from '../../../domain/failure.ts';
import type { IssueChange } from '../../../domain/issue-change.ts';
import type { IssueSide } from '../../../domain/link.ts';
import { type EpochMs, MINUTE_MS } from '../../../domain/time.ts';
import type { TicketPlace } from '../../issue-keeper.ts';
import type { IssueHistories, IssueWatch, MarkedIssue, WatchedIssue } from '../../issue-watch.ts';
import { CONSTANT_LABEL, dedupLabel, IDENTITY_PROPERTY } from '../dedup-label.ts';
import type { JiraClient, JiraUser } from '../jira-client.ts';
import { IssueHistory, type WireChange } from './issue-history.ts';
import { hidden, UnseenIssues } from './unseen-issue.ts';

/** What of an issue the watch reads, the same in both editions. */
export interface WatchedWire {
  id?: string;
  key?: string;
  fields?: {
    status?: { name?: string; statusCategory?: { key?: string } };
    resolution?: { name?: string } | null;
    labels?: readonly string[];
    creator?: JiraUser | null;
    created?: string;
    updated?: string;
    resolutiondate?: string | null;
    statuscategorychangedate?: string | null;
  };
  properties?: Record<string, unknown>;
}

export interface WatchQuery {
  jql: string;
  fields: readonly string[];
  /** Issue properties; left out where the edition's search cannot show them. */
  properties?: readonly string[];
}

/** How an edition reads many issues. All throw EdgeFailure when the read fails. */
export interface WatchReads {
  /** All issues that a query finds, page by page, answered for our own account. */
  pages(client: JiraClient, query: WatchQuery): AsyncGenerator<readonly WatchedWire[], void, void>;
  /** Issues by id in one call, those that exist and can be seen; absent where the edition has no such call. */
  bulk?: {
    size: number;
    read(client: JiraClient, ids: readonly string[], fields: readonly string[]): Promise<readonly WatchedWire[]>;
  };
  /** The whole changelog of an issue, in any order; `undefined` when it cannot be seen. */
  changelog(client: JiraClient, id: string): Promise<readonly WireChange[] | undefined>;
  /** Whole changelogs of the issues that have one and can be seen; absent where the edition has no such call. */
  changelogs?: {
    size: number;
    read(client: JiraClient, ids: readonly string[]): Promise<ReadonlyMap<string, readonly WireChange[]>>;
  };
}

/** Jira Data Center knows no date of the category's last change; there a done issue's date is that of its resolution. */
const FIELDS = ['status', 'resolution', 'updated', 'resolutiondate', 'statuscategorychangedate'];
const MARKS = ['labels', 'created', 'creator'];

/** Single reads at once. */
const AT_ONCE = 8;

/**
 * The watch port on a Jira site of either edition. Searches go from the newest back: what changes meanwhile comes to
 * the front, and what the moving span leaves behind falls off the end, so that no issue slips between two pages.
 */
export class JiraWatch implements IssueWatch {
  readonly #client: JiraClient;
  readonly #reads: WatchReads;
  readonly #history: IssueHistory;

  constructor(client: JiraClient, reads: WatchReads) {
    this.#client = client;
    this.#reads = reads;
    this.#history = new IssueHistory(client);
  }

  async changedSince(since: EpochMs): Promise<readonly WatchedIssue[]> {
    const jql = `labels = "${CONSTANT_LABEL}" AND updated >= ${this.#minutesBack(since)} ORDER BY updated DESC`;
    const changed = new Map<string, WatchedIssue>();
    for await (const page of this.#reads.pages(this.#client, { jql, fields: FIELDS }))
      for (const wire of page) {
        const issue = await this.#toWatched(wire);
        changed.set(issue.ticket.id, issue);
      }
    if (changed.size === 0) await this.#client.account.confirm();
    return [...changed.values()];
  }

  async read(places: readonly TicketPlace[]): Promise<ReadonlyMap<string, WatchedIssue | { side: IssueSide }>> {
    const unseen = new UnseenIssues(this.#client);
    const found = new Map<string, WatchedIssue | { side: IssueSide }>();
    for (const wire of await this.#inBulk(places.map(({ id }) => id)))
      found.set(String(wire.id), await this.#toWatched(wire));
    const rest = places.filter(({ id }) => !found.has(id));
    for (let i = 0; i < rest.length; i += AT_ONCE)
      await Promise.all(
        rest.slice(i, i + AT_ONCE).map(async (place) => void found.set(place.id, await this.#readOne(place, unseen))),
      );
    return found;
  }

  async history(ticketId: string): Promise<readonly IssueChange[]> {
    try {
      return await this.#history.of(await this.#reads.changelog(this.#client, ticketId));
    } catch (error) {
      // An issue that this account may not see has told it nothing.
      if (isEdgeFailure(error) && error.details.status === 403) return [];
      throw error;
    }
  }

  async histories(ticketIds: readonly string[]): Promise<IssueHistories> {
    const read = new Map<string, readonly IssueChange[]>();
    try {
      const rest = await this.#inBulkHistories(ticketIds, read);
      return await this.#oneByOne(rest, read);
    } catch (error) {
      if (!isEdgeFailure(error)) throw error;
      return { read, why: error.message };
    }
  }

  /** Reads into `read` what the bulk call gives; returns what is left to be read one by one. */
  async #inBulkHistories(
    ids: readonly string[],
    read: Map<string, readonly IssueChange[]>,
  ): Promise<readonly string[]> {
    const { changelogs } = this.#reads;
    if (!changelogs) return ids;
    for (let i = 0; i < ids.length; i += changelogs.size) {
      const some = ids.slice(i, i + changelogs.size);
      try {
        const found = await changelogs.read(this.#client, some);
        // One that nobody ever changed is not in the answer.
        for (const id of some) read.set(id, await this.#history.of(found.get(id)));
      } catch (error) {
        // A site that does not serve this read still serves each issue by itself.
        if (!isEdgeFailure(error) || error.kind !== 'refused') throw error;
        return ids.slice(i);
      }
    }
    return [];
  }

  async #oneByOne(ids: readonly string[], read: Map<string, readonly IssueChange[]>): Promise<IssueHistories> {
    let why: string | undefined;
    for (let i = 0; i < ids.length; i += AT_ONCE) {
      const failures = await Promise.all(ids.slice(i, i + AT_ONCE).map((id) => this.#readHistory(id, read)));
      const failed = failures.find((one) => one !== undefined);
      why ??= failed?.message;
      // What fails for more than one issue fails for the next ones too.
      if (failed && failed.kind !== 'refused' && failures.every((one) => one !== undefined)) break;
    }
    return { read, ...(why === undefined ? {} : { why }) };
  }

  async #readHistory(id: string, read: Map<string, readonly IssueChange[]>): Promise<EdgeFailure | undefined> {
    try {
      const changelog = await this.#reads.changelog(this.#client, id);
      if (!changelog) return new EdgeFailure('refused', `Jira shows no history of issue ${id} to this account`);
      read.set(id, await this.#history.of(changelog));
      return undefined;
    } catch (error) {
      if (!isEdgeFailure(error)) throw error;
      return error;
    }
  }

  async *marked(since: EpochMs): AsyncGenerator<readonly MarkedIssue[], void, void> {
    const jql = `labels = "${CONSTANT_LABEL}" AND created >= ${this.#minutesBack(since)} ORDER BY created DESC`;
    const query = { jql, fields: MARKS, properties: [IDENTITY_PROPERTY] };
    const isOwn = await this.#client.ownership();
    const seen = new Set<string>();
    let isEmpty = true;
    for await (const page of this.#reads.pages(this.#client, query)) {
      if (page.length > 0) isEmpty = false;
      const own = page.filter(({ fields }) => isOwn(fields?.creator));
      const marked = await Promise.all(own.map((wire) => this.#toMarked(wire)));
      const fresh = marked.filter(({ ticket }) => !seen.has(ticket.id));
      for (const { ticket } of fresh) seen.add(ticket.id);
      if (fresh.length > 0) yield fresh;
    }
    if (isEmpty) await this.#client.account.confirm();
  }

  async createdFor(ticketId: string, label: string): Promise<DedupKey | undefined> {
    const path = `/issue/${ticketId}/properties/${encodeURIComponent(IDENTITY_PROPERTY)}`;
    const property = await this.#client.read<{ value?: unknown }>(path, { proof: 'own account' });
    const key = keyIn(property?.value);
    return key !== undefined && dedupLabel(key) === label ? key : undefined;
  }

  /** A span, since a date in JQL is one of the asking user's time zone; rounded up, and a minute more for the clocks. */
  #minutesBack(since: EpochMs): string {
    const minutes = Math.ceil((this.#client.parts.clock.now() - since) / MINUTE_MS) + 1;
    return `"-${Math.max(1, minutes)}m"`;
  }

  async #inBulk(ids: readonly string[]): Promise<readonly WatchedWire[]> {
    const { bulk } = this.#reads;
    if (!bulk) return [];
    const found: WatchedWire[] = [];
    try {
      for (let i = 0; i < ids.length; i += bulk.size)
        found.push(...(await bulk.read(this.#client, ids.slice(i, i + bulk.size), FIELDS)));
    } catch (error) {
      // A site that does not serve this read still serves each issue by itself.
      if (!isEdgeFailure(error) || error.kind !== 'refused') throw error;
    }
    return found;
  }

  async #readOne(place: TicketPlace, unseen: UnseenIssues): Promise<WatchedIssue | { side: IssueSide }> {
    try {
      const wire = await this.#client.read<WatchedWire>(`/issue/${place.id}?fields=${FIELDS.join(',')}`, {
        proof: 'own account',
      });
      return wire ? await this.#toWatched(wire) : { side: await unseen.judge(place) };
    } catch (error) {
      if (isEdgeFailure(error) && error.details.status === 403) return { side: hidden(place.project, error.message) };
      throw error;
    }
  }

  async #toWatched(wire: WatchedWire): Promise<WatchedIssue> {
    const { id, key, fields } = wire;
    const updatedAt = Date.parse(fields?.updated ?? '');
    if (typeof id !== 'string' || typeof key !== 'string' || !fields?.status || Number.isNaN(updatedAt))
      throw new EdgeFailure('malformed', `Jira answered issue ${id ?? '?'} without its key, its status or its date`);
    return {
      ticket: { id, key, url: await this.#client.browseUrl(key) },
      side: sideOf(fields),
      updatedAt,
    };
  }

  async #toMarked({ id, key, fields, properties }: WatchedWire): Promise<MarkedIssue> {
    const createdAt = Date.parse(fields?.created ?? '');
    if (typeof id !== 'string' || typeof key !== 'string' || Number.isNaN(createdAt))
      throw new EdgeFailure(
        'malformed',
        `Jira answered issue ${id ?? '?'} without its key or the date of its creation`,
      );
    const dedupKey = keyIn(properties?.[IDENTITY_PROPERTY]);
    return {
      ticket: { id, key, url: await this.#client.browseUrl(key) },
      ...(dedupKey === undefined ? {} : { dedupKey }),
      labels: fields?.labels ?? [],
      createdAt,
    };
  }
}

function sideOf(fields: NonNullable<WatchedWire['fields']>): WatchedIssue['side'] {
  const done = fields.status?.statusCategory?.key === 'done';
  const changed = fields.statuscategorychangedate ?? (done ? fields.resolutiondate : undefined);
  const changedAt = Date.parse(changed ?? '');
  const resolution = fields.resolution?.name;
  return {
    seen: done ? 'done' : 'open',
    status: String(fields.status?.name ?? ''),
    ...(done && resolution !== undefined ? { resolution } : {}),
    ...(Number.isNaN(changedAt) ? {} : { changedAt }),
  };
}

/** The alert that an identity property names; anybody may write properties, so it must fit its own label. */
function keyIn(value: unknown): DedupKey | undefined {
  const { key, tenant, alert } = (value ?? {}) as { key?: unknown; tenant?: unknown; alert?: unknown };
  if (typeof tenant !== 'string' || typeof alert !== 'string') return undefined;
  const named = dedupKeyOf(tenant as TenantId, alert as AlertId);
  return dedupLabel(named) === key ? named : undefined;
}
