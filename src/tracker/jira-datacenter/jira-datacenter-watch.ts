import { EdgeFailure } from '../../domain/failure.ts';
import type { WireChange } from '../jira/find/issue-history.ts';
import type { WatchedWire, WatchReads } from '../jira/find/watch-issues.ts';

const PAGE = 100;

/**
 * How Jira Data Center reads many issues (REST API v2: "Search using search request", "Get issue" with
 * `expand=changelog`). There is no read of many issues by id, and its search shows no properties.
 */
export const datacenterWatch: WatchReads = {
  async *pages(client, { jql, fields }) {
    for (let startAt = 0; ; ) {
      const page = await client.read<{ issues?: WatchedWire[]; total?: number }>('/search', {
        body: { jql, startAt, maxResults: PAGE, fields },
        proof: 'own account',
      });
      if (!Array.isArray(page?.issues))
        throw new EdgeFailure('malformed', 'Jira answered a search without a list of issues');
      yield page.issues;
      startAt += page.issues.length;
      if (page.issues.length === 0 || startAt >= (page.total ?? Number.POSITIVE_INFINITY)) return;
    }
  },

  async changelog(client, id) {
    const issue = await client.read<{ changelog?: { histories?: WireChange[] } }>(
      `/issue/${id}?fields=status&expand=changelog`,
      { proof: 'own account' },
    );
    if (!issue) return undefined;
    if (!Array.isArray(issue.changelog?.histories))
      throw new EdgeFailure('malformed', `Jira answered issue ${id} without its changelog`);
    return issue.changelog.histories;
  },
};
