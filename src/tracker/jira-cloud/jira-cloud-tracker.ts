import { EdgeFailure } from '../../domain/failure.ts';
import { IDENTITY_PROPERTY } from '../jira/dedup-label.ts';
import { IDENTIFYING, type IssueReads, type SeenIssue, toSeenIssue } from '../jira/find/find-issues.ts';
import type { JiraClient, JiraParts, JiraWire } from '../jira/jira-client.ts';
import { type JiraDialect, type JiraPorts, jiraTracker } from '../jira/jira-tracker.ts';
import { renderAdf, textToAdf } from './adf.ts';
import { cloudWatch } from './jira-cloud-watch.ts';

/** The tracker and keeper ports on Jira Cloud, REST API v3. */
export function jiraCloudTracker(parts: JiraParts): JiraPorts {
  return jiraTracker(parts, cloud);
}

const PAGE = 100;

/** More pages than the largest look has issues: a search that goes on longer goes round in circles. */
const MOST_PAGES = 100;

const reads: IssueReads = {
  probe: { size: 100, most: 1_000, inOneCall: true },

  /** Bulk fetch reads by key and not through the index (REST API v3, "Bulk fetch issues", at most 100). */
  async byKeys(client, keys) {
    try {
      const answer = await client.read<{ issues?: Record<string, unknown>[] }>('/issue/bulkfetch', {
        body: { issueIdsOrKeys: keys, fields: IDENTIFYING, properties: [IDENTITY_PROPERTY] },
      });
      return answer?.issues?.flatMap(toSeenIssue);
    } catch (error) {
      if (error instanceof EdgeFailure && error.kind === 'refused') return undefined;
      throw error;
    }
  },

  async search(client, { jql, most }) {
    const seen: SeenIssue[] = [];
    let nextPageToken: string | undefined;
    for (let pages = 0; pages < MOST_PAGES; pages++) {
      const page = await searchPage(client, { jql, maxResults: Math.min(PAGE, most), nextPageToken });
      seen.push(...(page.issues ?? []).flatMap(toSeenIssue));
      nextPageToken = page.isLast === true ? undefined : page.nextPageToken;
      if (nextPageToken === undefined || seen.length >= most) return seen;
    }
    throw new EdgeFailure('malformed', `Jira's search did not come to an end within ${MOST_PAGES} pages`);
  },
};

interface SearchPage {
  issues?: Record<string, unknown>[];
  isLast?: boolean;
  nextPageToken?: string;
}

async function searchPage(
  client: JiraClient,
  { jql, maxResults, nextPageToken }: { jql: string; maxResults: number; nextPageToken: string | undefined },
): Promise<SearchPage> {
  const page = await client.read<SearchPage>('/search/jql', {
    body: {
      jql,
      maxResults,
      fields: IDENTIFYING,
      properties: [IDENTITY_PROPERTY],
      ...(nextPageToken === undefined ? {} : { nextPageToken }),
    },
    proof: 'own account',
  });
  if (!Array.isArray(page?.issues))
    throw new EdgeFailure('malformed', 'Jira answered a search without a list of issues');
  return page;
}

/** How the edition is addressed, and names the account an answer was made for. */
export const cloudWire: JiraWire = {
  api: '/rest/api/3',
  accountHeader: 'x-aaccountid',
  accountOf: ({ accountId }) => String(accountId ?? ''),
};

const cloud: JiraDialect = {
  edition: 'cloud',
  wire: cloudWire,
  people: {
    path: (text) => `/user/search?query=${encodeURIComponent(text)}&maxResults=20`,
    reference: ({ accountId }) => (typeof accountId === 'string' ? { accountId } : undefined),
  },
  reads,
  body: { richText: (text) => textToAdf(text), description: (document) => renderAdf(document) },
  createQuery: '?updateHistory=false',
  watch: cloudWatch,
};
