import { randomUUID } from 'node:crypto';
import { json, type SimAnswer, type SimRequest } from './wire.ts';

export interface SimGroup {
  id: string;
  displayName: string;
  /** Groups that this one is a member of, by id. */
  memberOf?: readonly string[];
}

export interface SimUser {
  id: string;
  userPrincipalName: string;
  /** Groups by id, direct membership. */
  memberOf: readonly string[];
  /** Names of directory roles, which are listed among the memberships. */
  roles?: readonly string[];
}

/** One tenant's users and groups. */
export interface SimDirectory {
  users: SimUser[];
  groups: SimGroup[];
}

/** Whose question it is. `roles` absent: all that are needed. */
export interface GroupsCaller {
  tenant: string;
  roles?: readonly string[];
}

export interface GroupRoutesOptions {
  /** By the tenant's name as the caller bears it. */
  directories: Readonly<Record<string, SimDirectory>>;
  /** Most entries of a page, whatever `$top` asks for. */
  pageLimit?: number;
}

/** Permissions that show memberships at all, and those that show the groups' names ("List a user's memberships"). */
const SHOWS = ['User.Read.All', 'GroupMember.Read.All', 'Group.Read.All', 'Directory.Read.All'];
const SHOWS_NAMES = SHOWS.slice(1);

const PATH = /^\/v1\.0\/users\/([^/]+)\/transitiveMemberOf$/;
const QUERY = ['$select', '$top', '$skiptoken'];

/**
 * Answers Microsoft Graph's memberships of a user ("List a user's memberships (direct and transitive)", v1.0, read
 * 2026-11), to be mounted in a server that knows the caller; `undefined` for any other request.
 */
export function groupRoutes({ directories, pageLimit = 100 }: GroupRoutesOptions) {
  return (request: SimRequest, caller: GroupsCaller): SimAnswer | undefined => {
    const [, written] = PATH.exec(request.path) ?? [];
    if (written === undefined || request.method !== 'GET') return undefined;
    const may = (roles: readonly string[]) => caller.roles?.some((role) => roles.includes(role)) ?? true;
    if (!may(SHOWS))
      return graphError(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
    const strange = [...request.query.keys()].find((key) => !QUERY.includes(key));
    if (strange !== undefined) return graphError(400, 'BadRequest', `The query option ${strange} is not supported.`);
    const top = Number(request.query.get('$top') ?? 100);
    if (!Number.isInteger(top) || top < 1 || top > 999)
      return graphError(400, 'Request_BadRequest', 'Invalid page size.');
    const name = decodeURIComponent(written);
    const directory = directories[caller.tenant];
    const user = directory?.users.find((one) => [one.id, one.userPrincipalName].some((known) => same(known, name)));
    if (!directory || !user)
      return graphError(
        404,
        'Request_ResourceNotFound',
        `Resource '${name}' does not exist or one of its queried reference-property objects are not present.`,
      );
    const members = membersOf(directory, user, may(SHOWS_NAMES));
    const skip = Number(request.query.get('$skiptoken') ?? 0);
    const end = skip + Math.min(top, pageLimit);
    return json(200, {
      '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#directoryObjects(id,displayName)',
      value: members.slice(skip, end),
      ...(end < members.length ? { '@odata.nextLink': nextLink(request, end) } : {}),
    });
  };
}

/** Groups, nested ones included once, and roles; without the right to see names they are null. */
function membersOf({ groups }: SimDirectory, user: SimUser, named: boolean) {
  const ids = new Set(user.memberOf);
  for (const id of ids) for (const parent of groups.find((one) => one.id === id)?.memberOf ?? []) ids.add(parent);
  const shown = groups
    .filter(({ id }) => ids.has(id))
    .map(({ id, displayName }) => ({ id, displayName, type: 'group' }));
  const roles = (user.roles ?? []).map((displayName) => ({ id: randomUUID(), displayName, type: 'directoryRole' }));
  return [...roles, ...shown].map(({ id, displayName, type }) => ({
    '@odata.type': `#microsoft.graph.${type}`,
    id,
    displayName: named ? displayName : null,
  }));
}

function nextLink({ headers, target, query }: SimRequest, place: number): string {
  const next = new URLSearchParams(query);
  next.set('$skiptoken', String(place));
  return `http://${headers.host}${target.split('?', 1)[0]}?${next}`;
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** Graph's error shape ("Microsoft Graph error responses and resource types"). */
function graphError(status: number, code: string, message: string): SimAnswer {
  const id = randomUUID();
  return json(status, { error: { code, message, innerError: { 'request-id': id, 'client-request-id': id } } });
}
