import { EdgeFailure } from '../../domain/failure.ts';
import type { WireChange } from '../jira/find/issue-history.ts';
import type { WatchedWire, WatchReads } from '../jira/find/watch-issues.ts';

const PAGE = 100;

/** More pages than a site has issues of ours: a search that goes on longer goes round in circles. */
const MOST_PAGES = 2_000;

/** How Jira Cloud reads many issues (REST API v3: "Search for issues using JQL enhanced search", "Bulk fetch issues", "Get changelogs"). */
export const cloudWatch: WatchReads = {
  async *pages(client, { jql, fields, properties }) {
    let nextPageToken: string | undefined;
    for (let pages = 0; pages < MOST_PAGES; pages++) {
      const page = await client.read<{ issues?: WatchedWire[]; isLast?: boolean; nextPageToken?: string }>(
        '/search/jql',
        {
          body: {
            jql,
            maxResults: PAGE,
            fields,
            ...(properties ? { properties } : {}),
            ...(nextPageToken === undefined ? {} : { nextPageToken }),
          },
          proof: 'own account',
        },
      );
      if (!Array.isArray(page?.issues))
        throw new EdgeFailure('malformed', 'Jira answered a search without a list of issues');
      yield page.issues;
      nextPageToken = page.isLast === true ? undefined : page.nextPageToken;
      if (nextPageToken === undefined) return;
    }
    throw new EdgeFailure('malformed', `Jira's search did not come to an end within ${MOST_PAGES} pages`);
  },

  bulk: {
    size: 100,
    async read(client, ids, fields) {
      const answer = await client.read<{ issues?: WatchedWire[] }>('/issue/bulkfetch', {
        body: { issueIdsOrKeys: ids, fields },
        proof: 'own account',
      });
      return answer?.issues ?? [];
    },
  },

  async changelog(client, id) {
    const all: WireChange[] = [];
    for (let startAt = 0; ; ) {
      const page = await client.read<{ values?: WireChange[]; total?: number; isLast?: boolean }>(
        `/issue/${id}/changelog?startAt=${startAt}&maxResults=${PAGE}`,
        { proof: 'own account' },
      );
      if (!page) return undefined;
      if (!Array.isArray(page.values))
        throw new EdgeFailure('malformed', `Jira answered the changelog of issue ${id} without a list`);
      all.push(...page.values);
      startAt += page.values.length;
      const isLast = page.isLast === true || startAt >= (page.total ?? Number.POSITIVE_INFINITY);
      if (page.values.length === 0 || isLast) return all;
    }
  },
};
