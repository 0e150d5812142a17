import type { Route } from '../../../domain/ticket.ts';
import { DAY_MS, type EpochMs, MINUTE_MS } from '../../../domain/time.ts';
import type { JiraClient } from '../jira-client.ts';
import { readCreateFields, readIssueTypes } from './create-meta.ts';
import { type FieldMeta, findOption, nameOf } from './issue-fields.ts';

/** What Jira says of a project and issue type: the create screen. */
export interface RouteMetadata {
  issueTypeId: string;
  fields: readonly FieldMeta[];
}

/** Why a route leads nowhere. */
export interface NoRoute {
  says: string;
  mend: string;
}

export interface StoredRoute {
  route: RouteMetadata | NoRoute;
  storedAt: EpochMs;
  /** True for what an earlier process learnt. */
  kept: boolean;
}

const FRESH_MS = DAY_MS;

/** Metadata no older than this is not asked for again because a value or the route itself was refused. */
const SETTLED_MS = MINUTE_MS;

/** The create screens of a site's routes, kept for a day and asked for anew when told to. */
export class RouteMetadataCache {
  readonly #client: JiraClient;
  readonly #routes = new Map<string, Promise<StoredRoute>>();

  constructor(client: JiraClient) {
    this.#client = client;
  }

  /** @throws EdgeFailure when the site cannot be asked. */
  async load(route: Route): Promise<StoredRoute> {
    const stored = await this.#once(route, () => this.#loadKept(route));
    // What leads nowhere is being mended, and is looked at again soon.
    const mostMs = 'says' in stored.route ? SETTLED_MS : FRESH_MS;
    return this.#isFresh(stored, mostMs) ? stored : this.#replace(route, stored);
  }

  /** Asks the site whatever is kept. @throws EdgeFailure as `load`. */
  async refresh(route: Route): Promise<StoredRoute> {
    return this.#replace(route, await this.load(route));
  }

  /**
   * What the site says now, for one whom `stale` misled; many who were misled at once cost one question, and the site is
   * not asked again within a minute. @throws EdgeFailure as `load`.
   */
  async renew(route: Route, stale: StoredRoute): Promise<StoredRoute> {
    return !stale.kept && this.#isFresh(stale, SETTLED_MS) ? stale : this.#replace(route, stale);
  }

  /** Asks anew unless somebody already does or did. */
  async #replace(route: Route, stale: StoredRoute): Promise<StoredRoute> {
    const key = keyOf(route);
    const loading = this.#routes.get(key);
    // Between the two others may have replaced it.
    if ((await loading) === stale && this.#routes.get(key) === loading) this.#routes.delete(key);
    return this.#once(route, () => this.#ask(route));
  }

  #isFresh({ storedAt }: StoredRoute, mostMs: number): boolean {
    return this.#client.parts.clock.now() - storedAt < mostMs;
  }

  #once(route: Route, ask: () => Promise<StoredRoute>): Promise<StoredRoute> {
    const key = keyOf(route);
    let loading = this.#routes.get(key);
    if (!loading) {
      loading = ask().catch((error: unknown) => {
        this.#routes.delete(key);
        throw error;
      });
      this.#routes.set(key, loading);
    }
    return loading;
  }

  async #loadKept(route: Route): Promise<StoredRoute> {
    const { metadata, site } = this.#client.parts;
    const kept = await metadata.load(site.site, this.#keptAs(route));
    if (!kept) return this.#ask(route);
    const stored = { route: JSON.parse(kept.json), storedAt: kept.storedAt, kept: true };
    return this.#isFresh(stored, FRESH_MS) ? stored : this.#ask(route);
  }

  /** What another site of the same name said is not believed. */
  #keptAs(route: Route): string {
    return `${keyOf(route)}\n${this.#client.parts.site.url}`;
  }

  async #ask(route: Route): Promise<StoredRoute> {
    const { clock, metadata, site } = this.#client.parts;
    const found = await this.#askRoute(route);
    const storedAt = clock.now();
    if (!('says' in found)) await metadata.store(site.site, this.#keptAs(route), JSON.stringify(found), storedAt);
    return { route: found, storedAt, kept: false };
  }

  async #askRoute({ project, issueType }: Route): Promise<RouteMetadata | NoRoute> {
    const types = await readIssueTypes(this.#client, project);
    if (!types || types.length === 0)
      return {
        says: `project "${project}" does not exist, or this account may not create issues in it`,
        mend: 'check the project key, and give the account Browse Projects and Create Issues there',
      };
    const type = findOption(types, issueType) ?? types.find(({ untranslatedName }) => untranslatedName === issueType);
    if (!type?.id)
      return {
        says: `project "${project}" has no issue type "${issueType}"`,
        mend: `use one of: ${types.map(nameOf).join(', ')}`,
      };
    return { issueTypeId: type.id, fields: await readCreateFields(this.#client, project, type.id) };
  }
}

function keyOf({ project, issueType }: Route): string {
  return `route:${project}\n${issueType}`;
}
