import type { DedupKey } from '../../domain/alert.ts';
import { EdgeFailure } from '../../domain/failure.ts';
import type { OpenIntent } from '../../domain/ticket.ts';
import { MINUTE_MS } from '../../domain/time.ts';
import type { Sighting } from '../tracker.ts';
import { CONSTANT_LABEL, dedupLabel, IDENTITY_PROPERTY } from './dedup-label.ts';
import type { JiraClient } from './jira-client.ts';

/** An issue as a look reads it: what identifies it. */
export interface SeenIssue {
  id: string;
  key: string;
  labels: readonly string[];
  /** The `key` of the identity property. */
  identity?: string;
}

/** How an edition reads issues by key and by search. Both throw EdgeFailure when the read fails. */
export interface IssueReads {
  /** Those of the keys that exist and can be seen; `undefined` where the site does not serve such reads. */
  byKeys(client: JiraClient, keys: readonly string[]): Promise<readonly SeenIssue[] | undefined>;
  /** All issues that a query finds, up to `most`. */
  search(client: JiraClient, query: { jql: string; most: number }): Promise<readonly SeenIssue[]>;
}

/** Numbers probed in one go, and how often a further go follows one with hits. */
const PROBE = 100;
const MOST_PROBES = 10;

/** Labels in one query. */
const LABELS_A_QUERY = 40;

/** Newest issues read where labels are not on the screen. */
const NEWEST = 1_000;

/** Looks for issues by the identity that their create gave them. */
export class IssueFinder {
  readonly #client: JiraClient;
  readonly #reads: IssueReads;
  #anyOfOurs: Promise<boolean> | undefined;

  constructor(client: JiraClient, reads: IssueReads) {
    this.#client = client;
    this.#reads = reads;
  }

  /** @throws EdgeFailure when a look failed, also when it was answered for another account than ours. */
  async lookFor(
    intents: readonly OpenIntent[],
    hasLabels: (intent: OpenIntent) => Promise<boolean>,
  ): Promise<Sighting[]> {
    const found = new Map<DedupKey, SeenIssue[]>(intents.map(({ dedupKey }) => [dedupKey, []]));
    for (const [project, group] of Map.groupBy(intents, ({ route }) => route.project)) {
      note(found, await this.#probe(project, group));
      const missing = group.filter(({ dedupKey }) => found.get(dedupKey)?.length === 0);
      const [first] = missing;
      if (!first) continue;
      if (await hasLabels(first)) note(found, await this.#byLabel(missing.map(({ dedupKey }) => dedupKey)));
      else note(found, await this.#amongNewest(project, missing));
    }
    return this.#toSightings(found);
  }

  /** As `lookFor` for alerts whose issues an earlier ledger may have made: search alone, nothing asked where the site has no issue of ours. */
  async findExisting(keys: readonly DedupKey[]): Promise<Sighting[]> {
    this.#anyOfOurs ??= this.#reads
      .search(this.#client, { jql: `labels = "${CONSTANT_LABEL}"`, most: 1 })
      .then((issues) => issues.length > 0)
      .catch((error: unknown) => {
        this.#anyOfOurs = undefined;
        throw error;
      });
    if (!(await this.#anyOfOurs)) return [];
    const found = new Map<DedupKey, SeenIssue[]>(keys.map((key) => [key, []]));
    note(found, await this.#byLabel(keys));
    return this.#toSightings(found);
  }

  /** By issue number: a read by key does not go through the index. */
  async #probe(project: string, group: readonly OpenIntent[]): Promise<SeenIssue[]> {
    if (/^\d+$/.test(project)) return [];
    const known = group.flatMap(({ highestNumber }) => highestNumber ?? []);
    let from = known.length === group.length ? Math.min(...known) + 1 : await this.#newestNumber(project);
    const seen: SeenIssue[] = [];
    for (let i = 0; i < MOST_PROBES; i++) {
      const keys = Array.from({ length: PROBE }, (_, n) => `${project}-${from + n}`);
      const hits = await this.#reads.byKeys(this.#client, keys);
      if (!hits || hits.length === 0) break;
      seen.push(...hits);
      from += PROBE;
    }
    return seen;
  }

  /** Where to begin when no number of the project is known: a little before the newest that search shows. */
  async #newestNumber(project: string): Promise<number> {
    const [newest] = await this.#reads.search(this.#client, {
      jql: `project = "${project}" ORDER BY key DESC`,
      most: 1,
    });
    const number = Number(/-(\d+)$/.exec(newest?.key ?? '')?.[1] ?? 0);
    return Math.max(1, number - PROBE / 2);
  }

  async #byLabel(keys: readonly DedupKey[]): Promise<SeenIssue[]> {
    const labels = keys.map(dedupLabel);
    const seen: SeenIssue[] = [];
    for (let i = 0; i < labels.length; i += LABELS_A_QUERY) {
      const chunk = labels.slice(i, i + LABELS_A_QUERY);
      const jql = `labels in (${chunk.map((label) => `"${label}"`).join(', ')})`;
      seen.push(...(await this.#reads.search(this.#client, { jql, most: 4 * LABELS_A_QUERY })));
    }
    return seen;
  }

  async #amongNewest(project: string, intents: readonly OpenIntent[]): Promise<readonly SeenIssue[]> {
    const oldest = Math.min(...intents.map(({ sentAt }) => sentAt));
    const minutes = Math.ceil((this.#client.parts.clock.now() - oldest) / MINUTE_MS) + 5;
    const jql = `project = "${project}" AND created >= -${minutes}m ORDER BY key DESC`;
    const issues = await this.#reads.search(this.#client, { jql, most: NEWEST });
    if (issues.length >= NEWEST)
      throw new EdgeFailure(
        'unavailable',
        `project ${project} has more new issues than can be looked through for a lost one`,
      );
    const seen: SeenIssue[] = [];
    for (let i = 0; i < issues.length; i += PROBE) {
      const keys = issues.slice(i, i + PROBE).map(({ key }) => key);
      seen.push(...((await this.#reads.byKeys(this.#client, keys)) ?? issues.slice(i, i + PROBE)));
    }
    return seen;
  }

  async #toSightings(found: ReadonlyMap<DedupKey, SeenIssue[]>): Promise<Sighting[]> {
    const sightings: Sighting[] = [];
    for (const [dedupKey, issues] of found) {
      const distinct = [...new Map(issues.map((issue) => [issue.id, issue])).values()];
      distinct.sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
      const tickets = await Promise.all(
        distinct.map(async ({ id, key }) => ({ id, key, url: await this.#client.browseUrl(key) })),
      );
      sightings.push({ dedupKey, tickets });
    }
    return sightings;
  }
}

/** Gives each issue to the alert whose identity it carries, by property or by label. */
function note(found: Map<DedupKey, SeenIssue[]>, issues: readonly SeenIssue[]): void {
  const byLabel = new Map([...found.keys()].map((key) => [dedupLabel(key), key]));
  for (const issue of issues) {
    const key = [issue.identity ?? '', ...issue.labels].map((label) => byLabel.get(label)).find(Boolean);
    if (key) found.get(key)?.push(issue);
  }
}

/** Reads what identifies an issue from its JSON, the same in both editions. */
export function toSeenIssue(issue: Record<string, unknown>): SeenIssue[] {
  const { id, key, fields, properties } = issue as {
    id?: unknown;
    key?: unknown;
    fields?: { labels?: unknown };
    properties?: Record<string, unknown>;
  };
  if (typeof id !== 'string' || !/^\d+$/.test(id) || typeof key !== 'string') return [];
  const labels = Array.isArray(fields?.labels) ? fields.labels.map(String) : [];
  const identity = (properties?.[IDENTITY_PROPERTY] as { key?: unknown } | undefined)?.key;
  return [{ id, key, labels, ...(typeof identity === 'string' ? { identity } : {}) }];
}
