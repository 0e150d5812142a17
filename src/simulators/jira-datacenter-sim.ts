import type { BurstState } from './jira/burst-limiter.ts';
import { type Call, type Route, readBody, readPage, readStrings, words } from './jira/call.ts';
import { ISSUE_ROUTES } from './jira/issue-routes.ts';
import { type Caller, credentialsOf, JiraSim, type JiraSimOptions, unauthorised } from './jira/jira-sim.ts';
import { parseJql } from './jira/jql.ts';
import { METADATA_ROUTES } from './jira/metadata-routes.ts';
import { Refusal } from './jira/refusal.ts';
import { toIssue, toStamp } from './jira/shapes.ts';
import { OWN_ACCOUNT } from './jira/site.ts';
import { json, type SimAnswer, type SimRequest } from './wire.ts';

export interface JiraDatacenterSimOptions extends JiraSimOptions {
  /** A personal access token that is accepted. */
  token?: string;
  /** A password that is accepted for the login `casewire`; off by default, as in Jira 11. */
  password?: string;
  version?: string;
}

const API = '/rest/api/2';
const SEARCH_KEYS = ['jql', 'startAt', 'maxResults', 'fields', 'expand', 'validateQuery', 'properties'];
const MOST_FOUND = 1000;

const DATACENTER_ROUTES: readonly Route[] = [
  ...ISSUE_ROUTES,
  ...METADATA_ROUTES,
  { method: 'POST', path: 'search', do: (call) => search(call, readBody(call, SEARCH_KEYS)), anonymous: nothing },
  { method: 'GET', path: 'search', do: (call) => search(call, fromQuery(call.request.query)), anonymous: nothing },
];

/** Jira Data Center, REST API v2 (Atlassian's documentation of Jira 10.3, 2026). */
export class JiraDatacenterSim extends JiraSim {
  protected readonly dialect = { richText: 'wiki', userKeys: ['name'] } as const;
  protected readonly edition = 'datacenter';
  /** What is accepted; a test changes it to let a token expire. */
  readonly credentials: { token: string | undefined; password: string | undefined };
  readonly version: string;

  constructor(options: JiraDatacenterSimOptions) {
    super(options, DATACENTER_ROUTES);
    this.credentials = { token: options.token, password: options.password };
    this.version = options.version ?? '10.3.24';
  }

  protected apiOf({ path }: SimRequest): string | undefined {
    return path.startsWith(`${API}/`) ? API : undefined;
  }

  protected callerOf(request: SimRequest): Caller {
    const given = credentialsOf(request);
    const { token, password } = this.credentials;
    const fits =
      given?.scheme === 'bearer'
        ? token !== undefined && given.text === token
        : password !== undefined && given?.text === `${OWN_ACCOUNT.name}:${password}`;
    if (fits) return { kind: 'account', user: OWN_ACCOUNT };
    if (!given || this.servesStrangers) return { kind: 'anonymous' };
    return { kind: 'refused', answer: unauthorised({ 'X-Seraph-LoginReason': 'AUTHENTICATED_FAILED' }) };
  }

  protected accountHeaders(caller: Caller): Record<string, string> {
    if (caller.kind === 'account') return { 'X-AUSERNAME': caller.user.name };
    if (caller.kind === 'refused') return {};
    const reason: Record<string, string> = this.servesStrangers
      ? { 'X-Seraph-LoginReason': 'AUTHENTICATED_FAILED' }
      : {};
    return { 'X-AUSERNAME': 'anonymous', ...reason };
  }

  /** One bucket for all of a user's calls; remote links are exempt ("Improving instance stability with rate limiting"). */
  protected bucketOf(_method: string, path: string): string | undefined {
    return path.endsWith('remotelink') ? undefined : 'user';
  }

  /** `Retry-After` is there on every answer, and 0 while there are tokens ("Adjusting your code for rate limiting"). */
  protected limitHeaders({ allowed, limit, remaining, waitMs }: BurstState): Record<string, string> {
    return {
      'X-RateLimit-Limit': String(limit),
      'X-RateLimit-Remaining': String(remaining),
      'X-RateLimit-Interval-Seconds': '1',
      'X-RateLimit-FillRate': String(limit),
      'Retry-After': allowed ? '0' : String(Math.max(1, Math.ceil(waitMs / 1000))),
    };
  }

  protected serverInfo() {
    return {
      baseUrl: this.url,
      version: this.version,
      versionNumbers: this.version.split('.').map(Number),
      deploymentType: 'DataCenter',
      buildNumber: 10_030_024,
      buildDate: '2026-08-01T00:00:00.000+0000',
      serverTime: toStamp(this.clock.now()),
      scmInfo: 'simulator',
      serverTitle: 'Jira',
    };
  }
}

/** Starts a Jira Data Center site with one account. */
export function startJiraDatacenterSim(options: JiraDatacenterSimOptions): Promise<JiraDatacenterSim> {
  return new JiraDatacenterSim(options).listen();
}

function nothing(): SimAnswer {
  return json(200, { expand: 'schema,names', startAt: 0, maxResults: 50, total: 0, issues: [] });
}

function fromQuery(query: URLSearchParams): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const key of ['jql', 'validateQuery']) if (query.has(key)) body[key] = query.get(key);
  for (const key of ['fields', 'properties']) if (query.has(key)) body[key] = words(query.getAll(key));
  for (const key of ['startAt', 'maxResults']) if (query.has(key)) body[key] = Number(query.get(key));
  return body;
}

function search(call: Call, body: Record<string, unknown>): SimAnswer {
  const page = new URLSearchParams();
  for (const key of ['startAt', 'maxResults']) if (body[key] !== undefined) page.set(key, String(body[key]));
  const { startAt, maxResults } = readPage(page, Number.POSITIVE_INFINITY);
  if (body.jql !== undefined && typeof body.jql !== 'string') throw new Refusal(400, 'jql is not a text');
  const selection = {
    fields: readStrings(body.fields, 'fields'),
    properties: readStrings(body.properties, 'properties'),
  };
  const query = parseJql(body.jql ?? '', call.site);
  const found = [...call.site.searchable()].filter(query.where ?? (() => true)).sort(query.compare);
  const size = Math.min(maxResults, MOST_FOUND);
  const issues = found
    .slice(startAt, startAt + size)
    .map((issue) => toIssue(issue, selection, call.site, call.spelling));
  return json(200, { expand: 'schema,names', startAt, maxResults: size, total: found.length, issues });
}
