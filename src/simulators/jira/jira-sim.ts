import type { EpochMs } from '../../domain/time.ts';
import { renderIssuePage } from '../pages/issue-page.ts';
import { renderQueuePage } from '../pages/queue-page.ts';
import { type SimOptions, SimServer } from '../sim-server.ts';
import { empty, json, page, type SimAnswer, type SimRequest } from '../wire.ts';
import { BurstLimiter, type BurstRate, type BurstState } from './burst-limiter.ts';
import { type Route, RouteTable } from './call.ts';
import type { Dialect } from './check-value.ts';
import { IssueLimiter } from './issue-limiter.ts';
import { Person } from './person.ts';
import { Refusal } from './refusal.ts';
import { DEFAULT_SETUP, type JiraSetup } from './setup.ts';
import type { Spelling } from './shapes.ts';
import {
  ANALYSTS,
  type IssueView,
  JiraSite,
  type SimComment,
  type SimIssueType,
  type SimUser,
  STATUSES,
} from './site.ts';
import { type WebhookSetup, Webhooks } from './webhooks.ts';
import { WORKFLOWS, type WorkflowName } from './workflows.ts';

export interface JiraSimOptions extends SimOptions {
  setup?: JiraSetup;
  /** Calls a second of each endpoint and method before 429; no limit unless given. */
  burst?: BurstRate;
}

/** Several issues for one alert. */
export interface Twins {
  /** The label, or the key in the issue property where the label is missing. */
  identity: string;
  keys: readonly string[];
}

/** Who calls: somebody with an account, nobody in particular, or somebody who is turned away. */
export type Caller =
  | { kind: 'account'; user: SimUser }
  | { kind: 'anonymous' }
  | { kind: 'refused'; answer: SimAnswer };

/** Identity labels of issues, not the constant label that marks them all. */
const IDENTITY_LABEL = /^casewire-/;
const PROPERTY = 'casewire.alert';

/** What the two editions of the simulated Jira share: the site, the switches, and the way from a request to its route. */
export abstract class JiraSim extends SimServer {
  readonly site: JiraSite;
  /** Wrong credentials are answered as if nobody had given any, with status 200 and a header that tells. */
  servesStrangers = false;
  protected abstract readonly dialect: Dialect;
  protected abstract readonly edition: 'cloud' | 'datacenter';
  /** Calls to whoever registered a webhook, and what befalls them. */
  readonly webhooks: Webhooks;
  readonly #limiter: BurstLimiter;
  readonly #issueLimiter: IssueLimiter;
  readonly #routes: RouteTable;

  constructor(options: JiraSimOptions, routes: readonly Route[]) {
    super(options);
    this.site = new JiraSite(options.setup ?? DEFAULT_SETUP, options.clock);
    this.#limiter = new BurstLimiter(options.clock, options.burst);
    this.#issueLimiter = new IssueLimiter(options.clock);
    this.#routes = new RouteTable(routes);
    this.webhooks = new Webhooks(this.site, () => ({
      api: `${this.origin}${this.contextPath}/rest/api/2`,
      edition: this.edition,
    }));
    this.site.onEvent = (event) => this.webhooks.tell(event);
  }

  /** The API's path up to and including its version, as this request reached it; `undefined` for another path. */
  protected abstract apiOf(request: SimRequest): string | undefined;
  protected abstract callerOf(request: SimRequest): Caller;
  /** Headers that tell the client as whom it was answered. */
  protected abstract accountHeaders(caller: Caller): Record<string, string>;
  protected abstract serverInfo(): unknown;
  /** Which calls share one limit; `undefined` for those that are never limited. */
  protected abstract bucketOf(method: string, path: string): string | undefined;
  /** What the edition's limiter says with every answer, and more with a refusal. */
  protected abstract limitHeaders(burst: BurstState): Record<string, string>;

  /** Everything that was created, oldest first. */
  issues(): IssueView[] {
    return [...this.site.all()].map((issue) => this.site.view(issue));
  }

  /** Alerts with more than one issue. */
  twins(): Twins[] {
    const byIdentity = new Map<string, string[]>();
    for (const { key, labels, properties } of this.site.all()) {
      const property = properties.get(PROPERTY) as { key?: string } | undefined;
      const identity = labels.find((label) => IDENTITY_LABEL.test(label)) ?? property?.key;
      if (identity !== undefined) byIdentity.set(identity, [...(byIdentity.get(identity) ?? []), key]);
    }
    return [...byIdentity].filter(([, keys]) => keys.length > 1).map(([identity, keys]) => ({ identity, keys }));
  }

  /** From now on search sees an issue only so long after it was created. */
  searchLags(ms: EpochMs): void {
    this.site.searchLagMs = ms;
  }

  /** Limits calls a second of each endpoint and method, or lifts the limit. */
  limitBurst(rate: BurstRate | undefined): void {
    this.#limiter.rate = rate;
  }

  /** Leaves numbers out before the next issue of a project, as deleted and moved issues do. */
  skipNumbers(project: string, count: number): void {
    const found = this.site.project(project);
    if (found) found.lastNumber += count;
  }

  /** The create screen of an issue type, to be changed. */
  issueType(project: string, name: string): SimIssueType {
    const found = this.site.project(project)?.issueTypes.find((type) => type.name === name);
    if (!found) throw new Error(`the simulator has no issue type ${name} in ${project}`);
    return found;
  }

  /** Makes an issue invisible to our account, as issue security does. */
  hide(key: string, hidden = true): void {
    const issue = this.site.find(key);
    if (issue) issue.hidden = hidden;
  }

  /** A person at the site, by login name; the first analyst unless named. */
  person(name?: string): Person {
    const user = name === undefined ? ANALYSTS[0] : this.site.users.find((one) => one.name === name);
    if (!user) throw new Error(`the simulator has no user ${name}`);
    return new Person(this.site, user);
  }

  /** Gives all issues a workflow of this name; none lets any status be reached from any other. */
  useWorkflow(name?: WorkflowName): void {
    this.site.workflow.clear();
    for (const [from, ways] of Object.entries(name ? WORKFLOWS[name] : {})) this.site.workflow.set(from, ways);
  }

  /** Registers a webhook, or takes it back. */
  set webhook(setup: WebhookSetup | undefined) {
    this.webhooks.register(setup);
  }

  get webhook(): WebhookSetup | undefined {
    return this.webhooks.setup;
  }

  /** From now on one issue takes no more writes at once than Jira Cloud allows. */
  limitIssueWrites(isOn = true): void {
    this.#issueLimiter.isOn = isOn;
  }

  override async stop(): Promise<void> {
    await this.webhooks.stop();
    await super.stop();
  }

  /** Moves an issue to another project as a person would; returns its new key. */
  moveIssue(key: string, project: string): string {
    return this.person().move(key, project);
  }

  /** Moves an issue to a status as a person would. */
  setStatus(key: string, name: string): void {
    const status = STATUSES.find((one) => one.name === name);
    if (status?.category === 'done') this.person().close(key, { status: name });
    else this.person().reopen(key, name);
  }

  /** Gives an issue a priority as a person would. */
  setPriority(key: string, name: string): void {
    this.person().edit(key, 'priority', { name });
  }

  /** The comments of an issue, oldest first. */
  commentsOf(key: string): readonly SimComment[] {
    return this.site.find(key)?.comments ?? [];
  }

  /** Deletes an issue as a person would. */
  deleteIssue(key: string): void {
    this.person().delete(key);
  }

  protected answer(request: SimRequest): SimAnswer | undefined {
    const api = this.apiOf(request);
    if (api === undefined) return this.#pageFor(request);
    const path = request.path.slice(api.length + 1);
    if (path === 'serverInfo' && request.method === 'GET') return json(200, this.serverInfo());
    const found = this.#routes.find(request.method, path);
    if (!found) return undefined;
    const bucket = this.bucketOf(request.method, found.route.path);
    const burst = bucket === undefined ? undefined : this.#limiter.take(request.method, bucket);
    const headers = burst ? this.limitHeaders(burst) : {};
    if (burst && !burst.allowed) return json(429, { errorMessages: ['Rate limit exceeded.'], errors: {} }, headers);
    const waitMs = this.#issueWait(request, found);
    if (waitMs !== undefined) return tooManyWrites(waitMs);
    const caller = this.callerOf(request);
    const answer = this.#answerTo(caller, { request, ...found, api });
    return { ...answer, headers: { ...answer.headers, ...headers, ...this.accountHeaders(caller) } };
  }

  /** How long one issue takes no more writes; `undefined` when it does now. */
  #issueWait(
    { method }: SimRequest,
    { route, params }: { route: Route; params: readonly string[] },
  ): number | undefined {
    const isWrite = method !== 'GET' && route.path.startsWith('issue/*');
    const issue = isWrite ? this.site.find(params[0] ?? '') : undefined;
    return issue && this.#issueLimiter.take(issue.id);
  }

  #answerTo(
    caller: Caller,
    { request, route, params, api }: { request: SimRequest; route: Route; params: readonly string[]; api: string },
  ): SimAnswer {
    if (caller.kind === 'refused') return caller.answer;
    if (caller.kind === 'anonymous') return route.anonymous?.(request, this.site) ?? unauthorised();
    const writes = request.method === 'POST' || request.method === 'PUT';
    if (writes && !/^application\/json\b/i.test(String(request.headers['content-type'] ?? '')))
      return json(415, { errorMessages: ['Unsupported Media Type'], errors: {} });
    const spelling: Spelling = { api: this.origin + this.contextPath + api, edition: this.edition };
    try {
      return route.do({ site: this.site, dialect: this.dialect, spelling, user: caller.user, request, params });
    } catch (error) {
      if (error instanceof Refusal) return error.toAnswer();
      throw error;
    }
  }

  #pageFor({ method, path }: SimRequest): SimAnswer | undefined {
    if (method !== 'GET') return undefined;
    if (path === '/favicon.ico') return empty(204);
    if (path === '/') return page(renderQueuePage(this.site, this.contextPath));
    const [, key] = /^\/browse\/([A-Z0-9_]+-\d+)$/.exec(path) ?? [];
    const issue = key === undefined ? undefined : this.site.find(key);
    if (issue) return page(renderIssuePage(issue, this.site, this.contextPath));
    return key === undefined ? undefined : page('<!doctype html><title>Not found</title><h1>No such issue</h1>', 404);
  }
}

function tooManyWrites(waitMs: number): SimAnswer {
  const says = { errorMessages: ['Too many writes to this issue.'], errors: {} };
  const headers = { 'Retry-After': String(Math.ceil(waitMs / 1000)), 'RateLimit-Reason': 'jira-per-issue-on-write' };
  return json(429, says, headers);
}

/** The answer to somebody whose credentials are wrong. */
export function unauthorised(headers: Record<string, string> = {}): SimAnswer {
  const says = {
    errorMessages: ['You are not authenticated. Authentication required to perform this operation.'],
    errors: {},
  };
  return json(401, says, headers);
}

/** `Basic` credentials in clear, or the token of `Bearer` ones. */
export function credentialsOf(request: SimRequest): { scheme: 'basic' | 'bearer'; text: string } | undefined {
  const [, scheme = '', value = ''] = /^(Basic|Bearer) (\S+)$/.exec(String(request.headers.authorization ?? '')) ?? [];
  if (scheme === 'Basic') return { scheme: 'basic', text: Buffer.from(value, 'base64').toString('utf8') };
  return scheme === 'Bearer' ? { scheme: 'bearer', text: value } : undefined;
}
