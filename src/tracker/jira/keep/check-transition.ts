import type { RouteNeeds, RouteProblem } from '../../tracker.ts';
import { typeStatuses } from '../find/type-statuses.ts';
import type { JiraClient } from '../jira-client.ts';

/**
 * What stands in the way of moving a route's issues to the status that is wished for. A project's statuses can be asked
 * for; names of transitions show at an issue alone, so that an unknown name may be one.
 * @throws EdgeFailure when the site cannot be asked.
 */
export async function transitionWarnings(
  client: JiraClient,
  { route, transitionTo }: RouteNeeds,
): Promise<readonly RouteProblem[]> {
  if (transitionTo === undefined) return [];
  const { project, issueType } = route;
  const statuses = await typeStatuses(client, project, issueType);
  // What is wrong with the project or its type is told with the create screen.
  if (!statuses) return [];
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
