import type { BurstState } from './jira/burst-limiter.ts';
import { type Call, type Route, readBody, readStrings, words } from './jira/call.ts';
import { bulkChangelogs, listChangelog } from './jira/changelog-routes.ts';
import { ISSUE_ROUTES } from './jira/issue-routes.ts';
import { type Caller, credentialsOf, JiraSim, type JiraSimOptions, unauthorised } from './jira/jira-sim.ts';
import { parseJql } from './jira/jql.ts';
import { METADATA_ROUTES } from './jira/metadata-routes.ts';
import { Refusal } from './jira/refusal.ts';
import { toIssue, toStamp } from './jira/shapes.ts';
import { OWN_ACCOUNT, type SimIssue } from './jira/site.ts';
import { isObject, json, type SimAnswer, type SimRequest } from './wire.ts';

export interface JiraCloudSimOptions extends JiraSimOptions {
  email: string;
  /** A classic token, good on the site itself. */
  token: string;
  /** Serves the API also below `/ex/jira/CLOUD_ID`, for a scoped token that is good nowhere else. */
  gateway?: { cloudId: string; email: string; token: string };
}

const API = '/rest/api/3';
const SEARCH_KEYS = [
  'jql',
  'fields',
  'maxResults',
  'nextPageToken',
  'properties',
  'expand',
  'fieldsByKeys',
  'reconcileIssues',
];
const MOST_FETCHED = 100;
const MOST_FOUND = 5000;
const MOST_RECONCILED = 50;

const CLOUD_ROUTES: readonly Route[] = [
  ...ISSUE_ROUTES,
  ...METADATA_ROUTES,
  { method: 'GET', path: 'issue/*/changelog', do: listChangelog },
  {
    method: 'POST',
    path: 'changelog/bulkfetch',
    do: bulkChangelogs,
    anonymous: () => json(200, { issueChangeLogs: [] }),
  },
  {
    method: 'POST',
    path: 'issue/bulkfetch',
    do: bulkFetch,
    anonymous: () => json(200, { issues: [], issueErrors: [] }),
  },
  { method: 'POST', path: 'search/jql', do: (call) => search(call, readBody(call, SEARCH_KEYS)), anonymous: nothing },
  { method: 'GET', path: 'search/jql', do: (call) => search(call, fromQuery(call.request.query)), anonymous: nothing },
  { method: 'POST', path: 'search/approximate-count', do: count, anonymous: () => json(200, { count: 0 }) },
  { method: 'POST', path: 'search', do: removed, anonymous: removed },
  { method: 'GET', path: 'search', do: removed, anonymous: removed },
];

/** Jira Cloud, platform REST API v3 (Atlassian's OpenAPI of v3, 2026). */
export class JiraCloudSim extends JiraSim {
  protected readonly dialect = { richText: 'adf', userKeys: ['accountId', 'id'] } as const;
  protected readonly edition = 'cloud';
  /** The pair that is accepted; a test changes it to let a token expire. */
  readonly credentials: { email: string; token: string };
  readonly gateway: JiraCloudSimOptions['gateway'];

  constructor(options: JiraCloudSimOptions) {
    super(options, CLOUD_ROUTES);
    this.credentials = { email: options.email, token: options.token };
    this.gateway = options.gateway;
  }

  /** Where a scoped token is accepted. */
  get gatewayUrl(): string {
    return `${this.url}${this.#gatewayPath() ?? ''}`;
  }

  #gatewayPath(): string | undefined {
    return this.gateway && `/ex/jira/${this.gateway.cloudId}`;
  }

  protected apiOf({ path }: SimRequest): string | undefined {
    if (path.startsWith(`${API}/`)) return API;
    const gateway = this.#gatewayPath();
    return gateway !== undefined && path.startsWith(`${gateway}${API}/`) ? gateway + API : undefined;
  }

  protected callerOf(request: SimRequest): Caller {
    const given = credentialsOf(request);
    const throughGateway = request.path.startsWith('/ex/');
    const { email, token } = (throughGateway ? this.gateway : undefined) ?? this.credentials;
    if (given?.scheme === 'basic' && given.text === `${email}:${token}`) return { kind: 'account', user: OWN_ACCOUNT };
    if (!given || this.servesStrangers) return { kind: 'anonymous' };
    return { kind: 'refused', answer: unauthorised({ 'X-Seraph-LoginReason': 'AUTHENTICATED_FAILED' }) };
  }

  protected accountHeaders(caller: Caller): Record<string, string> {
    if (caller.kind === 'account') return { 'X-AAccountId': caller.user.accountId };
    return caller.kind === 'anonymous' && this.servesStrangers
      ? { 'X-Seraph-LoginReason': 'AUTHENTICATED_FAILED' }
      : {};
  }

  protected bucketOf(method: string, path: string): string {
    return `${method} ${path === 'issue/*' ? 'issue' : path}`;
  }

  protected limitHeaders({ allowed, limit, remaining, waitMs }: BurstState): Record<string, string> {
    const state = {
      'X-RateLimit-Limit': String(limit),
      'X-RateLimit-Remaining': String(remaining),
      'X-RateLimit-NearLimit': String(remaining < limit / 5),
    };
    if (allowed) return state;
    const seconds = Math.max(1, Math.ceil(waitMs / 1000));
    return {
      ...state,
      'Retry-After': String(seconds),
      'RateLimit-Reason': 'jira-burst-based',
      'X-RateLimit-Reset': new Date(this.clock.now() + seconds * 1000).toISOString(),
    };
  }

  protected serverInfo() {
    return {
      baseUrl: this.url,
      version: '1001.0.0-SNAPSHOT',
      versionNumbers: [1001, 0, 0],
      deploymentType: 'Cloud',
      buildNumber: 100_300,
      buildDate: '2026-11-01T00:00:00.000+0000',
      serverTime: toStamp(this.clock.now()),
      scmInfo: 'simulator',
      serverTitle: 'Jira',
    };
  }
}

/** Starts a Jira Cloud site with one account. */
export function startJiraCloudSim(options: JiraCloudSimOptions): Promise<JiraCloudSim> {
  return new JiraCloudSim(options).listen();
}

function nothing(): SimAnswer {
  return json(200, { issues: [], isLast: true });
}

function removed(): SimAnswer {
  const words = 'The requested API has been removed. Please migrate to the /rest/api/3/search/jql API.';
  return json(410, { errorMessages: [words], errors: {} });
}

function bulkFetch(call: Call): SimAnswer {
  const body = readBody(call, ['issueIdsOrKeys', 'fields', 'properties', 'expand', 'fieldsByKeys']);
  const wanted = readStrings(body.issueIdsOrKeys, 'issueIdsOrKeys');
  if (wanted.length === 0 || wanted.length > MOST_FETCHED)
    throw new Refusal(400, `issueIdsOrKeys takes 1 to ${MOST_FETCHED} issues`);
  const selection = {
    fields: readStrings(body.fields, 'fields'),
    properties: readStrings(body.properties, 'properties'),
  };
  const found = new Set<SimIssue>();
  const issueErrors: { id: string; errorMessage: string }[] = [];
  for (const idOrKey of wanted) {
    const issue = call.site.find(idOrKey);
    if (issue && !issue.hidden && call.site.permissions.has('BROWSE_PROJECTS')) found.add(issue);
    else
      issueErrors.push({ id: idOrKey, errorMessage: 'Issue does not exist or you do not have permission to see it.' });
  }
  const issues = [...found].map((issue) => toIssue(issue, selection, call.site, call.spelling));
  return json(200, { issues, issueErrors });
}

function fromQuery(query: URLSearchParams): Record<string, unknown> {
  const strange = [...query.keys()].find((key) => !SEARCH_KEYS.includes(key));
  if (strange) throw new Refusal(400, `Unrecognized parameter "${strange}"`);
  const body: Record<string, unknown> = {};
  for (const key of ['jql', 'nextPageToken', 'expand']) if (query.has(key)) body[key] = query.get(key);
  for (const key of ['fields', 'properties']) if (query.has(key)) body[key] = words(query.getAll(key));
  if (query.has('maxResults')) body.maxResults = Number(query.get('maxResults'));
  if (query.has('reconcileIssues')) body.reconcileIssues = words(query.getAll('reconcileIssues')).map(Number);
  return body;
}

function search(call: Call, body: Record<string, unknown>): SimAnswer {
  const { maxResults = 50, reconcileIssues = [], nextPageToken } = body;
  if (!Number.isInteger(maxResults) || (maxResults as number) < 1)
    throw new Refusal(400, 'maxResults is a whole number');
  if (
    !Array.isArray(reconcileIssues) ||
    !reconcileIssues.every(Number.isInteger) ||
    reconcileIssues.length > MOST_RECONCILED
  )
    throw new Refusal(400, `reconcileIssues takes at most ${MOST_RECONCILED} numeric issue ids`);
  const fields = readStrings(body.fields, 'fields');
  const properties = readStrings(body.properties, 'properties');
  if (properties.length > 5) throw new Refusal(400, 'properties takes at most 5 keys');
  const query = parseJql(readJql(body), call.site);
  if (!query.where)
    throw new Refusal(
      400,
      'Unbounded JQL queries are not allowed here. Please add a search restriction to your query.',
    );
  const after = nextPageToken === undefined ? 0 : readToken(nextPageToken);
  const known = call.site.searchable(new Set(reconcileIssues.map(String)));
  const found = [...known].filter(query.where).sort(query.compare);
  const size = Math.min(maxResults as number, fields.every((id) => id === 'id' || id === 'key') ? MOST_FOUND : 100);
  const shown = found.slice(after, after + size);
  const isLast = after + shown.length >= found.length;
  const idsOnly = fields.length === 0 || (fields.length === 1 && fields[0] === 'id');
  const issues = shown.map((issue) =>
    idsOnly && properties.length === 0
      ? { id: issue.id }
      : toIssue(issue, { fields: fields.length === 0 ? ['id'] : fields, properties }, call.site, call.spelling),
  );
  return json(200, { issues, isLast, ...(isLast ? {} : { nextPageToken: writeToken(after + shown.length) }) });
}

function readJql(body: Record<string, unknown>): string {
  if (typeof body.jql !== 'string') throw new Refusal(400, 'jql is missing');
  return body.jql;
}

function writeToken(offset: number): string {
  return Buffer.from(JSON.stringify({ offset })).toString('base64url');
}

function readToken(token: unknown): number {
  try {
    const value: unknown = JSON.parse(Buffer.from(String(token), 'base64url').toString('utf8'));
    if (isObject(value) && typeof value.offset === 'number') return value.offset;
  } catch {
    throw new Refusal(400, 'The nextPageToken is not valid.');
  }
  throw new Refusal(400, 'The nextPageToken is not valid.');
}

function count(call: Call): SimAnswer {
  const { where } = parseJql(readJql(readBody(call, ['jql'])), call.site);
  if (!where) throw new Refusal(400, 'Unbounded JQL queries are not allowed here.');
  return json(200, { count: [...call.site.searchable()].filter(where).length });
}
