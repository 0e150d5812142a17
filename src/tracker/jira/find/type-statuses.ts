import type { JiraClient } from '../jira-client.ts';

/** A status of an issue type's workflow. */
export interface TypeStatus {
  name?: string;
  statusCategory?: { key?: string };
}

interface WireType {
  id?: string;
  name?: string;
  statuses?: readonly TypeStatus[];
}

/**
 * The statuses that issues of a type may have in a project (REST API, "Get all statuses for project"); the type by its
 * id or name. `undefined` when the project does not have it. @throws EdgeFailure when the site cannot be asked.
 */
export async function typeStatuses(
  client: JiraClient,
  project: string,
  issueType: string,
): Promise<readonly TypeStatus[] | undefined> {
  const types = await client.read<readonly WireType[]>(`/project/${encodeURIComponent(project)}/statuses`);
  const own = (Array.isArray(types) ? types : []).find(
    ({ id, name }: WireType) => id === issueType || name?.toLowerCase() === issueType.toLowerCase(),
  );
  return own && (own.statuses ?? []);
}
