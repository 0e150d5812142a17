import { isObject, json, type SimAnswer } from '../wire.ts';
import { type Call, need, needOpen, type Route, readBody, readIssue, readPage } from './call.ts';
import { checkProperties } from './check-create.ts';
import { checkDocument, MAX_TEXT } from './check-value.ts';
import { Refusal } from './refusal.ts';
import { toComment } from './shapes.ts';
import type { SimComment, SimIssue } from './site.ts';

const MOST_A_PAGE = 5_000;

/** Comments of issues. A list shows no properties: only `renderedBody` is a documented expansion of it. */
export const COMMENT_ROUTES: readonly Route[] = [
  { method: 'GET', path: 'issue/*/comment', do: listComments },
  { method: 'POST', path: 'issue/*/comment', do: addComment },
];

function listComments(call: Call): SimAnswer {
  const issue = readIssue(call);
  const { query } = call.request;
  const { startAt, maxResults } = readPage(query, MOST_A_PAGE);
  const order = query.get('orderBy') ?? 'created';
  if (!['created', '+created', '-created'].includes(order)) throw new Refusal(400, `Invalid orderBy: ${order}`);
  const ordered = order === '-created' ? issue.comments.toReversed() : issue.comments;
  const comments = ordered.slice(startAt, startAt + maxResults).map((one) => toComment(one, issue, call.spelling));
  return json(200, { startAt, maxResults, total: issue.comments.length, comments });
}

function addComment(call: Call): SimAnswer {
  const issue = readIssue(call);
  need(call, 'ADD_COMMENTS');
  needOpen(call, issue);
  const body = readBody(call, ['body', 'visibility', 'properties']);
  return json(201, toComment(keepComment(call, issue, body), issue, call.spelling));
}

/** Checks a comment as an issue's own route and a transition's both do, and keeps it. @throws Refusal */
export function keepComment(call: Call, issue: SimIssue, { body, properties }: Record<string, unknown>): SimComment {
  const { dialect, site, request, user } = call;
  const isText = typeof body === 'string' && body.trim() !== '' && body.length <= MAX_TEXT;
  const wrong =
    dialect.richText === 'adf'
      ? (checkDocument(body, request.body.length) ?? (hasContent(body) ? undefined : 'Comment body can not be empty!'))
      : isText
        ? undefined
        : 'Comment body is not valid.';
  if (wrong) throw new Refusal(400, '', { comment: wrong });
  if (issue.comments.length >= site.mostComments)
    throw new Refusal(413, `The issue has reached its limit of ${site.mostComments} comments.`);
  const kept = [...checkProperties(properties)].map(([key, value]) => ({ key, value }));
  const comment: SimComment = {
    id: String(10_000 + site.nextChildId()),
    body,
    at: site.clock.now(),
    author: user,
    properties: kept,
  };
  site.change(issue, user, () => issue.comments.push(comment), 'commented');
  return comment;
}

function hasContent(body: unknown): boolean {
  return isObject(body) && Array.isArray(body.content) && body.content.length > 0;
}
