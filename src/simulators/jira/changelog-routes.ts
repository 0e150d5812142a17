import { json, type SimAnswer } from '../wire.ts';
import { type Call, readIssue, readPage } from './call.ts';
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

/** What `expand=changelog` adds to an issue: Data Center shows all of it, newest last; Cloud the newest alone. */
export function wholeChangelog({ history }: SimIssue, spelling: Spelling) {
  const shown = spelling.edition === 'cloud' ? history.slice(-40).toReversed() : history;
  const histories = shown.map((change) => toChange(change, spelling));
  return { startAt: 0, maxResults: histories.length, total: history.length, histories };
}
