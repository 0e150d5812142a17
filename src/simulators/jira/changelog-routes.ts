import { json, type SimAnswer } from '../wire.ts';
import { type Call, readBody, readIssue, readPage, readStrings } from './call.ts';
import { Refusal } from './refusal.ts';
import { type Spelling, toChange } from './shapes.ts';
import type { SimIssue } from './site.ts';

const MOST_A_PAGE = 100;

/** "Get changelogs" of Jira Cloud: oldest first, page by page. */
export function listChangelog(call: Call): SimAnswer {
  const { history } = readIssue(call);
  const { startAt, maxResults } = readPage(call.request.query, Number.POSITIVE_INFINITY);
  const size = Math.min(maxResults, MOST_A_PAGE);
  const values = history.slice(startAt, startAt + size).map((change) => toChange(change, call.spelling));
  const isLast = startAt + values.length >= history.length;
  return json(200, { startAt, maxResults: size, total: history.length, isLast, values });
}

const MOST_ISSUES = 1_000;
const MOST_FIELDS = 10;
const BULK_KEYS = ['issueIdsOrKeys', 'fieldIds', 'maxResults', 'nextPageToken'];

/**
 * "Bulk fetch changelogs" of Jira Cloud: entries of many issues by date and issue, page by page. Issues without such an
 * entry, and those that cannot be seen, are not in the answer. Times are milliseconds, as the live service was seen to
 * answer, although its specification says text.
 */
export function bulkChangelogs(call: Call): SimAnswer {
  const body = readBody(call, BULK_KEYS);
  const wanted = readStrings(body.issueIdsOrKeys, 'issueIdsOrKeys');
  const fieldIds = new Set(readStrings(body.fieldIds, 'fieldIds'));
  if (wanted.length === 0 || wanted.length > MOST_ISSUES)
    throw new Refusal(400, `issueIdsOrKeys takes 1 to ${MOST_ISSUES} issues`);
  if (fieldIds.size > MOST_FIELDS) throw new Refusal(400, `fieldIds takes at most ${MOST_FIELDS} fields`);
  const { maxResults = 1_000, nextPageToken } = body;
  const after = nextPageToken === undefined ? 0 : Number(nextPageToken);
  if (!Number.isInteger(maxResults) || Number(maxResults) < 1 || !Number.isInteger(after))
    throw new Refusal(400, 'maxResults is a whole number, and nextPageToken one that was given');
  const entries = [...new Set(wanted.map((idOrKey) => call.site.find(idOrKey)))]
    .filter((issue) => issue !== undefined && !issue.hidden && call.site.permissions.has('BROWSE_PROJECTS'))
    .flatMap((issue) => (issue ? issue.history.map((change) => ({ issue, change })) : []))
    .filter(({ change }) => fieldIds.size === 0 || change.items.some(({ fieldId }) => fieldIds.has(fieldId)))
    .sort((a, b) => a.change.at - b.change.at || Number(a.issue.id) - Number(b.issue.id));
  const shown = entries.slice(after, after + Number(maxResults));
  const issueChangeLogs = [...Map.groupBy(shown, ({ issue }) => issue.id)].map(([issueId, ofIssue]) => ({
    issueId,
    changeHistories: ofIssue.map(({ change }) => ({ ...toChange(change, call.spelling), created: change.at })),
  }));
  const end = after + shown.length;
  return json(200, { issueChangeLogs, ...(end < entries.length ? { nextPageToken: String(end) } : {}) });
}

/** What `expand=changelog` adds to an issue: Data Center shows all of it, newest last; Cloud the newest alone. */
export function wholeChangelog({ history }: SimIssue, spelling: Spelling) {
  const shown = spelling.edition === 'cloud' ? history.slice(-40).toReversed() : history;
  const histories = shown.map((change) => toChange(change, spelling));
  return { startAt: 0, maxResults: histories.length, total: history.length, histories };
}
