import type { JiraClient } from './jira-client.ts';

/**
 * Which of these permissions our account has in a project; `undefined` when the project is absent or hidden.
 * @throws EdgeFailure when the site cannot be asked.
 */
export async function permissionsIn(
  client: JiraClient,
  project: string,
  names: readonly string[],
): Promise<ReadonlySet<string> | undefined> {
  const which = /^\d+$/.test(project) ? 'projectId' : 'projectKey';
  const answer = await client.read<{ permissions?: Record<string, { havePermission?: boolean }> }>(
    `/mypermissions?${which}=${encodeURIComponent(project)}&permissions=${names.join(',')}`,
  );
  return answer && new Set(names.filter((name) => answer.permissions?.[name]?.havePermission === true));
}
