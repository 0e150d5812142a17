/** One page of `transitiveMemberOf`, as far as it is used. */
export interface GroupsPage {
  groups: readonly { id: string; name: string }[];
  /** Groups came without their names: the permission on users alone does not show them. */
  nameless: boolean;
  next?: string;
}

const GROUP = '#microsoft.graph.group';

/**
 * Reads a page of memberships ("List a user's memberships (direct and transitive)", Microsoft Graph v1.0, read
 * 2026-11); directory roles and administrative units are left out. `undefined`: it is no such page.
 */
export function parseGroupsPage(text: string): GroupsPage | undefined {
  const body = parseObject(text);
  if (!body || !Array.isArray(body.value)) return undefined;
  const next = body['@odata.nextLink'];
  const members = body.value.filter(isGroup);
  const groups = members.flatMap(({ id, displayName }) =>
    typeof displayName === 'string' ? [{ id: String(id), name: displayName }] : [],
  );
  return {
    groups,
    nameless: groups.length < members.length,
    ...(typeof next === 'string' ? { next } : {}),
  };
}

export interface GraphError {
  code: string;
  message: string;
}

/** Graph's own words for an error ("Microsoft Graph error responses and resource types"). */
export function parseGraphError(text: string): GraphError {
  const error = parseObject(text)?.error as Record<string, unknown> | undefined;
  const word = (value: unknown) => (typeof value === 'string' ? value.replace(/\s+/g, ' ').trim().slice(0, 200) : '');
  return { code: word(error?.code), message: word(error?.message) };
}

/** What carries no type was listed as a group alone. */
function isGroup(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || !('id' in value)) return false;
  const type = (value as Record<string, unknown>)['@odata.type'];
  return type === undefined || type === GROUP;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
