import type { RouteNeeds, RouteProblem } from '../../tracker.ts';
import type { JiraClient } from '../jira-client.ts';

interface TypeStatuses {
  id?: string;
  name?: string;
  statuses?: readonly { name?: string; statusCategory?: { key?: string } }[];
}

/**
 * What stands in the way of moving a route's issues to the status that is wished for. A project's statuses can be asked
 * for (REST API, "Get all statuses for project"); names of transitions show at an issue alone, so that an unknown name
 * may be one. @throws EdgeFailure when the site cannot be asked.
 */
export async function transitionWarnings(
  client: JiraClient,
  { route, transitionTo }: RouteNeeds,
): Promise<readonly RouteProblem[]> {
  if (transitionTo === undefined) return [];
  const { project, issueType } = route;
  const types = await client.read<readonly TypeStatuses[]>(`/project/${encodeURIComponent(project)}/statuses`);
  const type = (Array.isArray(types) ? types : []).find(
    ({ id, name }: TypeStatuses) => id === issueType || name?.toLowerCase() === issueType.toLowerCase(),
  );
  // What is wrong with the project or its type is told with the create screen.
  if (!type) return [];
  const statuses: NonNullable<TypeStatuses['statuses']> = type.statuses ?? [];
  const found = statuses.find(({ name }) => name?.toLowerCase() === transitionTo.toLowerCase());
  if (found?.statusCategory?.key === 'done') return [];
  const done = statuses.flatMap(({ name, statusCategory }) => (statusCategory?.key === 'done' && name ? [name] : []));
  const where = `${project} / ${issueType}`;
  return [
    {
      level: 'warning',
      says: found
        ? `sync.fromDefender.transitionTo: status "${transitionTo}" of ${where} does not count as done`
        : `sync.fromDefender.transitionTo: ${where} has no status "${transitionTo}"; issues move only if a transition is so named`,
      mend:
        done.length > 0
          ? `name a status of category Done: ${done.join(', ')}`
          : 'give its workflow a status of category Done, or leave transitionTo out',
    },
  ];
}
