import { EdgeFailure } from '../../domain/failure.ts';
import type { WireChange } from '../jira/find/issue-history.ts';
import type { WatchedWire, WatchReads } from '../jira/find/watch-issues.ts';

const PAGE = 100;

/** Up to 1,000 issues and 10 fields a call; how many entries a page may have the documentation gives as 10,000. */
const BULK_PAGE = 1_000;
const MILESTONE_FIELDS = ['status', 'assignee', 'resolution'];

/** More pages than a site has issues of ours: a search that goes on longer goes round in circles. */
const MOST_PAGES = 2_000;

/** How Jira Cloud reads many issues (REST API v3: "Search for issues using JQL enhanced search", "Bulk fetch issues", "Get changelogs", "Bulk fetch changelogs"). */
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

  changelogs: {
    size: 1_000,
    async read(client, ids) {
      const found = new Map<string, WireChange[]>();
      let nextPageToken: string | null | undefined;
      for (let pages = 0; pages < MOST_PAGES; pages++) {
        const page = await client.read<BulkChangelogs>('/changelog/bulkfetch', {
          body: {
            issueIdsOrKeys: ids,
            fieldIds: MILESTONE_FIELDS,
            maxResults: BULK_PAGE,
            ...(nextPageToken ? { nextPageToken } : {}),
          },
          proof: 'own account',
        });
        if (!page) throw new EdgeFailure('refused', 'Jira answered a read of changelogs as if there were no such call');
        if (!Array.isArray(page.issueChangeLogs))
          throw new EdgeFailure('malformed', 'Jira answered a read of changelogs without a list of issues');
        for (const { issueId, changeHistories = [] } of page.issueChangeLogs)
          found.set(String(issueId), [...(found.get(String(issueId)) ?? []), ...changeHistories]);
        nextPageToken = page.nextPageToken;
        if (!nextPageToken) return found;
      }
      throw new EdgeFailure('malformed', `Jira's changelogs did not come to an end within ${MOST_PAGES} pages`);
    },
  },
};

interface BulkChangelogs {
  issueChangeLogs?: readonly { issueId?: string; changeHistories?: readonly WireChange[] }[];
  nextPageToken?: string | null;
}
