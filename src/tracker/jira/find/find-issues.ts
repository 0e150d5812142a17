import type { DedupKey } from '../../../domain/alert.ts';
import { EdgeFailure } from '../../../domain/failure.ts';
import type { OpenIntent } from '../../../domain/ticket.ts';
import { type EpochMs, MINUTE_MS } from '../../../domain/time.ts';
import type { ExistingAsk, Sighting } from '../../tracker.ts';
import { dedupLabel, IDENTITY_PROPERTY } from '../dedup-label.ts';
import type { JiraClient, JiraUser } from '../jira-client.ts';
import { permissionsIn } from '../permissions.ts';
import { GatheredSearch } from './gathered-search.ts';
import { ListedAlerts } from './listed-alerts.ts';

/** An issue as a look reads it: what identifies it. */
export interface SeenIssue {
  id: string;
  key: string;
  labels: readonly string[];
  /** The `key` of the identity property. */
  identity?: string;
  /** Who made it; absent where the answer does not say. */
  creator?: JiraUser;
}

/** Fields that a look asks for. */
export const IDENTIFYING: readonly string[] = ['labels', 'creator'];

/** How an edition reads issues by key and by search. All throw EdgeFailure when the read fails. */
export interface IssueReads {
  /** Keys read in one go, and the most that are probed for one look; whether they cost one call. */
  probe: { size: number; most: number; inOneCall: boolean };
  /** Those of the keys that exist and can be seen; `undefined` where the site does not serve such reads. */
  byKeys(client: JiraClient, keys: readonly string[]): Promise<readonly SeenIssue[] | undefined>;
  /** All issues that a query finds, up to `most`; without their identity where the edition's search shows no properties. */
  search(client: JiraClient, query: { jql: string; most: number }): Promise<readonly SeenIssue[]>;
}

/** How far before the newest issue that search shows a probe begins where no number is known. */
const BEFORE_NEWEST = 100;

/** Labels in one query. */
const LABELS_A_QUERY = 40;

/** Newest issues read where labels are not on the screen. */
const NEWEST = 1_000;

type Found = Map<DedupKey, SeenIssue[]>;

/** Looks for issues by the identity that their create gave them. */
export class IssueFinder {
  readonly #client: JiraClient;
  readonly #reads: IssueReads;
  readonly #listed: ListedAlerts;
  readonly #gathered: GatheredSearch;
  /** By project what was read of its newest issues, and for which doubt. */
  readonly #newestOf = new Map<string, { since: EpochMs; issues: Promise<readonly SeenIssue[]> }>();
  /** The doubt for which an issue was found that the ledger did not know. */
  #lacksSince: EpochMs | undefined;

  constructor(client: JiraClient, reads: IssueReads) {
    this.#client = client;
    this.#reads = reads;
    this.#listed = new ListedAlerts(client, reads);
    this.#gathered = new GatheredSearch(async (keys) => {
      const issues = await this.#byLabel(keys);
      await client.account.confirm();
      return issues;
    }, LABELS_A_QUERY);
  }

  /** @throws EdgeFailure when a look failed, also when it was answered for another account than ours. */
  async lookFor(
    intents: readonly OpenIntent[],
    hasLabels: (intent: OpenIntent) => Promise<boolean>,
  ): Promise<Sighting[]> {
    const found: Found = new Map(intents.map(({ dedupKey }) => [dedupKey, []]));
    for (const [project, group] of Map.groupBy(intents, ({ route }) => route.project)) {
      await this.#probe(found, project, group);
      // A later attempt may have a twin from before the numbers that were probed.
      const doubtful = group.filter((intent) => isMissing(found, intent) || intent.attempt > 1);
      const labelled = await Promise.all(doubtful.map(hasLabels));
      note(found, await this.#byLabel(doubtful.filter((_, index) => labelled[index]).map(({ dedupKey }) => dedupKey)));
      const unlabelled = doubtful.filter((_, index) => !labelled[index]);
      if (unlabelled.length > 0) note(found, await this.#amongNewest(project, unlabelled));
      if (group.some((intent) => isMissing(found, intent))) await this.#proveSight(project);
    }
    return this.#toSightings(found);
  }

  /** As `lookFor` for alerts whose issues the ledger may not know, see `Tracker.findExisting`. */
  async findExisting({ keys, since, thorough, projects }: ExistingAsk): Promise<Sighting[]> {
    const found: Found = new Map(keys.map((key) => [key, []]));
    const missing = () => keys.filter((key) => found.get(key)?.length === 0);
    note(found, await this.#gathered.find(keys));
    // An issue that the ledger did not know: what it lacks else is not seen by this search alone.
    if (missing().length < keys.length) this.#lacksSince = since;
    const isThorough = thorough || this.#lacksSince === since;
    if (isThorough || this.#reads.probe.inOneCall)
      for (const project of missing().length > 0 ? projects : []) note(found, await this.#newest(project, since));
    const listed = isThorough ? await this.#listed.find(missing(), since) : new Map<DedupKey, SeenIssue[]>();
    if (isThorough) await this.#client.account.confirm();
    return [
      ...(await this.#toSightings(new Map([...found].filter(([key]) => !listed.has(key))))),
      ...(await this.#toSightings(listed)).map((sighting) => ({ ...sighting, listed: true as const })),
    ];
  }

  /** Issues of ours above the highest number that the ledger knows, which search may not show yet; read once a doubt. */
  #newest({ project, highestNumber }: ExistingAsk['projects'][number], since: EpochMs): Promise<readonly SeenIssue[]> {
    const kept = this.#newestOf.get(project);
    if (kept && kept.since >= since) return kept.issues;
    const issues = this.#above(project, highestNumber).catch((error: unknown) => {
      this.#newestOf.delete(project);
      throw error;
    });
    this.#newestOf.set(project, { since, issues });
    return issues;
  }

  async #above(project: string, highestNumber: number): Promise<readonly SeenIssue[]> {
    const seen: SeenIssue[] = [];
    for await (const hits of this.#byNumber(project, highestNumber + 1)) seen.push(...hits);
    return seen;
  }

  /** By issue number: a read by key does not go through the index. Gaps make it a hint, its hits are proof. */
  async #probe(found: Found, project: string, group: readonly OpenIntent[]): Promise<void> {
    for await (const hits of this.#byNumber(project, await this.#firstNumber(project, group))) {
      note(found, hits);
      if (!group.some((intent) => isMissing(found, intent))) return;
    }
  }

  /** Issues of ours of a project from a number on, until a read finds no issue at all. */
  async *#byNumber(project: string, first: number): AsyncGenerator<readonly SeenIssue[], void, void> {
    const prefix = await this.#keyOf(project);
    if (prefix === undefined) return;
    const { size, most } = this.#reads.probe;
    for (let from = first; from < first + most; from += size) {
      const keys = Array.from({ length: size }, (_, n) => `${prefix}-${from + n}`);
      const hits = await this.#reads.byKeys(this.#client, keys);
      if (!hits || hits.length === 0) return;
      yield await this.#ours(hits);
    }
  }

  /** A project may be configured by its id; issues are numbered by its key. */
  async #keyOf(project: string): Promise<string | undefined> {
    if (!/^\d+$/.test(project)) return project;
    return (await this.#client.read<{ key?: string }>(`/project/${project}`))?.key;
  }

  /** After the lowest number known when any of the creates left; where none is known, a little before the newest. */
  async #firstNumber(project: string, group: readonly OpenIntent[]): Promise<number> {
    const known = group.flatMap(({ highestNumber }) => (highestNumber === undefined ? [] : [highestNumber + 1]));
    const first = known.length === group.length ? [] : [await this.#beforeNewest(project)];
    return Math.min(...known, ...first);
  }

  async #beforeNewest(project: string): Promise<number> {
    const [newest] = await this.#reads.search(this.#client, {
      jql: `project = "${project}" ORDER BY key DESC`,
      most: 1,
    });
    const number = Number(/-(\d+)$/.exec(newest?.key ?? '')?.[1] ?? 0);
    return Math.max(1, number - BEFORE_NEWEST + 1);
  }

  /**
   * That nothing was seen counts only for an account that is still ours and may see the project.
   * @throws EdgeFailure when it is not.
   */
  async #proveSight(project: string): Promise<void> {
    await this.#client.account.confirm();
    const held = await permissionsIn(this.#client, project, ['BROWSE_PROJECTS']);
    if (held?.has('BROWSE_PROJECTS')) return;
    throw new EdgeFailure('refused', `this account cannot see project ${project} at present`, {
      mend: 'give it Browse Projects there',
    });
  }

  async #byLabel(keys: readonly DedupKey[]): Promise<SeenIssue[]> {
    const labels = keys.map(dedupLabel);
    const seen: SeenIssue[] = [];
    for (let i = 0; i < labels.length; i += LABELS_A_QUERY) {
      const chunk = labels.slice(i, i + LABELS_A_QUERY);
      const jql = `labels in (${chunk.map((label) => `"${label}"`).join(', ')})`;
      const hits = await this.#reads.search(this.#client, { jql, most: 4 * LABELS_A_QUERY });
      seen.push(...(await this.#withIdentity(await this.#ours(hits))));
    }
    return seen;
  }

  /** Anybody may copy a label or a property; who created an issue nobody can change. */
  async #ours(issues: readonly SeenIssue[]): Promise<readonly SeenIssue[]> {
    if (issues.length === 0) return issues;
    const isOwn = await this.#client.ownership();
    return issues.filter(({ creator }) => isOwn(creator));
  }

  /** The property decides, not the label: people move labels between issues of ours. */
  async #withIdentity(issues: readonly SeenIssue[]): Promise<readonly SeenIssue[]> {
    const known = issues.filter(({ identity }) => identity !== undefined);
    const rest = issues.filter(({ identity }) => identity === undefined);
    return [...known, ...(await this.#read(rest))];
  }

  /** The same issues, read by key; as they are where the site does not serve such reads. */
  async #read(issues: readonly SeenIssue[]): Promise<readonly SeenIssue[]> {
    const { size } = this.#reads.probe;
    const read: SeenIssue[] = [];
    for (let i = 0; i < issues.length; i += size) {
      const part = issues.slice(i, i + size);
      const keys = part.map(({ key }) => key);
      read.push(...((await this.#reads.byKeys(this.#client, keys)) ?? part));
    }
    return read;
  }

  async #amongNewest(project: string, intents: readonly OpenIntent[]): Promise<readonly SeenIssue[]> {
    const oldest = Math.min(...intents.map(({ sentAt }) => sentAt));
    // A create that was sent while the clock was ahead lies in the future.
    const minutes = Math.max(0, Math.ceil((this.#client.parts.clock.now() - oldest) / MINUTE_MS)) + 5;
    const jql = `project = "${project}" AND creator = currentUser() AND created >= -${minutes}m ORDER BY key DESC`;
    const issues = await this.#reads.search(this.#client, { jql, most: NEWEST });
    if (issues.length >= NEWEST)
      throw new EdgeFailure(
        'unavailable',
        `project ${project} has more new issues than can be looked through for a lost one`,
      );
    return this.#ours(await this.#read(issues));
  }

  async #toSightings(found: Found): Promise<Sighting[]> {
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

function isMissing(found: Found, { dedupKey }: OpenIntent): boolean {
  return found.get(dedupKey)?.length === 0;
}

/** Gives each issue to the alert whose identity it carries: by its property, and by its label where it has none. */
function note(found: Found, issues: readonly SeenIssue[]): void {
  const byLabel = new Map([...found.keys()].map((key) => [dedupLabel(key), key]));
  for (const issue of issues) {
    const marks = issue.identity === undefined ? issue.labels : [issue.identity];
    const key = marks.map((label) => byLabel.get(label)).find(Boolean);
    if (key) found.get(key)?.push(issue);
  }
}

/** Reads what identifies an issue from its JSON, the same in both editions. */
export function toSeenIssue(issue: Record<string, unknown>): SeenIssue[] {
  const { id, key, fields, properties } = issue as {
    id?: unknown;
    key?: unknown;
    fields?: { labels?: unknown; creator?: JiraUser | null };
    properties?: Record<string, unknown>;
  };
  if (typeof id !== 'string' || !/^\d+$/.test(id) || typeof key !== 'string') return [];
  const labels = Array.isArray(fields?.labels) ? fields.labels.map(String) : [];
  const identity = (properties?.[IDENTITY_PROPERTY] as { key?: unknown } | undefined)?.key;
  const creator = fields?.creator ?? undefined;
  return [
    {
      id,
      key,
      labels,
      ...(typeof identity === 'string' ? { identity } : {}),
      ...(creator === undefined ? {} : { creator }),
    },
  ];
}
