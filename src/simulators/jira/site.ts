import type { Clock, EpochMs } from '../../domain/time.ts';
import { itemsBetween, type SimChange, snapshotOf } from './changelog.ts';
import { type FieldSetup, type JiraSetup, PRIORITIES, SYSTEM_FIELDS } from './setup.ts';

/** A person with an account, by both editions' names. */
export interface SimUser {
  accountId: string;
  name: string;
  email: string;
  displayName: string;
}

/** One choice of a select. */
export interface SimOption {
  id: string;
  value: string;
  children: readonly SimOption[];
}

export interface SimField extends FieldSetup {
  choices: readonly SimOption[];
}

export interface SimIssueType {
  id: string;
  name: string;
  /** Ids of the fields on the create screen; a test may take one away. */
  screen: Set<string>;
  required: Set<string>;
}

export interface Named {
  id: string;
  name: string;
}

export interface SimProject extends Named {
  key: string;
  issueTypes: readonly SimIssueType[];
  components: readonly Named[];
  lastNumber: number;
}

export interface SimStatus extends Named {
  category: 'new' | 'indeterminate' | 'done';
}

export interface SimComment {
  id: string;
  body: unknown;
  at: EpochMs;
  author: SimUser;
  properties: readonly { key: string; value: unknown }[];
}

/** One end of a link between two issues, as one of them sees it. */
export interface SimLink {
  id: string;
  type: string;
  /** The other issue's id, and whether it is the inward or the outward end. */
  other: string;
  end: 'inward' | 'outward';
}

/** One way out of a status. */
export interface SimTransition {
  /** Name of the status that it leads to. */
  to: string;
  /** Its own name; that of the status unless given. */
  name?: string;
  /** Fields on its screen that must be filled. */
  requires?: readonly string[];
  /** Further fields on its screen. */
  offers?: readonly string[];
}

/** Something that happened to an issue, for those who are told of it. */
export interface SimEvent {
  kind: 'created' | 'updated' | 'commented' | 'deleted';
  issue: SimIssue;
  user: SimUser;
  change?: SimChange;
}

/** One issue; it is kept as the text that made it and read when somebody asks, so that many cost little. */
export interface SimIssue {
  number: number;
  id: string;
  key: string;
  project: SimProject;
  /** JSON with the member `fields`. */
  text: string;
  labels: readonly string[];
  properties: Map<string, unknown>;
  status: SimStatus;
  resolution?: string;
  createdAt: EpochMs;
  updatedAt: EpochMs;
  resolvedAt?: EpochMs;
  categoryChangedAt: EpochMs;
  /** Its changelog, oldest first. */
  history: SimChange[];
  /** How search knew it, until when; kept while search lags. */
  past: { until: EpochMs; issue: SimIssue }[];
  /** Who made it, which nobody can change; the reporter can be anybody. */
  creator: SimUser;
  reporter: SimUser;
  comments: SimComment[];
  remoteLinks: Map<string, { id: number; link: Record<string, unknown> }>;
  links: SimLink[];
  /** Not to be seen by our account, as under an issue security scheme: it answers as if it were absent. */
  hidden: boolean;
}

/** What a judge sees of an issue. */
export interface IssueView {
  id: string;
  key: string;
  fields: Record<string, unknown>;
  properties: Record<string, unknown>;
  labels: readonly string[];
  status: string;
}

/** An issue's fields as they were written. */
export function readFields(issue: Pick<SimIssue, 'text'>): Record<string, unknown> {
  return (JSON.parse(issue.text) as { fields: Record<string, unknown> }).fields;
}

/** The statuses of every issue type; any can be reached from any other unless the site's `workflow` says otherwise. */
export const STATUSES: readonly SimStatus[] = [
  { id: '10000', name: 'To Do', category: 'new' },
  { id: '3', name: 'In Progress', category: 'indeterminate' },
  { id: '10001', name: 'Done', category: 'done' },
];

/** What an issue can be resolved as. */
export const RESOLUTIONS: readonly Named[] = [
  { id: '10000', name: 'Done' },
  { id: '10001', name: "Won't Do" },
  { id: '10002', name: 'Duplicate' },
  { id: '10003', name: 'False Positive' },
];

export const OWN_ACCOUNT: SimUser = {
  accountId: '712020:0c5e6a7e-0000-4000-8000-00000000ca5e',
  name: 'casewire',
  email: 'soc@example.com',
  displayName: 'Casewire',
};

export const ANALYSTS: readonly SimUser[] = [
  { accountId: '5b10a2844c20165700ede21a', name: 'mira', email: 'mira@example.com', displayName: 'Mira Analyst' },
  { accountId: '5b10a2844c20165700ede21b', name: 'theo', email: 'theo@example.com', displayName: 'Theo Analyst' },
  { accountId: '5b10a2844c20165700ede21c', name: 'ada', email: 'ada@example.com', displayName: 'Lindqvist, Ada' },
];

/** All that one simulated Jira knows, whichever edition speaks of it. */
export class JiraSite {
  readonly fields: readonly SimField[];
  readonly projects: readonly SimProject[];
  readonly priorities: readonly Named[];
  readonly users: readonly SimUser[] = [OWN_ACCOUNT, ...ANALYSTS];
  /** What our own account may do; a test may take a permission away. */
  readonly permissions = new Set([
    'BROWSE_PROJECTS',
    'CREATE_ISSUES',
    'EDIT_ISSUES',
    'ADD_COMMENTS',
    'TRANSITION_ISSUES',
    'LINK_ISSUES',
    'CREATE_ATTACHMENTS',
  ]);
  readonly clock: Clock;
  /** Ways out of a status, by its name; from a status that is not named here any can be reached. */
  readonly workflow = new Map<string, readonly SimTransition[]>();
  /** Types of links between issues; empty when linking is switched off. */
  linkTypes: readonly { id: string; name: string; inward: string; outward: string }[] = [
    { id: '10000', name: 'Blocks', inward: 'is blocked by', outward: 'blocks' },
    { id: '10001', name: 'Duplicate', inward: 'is duplicated by', outward: 'duplicates' },
    { id: '10002', name: 'Relates', inward: 'relates to', outward: 'relates to' },
  ];
  resolutions: readonly Named[] = RESOLUTIONS;
  /** What a status of category Done sets as resolution where none is chosen; `undefined` leaves it empty. */
  usualResolution: string | undefined = 'Done';
  /** Is told of everything that happens to issues. */
  onEvent: (event: SimEvent) => void = () => undefined;
  /** Comments that one issue takes ("Get issue limit report", Jira Cloud REST v3: 5000 by default). */
  mostComments = 5_000;
  /** Issues in a status of category Done take no change, as with the workflow property `jira.issue.editable`. */
  doneIsReadOnly = false;
  /** Links that one issue takes ("Get issue limit report": 2000 by default). */
  mostLinks = 2_000;
  /** How long search does not see what was written. */
  searchLagMs = 0;
  /** Every nth create leaves a number out; 0 leaves none. */
  gapEvery = 0;
  readonly #byId = new Map<string, SimIssue>();
  readonly #byKey = new Map<string, SimIssue>();
  #nextId = 10_000;
  #nextChild = 1;

  constructor(setup: JiraSetup, clock: Clock) {
    this.clock = clock;
    let optionId = 10_200;
    const toOption = (option: string | { value: string; children: readonly string[] }): SimOption => {
      const id = String(optionId++);
      if (typeof option === 'string') return { id, value: option, children: [] };
      return { id, value: option.value, children: option.children.map(toOption) };
    };
    this.fields = [...SYSTEM_FIELDS, ...setup.fields].map((field) => ({
      ...field,
      choices: (field.options ?? []).map(toOption),
    }));
    this.priorities = (setup.priorities ?? PRIORITIES).map((name, index) => ({ id: String(index + 1), name }));
    let typeId = 10_001;
    this.projects = setup.projects.map((project, index) => ({
      id: String(10_000 + index),
      key: project.key,
      name: project.name,
      components: (project.components ?? []).map((name, at) => ({ id: String(10_300 + 10 * index + at), name })),
      issueTypes: project.issueTypes.map((type) => ({
        id: type.id ?? String(typeId++),
        name: type.name,
        screen: new Set(['summary', ...type.screen]),
        required: new Set(['summary', ...(type.required ?? [])]),
      })),
      lastNumber: 0,
    }));
  }

  /** The statuses that the workflow knows. */
  statuses(): readonly SimStatus[] {
    if (this.workflow.size === 0) return STATUSES;
    const named = new Set([...this.workflow].flatMap(([from, ways]) => [from, ...ways.map(({ to }) => to)]));
    return STATUSES.filter(({ name }) => named.has(name) || !this.workflow.has(name));
  }

  project(keyOrId: string): SimProject | undefined {
    return this.projects.find(({ id, key }) => key === keyOrId || id === keyOrId);
  }

  field(id: string): SimField | undefined {
    return this.fields.find((field) => field.id === id);
  }

  /** Numbers the issue, stamps it and keeps it. */
  add({
    creator,
    ...parts
  }: Pick<SimIssue, 'project' | 'text' | 'labels' | 'properties' | 'reporter'> &
    Partial<Pick<SimIssue, 'creator'>>): SimIssue {
    const { project } = parts;
    project.lastNumber++;
    if (this.gapEvery > 0 && project.lastNumber % this.gapEvery === 0) project.lastNumber++;
    const at = this.clock.now();
    const issue: SimIssue = {
      ...parts,
      creator: creator ?? parts.reporter,
      number: project.lastNumber,
      id: String(this.#nextId++),
      key: `${project.key}-${project.lastNumber}`,
      status: STATUSES[0] as SimStatus,
      createdAt: at,
      updatedAt: at,
      categoryChangedAt: at,
      history: [],
      past: [],
      comments: [],
      remoteLinks: new Map(),
      links: [],
      hidden: false,
    };
    this.#byId.set(issue.id, issue);
    this.#byKey.set(issue.key, issue);
    this.onEvent({ kind: 'created', issue, user: issue.creator });
    return issue;
  }

  /**
   * Lets somebody change an issue: what differs afterwards is stamped, enters its changelog and is told. An act that
   * changes nothing of what a changelog follows, such as a comment, only stamps it.
   */
  change(issue: SimIssue, user: SimUser, act: () => void, kind: 'updated' | 'commented' = 'updated'): void {
    const before = snapshotOf(issue, this);
    const { category } = issue.status;
    const shown = { ...issue, past: [] };
    act();
    const at = this.clock.now();
    if (this.searchLagMs > 0) {
      const horizon = at - this.searchLagMs;
      issue.past = [...issue.past.filter(({ until }) => until > horizon), { until: at, issue: shown }];
    }
    if (issue.status.category !== category) issue.categoryChangedAt = at;
    if (issue.resolution === undefined) delete issue.resolvedAt;
    else if (issue.resolution !== shown.resolution) issue.resolvedAt = at;
    issue.updatedAt = at;
    const items = itemsBetween(before, snapshotOf(issue, this), this);
    const change = { id: String(10_000 + this.nextChildId()), at, author: user, items };
    if (items.length > 0) issue.history.push(change);
    this.onEvent({ kind, issue, user, ...(items.length > 0 ? { change } : {}) });
  }

  /** Moves an issue to a status: out of done it loses its resolution, into done it gets one. */
  enter(issue: SimIssue, status: SimStatus, resolution?: string): void {
    issue.status = status;
    if (resolution !== undefined) issue.resolution = resolution;
    else if (status.category !== 'done') delete issue.resolution;
    else if (this.usualResolution !== undefined) issue.resolution ??= this.usualResolution;
  }

  /** An issue by key or id, whoever may see it. */
  find(idOrKey: string): SimIssue | undefined {
    return this.#byKey.get(idOrKey) ?? this.#byId.get(idOrKey);
  }

  remove(issue: SimIssue, user: SimUser = ANALYSTS[0] as SimUser): void {
    this.onEvent({ kind: 'deleted', issue, user });
    this.#byId.delete(issue.id);
    for (const [key, known] of this.#byKey) if (known === issue) this.#byKey.delete(key);
  }

  /** Moves an issue to another project: it gets a new key, its id stays and its old key still leads to it. */
  move(issue: SimIssue, project: SimProject, user: SimUser): void {
    this.change(issue, user, () => {
      project.lastNumber++;
      issue.project = project;
      issue.number = project.lastNumber;
      issue.key = `${project.key}-${project.lastNumber}`;
      const fields = readFields(issue);
      const type = project.issueTypes[0];
      const place = { project: { key: project.key }, issuetype: { id: type?.id } };
      issue.text = JSON.stringify({ fields: { ...fields, ...place } });
      this.#byKey.set(issue.key, issue);
    });
  }

  /** All issues, oldest first. */
  all(): IterableIterator<SimIssue> {
    return this.#byId.values();
  }

  get size(): number {
    return this.#byId.size;
  }

  /** Issues as search sees them now, oldest first. */
  *searchable(reconcile: ReadonlySet<string> = new Set()): Generator<SimIssue> {
    if (!this.permissions.has('BROWSE_PROJECTS')) return;
    const horizon = this.clock.now() - this.searchLagMs;
    for (const issue of this.#byId.values()) {
      if (issue.hidden || (issue.createdAt > horizon && !reconcile.has(issue.id))) continue;
      const past = reconcile.has(issue.id) ? undefined : issue.past.find(({ until }) => until > horizon);
      yield past?.issue ?? issue;
    }
  }

  nextChildId(): number {
    return this.#nextChild++;
  }

  view(issue: SimIssue): IssueView {
    const { id, key, labels, status, properties } = issue;
    return {
      id,
      key,
      fields: readFields(issue),
      properties: Object.fromEntries(properties),
      labels,
      status: status.name,
    };
  }
}
