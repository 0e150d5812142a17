import { readObject, type SimAnswer, type SimRequest, unknownKeys } from '../wire.ts';
import type { Dialect } from './check-value.ts';
import { Refusal } from './refusal.ts';
import type { Selection, Spelling } from './shapes.ts';
import type { JiraSite, SimIssue, SimUser } from './site.ts';

/** One call of Jira's REST API by somebody with an account. */
export interface Call {
  site: JiraSite;
  dialect: Dialect;
  spelling: Spelling;
  user: SimUser;
  request: SimRequest;
  /** The variable parts of the path, in order. */
  params: readonly string[];
}

export interface Route {
  method: string;
  /** Below the API's version; `*` stands for one variable part. */
  path: string;
  do: (call: Call) => SimAnswer;
  /** What somebody without an account is answered; 401 unless said. */
  anonymous?: (request: SimRequest, site: JiraSite) => SimAnswer;
}

/** Routes by method and length of the path, fixed parts before variable ones. */
export class RouteTable {
  readonly #routes = new Map<string, { route: Route; parts: readonly string[] }[]>();

  constructor(routes: readonly Route[]) {
    for (const route of routes) {
      const parts = route.path.split('/');
      const name = `${route.method} ${parts.length}`;
      const list = this.#routes.get(name) ?? [];
      list.push({ route, parts });
      list.sort(
        (a, b) => a.parts.filter((part) => part === '*').length - b.parts.filter((part) => part === '*').length,
      );
      this.#routes.set(name, list);
    }
  }

  find(method: string, path: string): { route: Route; params: readonly string[] } | undefined {
    const given = path.split('/');
    const list = this.#routes.get(`${method} ${given.length}`) ?? [];
    const found = list.find(({ parts }) => parts.every((part, index) => part === '*' || part === given[index]));
    if (!found) return undefined;
    const params = given.filter((_, index) => found.parts[index] === '*').map(decodeURIComponent);
    return { route: found.route, params };
  }
}

/** @throws Refusal unless the body is a JSON object with no other keys than these. */
export function readBody(call: Call, keys: readonly string[]): Record<string, unknown> {
  const body = readObject(call.request.body);
  if (!body) throw new Refusal(400, 'There was an error parsing JSON. Check that your request body is valid.');
  const strange = unknownKeys(body, keys);
  if (strange.length > 0) throw new Refusal(400, `Unrecognized field "${strange[0]}"`);
  return body;
}

/** @throws Refusal 404, the same for an issue that is absent and one that may not be seen. */
export function readIssue({ site, params }: Pick<Call, 'site' | 'params'>): SimIssue {
  const issue = site.find(params[0] ?? '');
  if (issue && !issue.hidden && site.permissions.has('BROWSE_PROJECTS')) return issue;
  throw new Refusal(404, 'Issue does not exist or you do not have permission to see it.');
}

/** @throws Refusal 403 when our account lacks the permission. */
export function need(call: Call, permission: string): void {
  if (!call.site.permissions.has(permission)) throw new Refusal(403, `You lack the permission ${permission}.`);
}

/** @throws Refusal when the issue's workflow lets nobody change it in its present status. */
export function needOpen({ site }: Call, issue: SimIssue): void {
  if (site.doneIsReadOnly && issue.status.category === 'done')
    throw new Refusal(400, 'The issue cannot be edited in its present workflow status.');
}

export function selectionOf(query: URLSearchParams): Selection {
  return { fields: words(query.getAll('fields')), properties: words(query.getAll('properties')) };
}

export function words(values: readonly string[]): string[] {
  return values.flatMap((value) => value.split(',')).filter((word) => word !== '');
}

/** A list of strings in a body, absent or not. @throws Refusal when it is something else. */
export function readStrings(value: unknown, name: string): string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.some((item) => typeof item !== 'string'))
    throw new Refusal(400, `${name} is not a list of strings`);
  return value;
}

/** `startAt` and `maxResults` of a paged read. */
export function readPage(query: URLSearchParams, most: number): { startAt: number; maxResults: number } {
  const startAt = Number(query.get('startAt') ?? 0);
  const maxResults = Number(query.get('maxResults') ?? 50);
  if (!Number.isInteger(startAt) || startAt < 0 || !Number.isInteger(maxResults) || maxResults < 0)
    throw new Refusal(400, 'startAt and maxResults are whole numbers');
  if (maxResults > most) throw new Refusal(400, `The maxResults parameter must not exceed the limit '${most}'.`);
  return { startAt, maxResults };
}
