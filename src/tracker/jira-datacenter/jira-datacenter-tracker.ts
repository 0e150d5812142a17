import { EdgeFailure } from '../../domain/failure.ts';
import { IDENTITY_PROPERTY } from '../jira/dedup-label.ts';
import { IDENTIFYING, type IssueReads, type SeenIssue, toSeenIssue } from '../jira/find/find-issues.ts';
import type { JiraClient, JiraParts, JiraWire } from '../jira/jira-client.ts';
import { type JiraDialect, type JiraPorts, jiraTracker } from '../jira/jira-tracker.ts';
import { datacenterWatch } from './jira-datacenter-watch.ts';
import { renderWiki, textToWiki } from './wiki-markup.ts';

/** The tracker and keeper ports on Jira Data Center and Server, REST API v2. */
export function jiraDatacenterTracker(parts: JiraParts): JiraPorts {
  return jiraTracker(parts, datacenter);
}

const PAGE = 100;

const reads: IssueReads = {
  /** There is no read of many issues by key; ten numbers in a row without an issue are taken for the project's end. */
  probe: { size: 10, most: 200, inOneCall: false },

  async byKeys(client, keys) {
    const issues = await Promise.all(keys.map((key) => readIssue(client, key)));
    return issues.flatMap((issue) => (issue ? toSeenIssue(issue) : []));
  },

  async search(client, { jql, most }) {
    const seen: SeenIssue[] = [];
    for (let startAt = 0; ; ) {
      const page = await client.read<{ issues?: Record<string, unknown>[]; total?: number }>('/search', {
        body: { jql, startAt, maxResults: Math.min(PAGE, most), fields: IDENTIFYING },
        proof: 'own account',
      });
      if (!Array.isArray(page?.issues))
        throw new EdgeFailure('malformed', 'Jira answered a search without a list of issues');
      seen.push(...page.issues.flatMap(toSeenIssue));
      startAt += page.issues.length;
      if (page.issues.length === 0 || startAt >= (page.total ?? Number.POSITIVE_INFINITY) || seen.length >= most)
        return seen;
    }
  },
};

async function readIssue(client: JiraClient, key: string): Promise<Record<string, unknown> | undefined> {
  try {
    return await client.read<Record<string, unknown>>(
      `/issue/${key}?fields=${IDENTIFYING.join(',')}&properties=${IDENTITY_PROPERTY}`,
    );
  } catch (error) {
    // An issue that this account may not see is as good as none.
    if (error instanceof EdgeFailure && error.details.status === 403) return undefined;
    throw error;
  }
}

/** How the edition is addressed, and names the account an answer was made for. */
export const datacenterWire: JiraWire = {
  api: '/rest/api/2',
  accountHeader: 'x-ausername',
  accountOf: ({ name }) => String(name ?? ''),
};

const datacenter: JiraDialect = {
  edition: 'datacenter',
  wire: datacenterWire,
  people: {
    path: (text) => `/user/search?username=${encodeURIComponent(text)}&maxResults=20`,
    reference: ({ name }) => (typeof name === 'string' ? { name } : undefined),
  },
  reads,
  body: { richText: (text) => textToWiki(text), description: (document) => renderWiki(document) },
  createQuery: '',
  watch: datacenterWatch,
};
