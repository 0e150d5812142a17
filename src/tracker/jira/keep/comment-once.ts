import { type Document, paragraph, text } from '../../../domain/document.ts';
import { isEdgeFailure } from '../../../domain/failure.ts';
import { HOUR_MS } from '../../../domain/time.ts';
import type { MarkedComment, WriteOutcome, WrittenComment } from '../../issue-keeper.ts';
import type { JiraClient } from '../jira-client.ts';
import { write } from './issue-write.ts';

interface CommentParts {
  client: JiraClient;
  richText(document: Document): unknown;
}

/** On every comment of ours. Lists of comments do not show properties, so the marker also stands in the text. */
const COMMENT_PROPERTY = 'casewire.comment';

/** Jira's answer to a list may be shortened to fewer than asked for. */
const PAGE = 100;

/** Further back than this before the first sending, by Jira's clock, a comment is not looked for. */
const BEFORE_MS = HOUR_MS;

/** Jira has no key that keeps a comment from being written twice; only the comments themselves tell. */
export async function ensureComment(
  { client, richText }: CommentParts,
  ticketId: string,
  comment: MarkedComment,
): Promise<WriteOutcome & { comment?: WrittenComment }> {
  const { marker, sent, alerts } = comment;
  if (sent) {
    const there = await isThere(client, ticketId, { marker, since: sent.since - BEFORE_MS });
    if (there && 'outcome' in there) return there;
    if (there) return { outcome: 'done', changed: false, ...toWritten(there) };
    if (!sent.windowOver) return { outcome: 'unknown', why: 'the comment is not there yet', absent: true };
  }
  let answer: unknown;
  const outcome = await write(client, {
    method: 'POST',
    onAnswer: (body) => {
      answer = body;
    },
    path: `/issue/${ticketId}/comment`,
    body: {
      body: withMarker(comment, richText),
      properties: [{ key: COMMENT_PROPERTY, value: { v: 1, id: marker, alerts } }],
    },
    makes: 'something',
  });
  return outcome.outcome === 'done' ? { ...outcome, ...toWritten(answer as WireComment) } : outcome;
}

interface WireComment {
  id?: string;
  body?: unknown;
  created?: string;
}

function toWritten({ id, created }: WireComment): { comment?: WrittenComment } {
  const at = Date.parse(created ?? '');
  return id === undefined || Number.isNaN(at) ? {} : { comment: { id: String(id), at } };
}

/** The marker closes the comment; where a document is so long that its end is cut, it opens it. */
function withMarker({ document, marker }: MarkedComment, richText: (document: Document) => unknown): unknown {
  const line = paragraph(text(`Casewire comment ${marker}`));
  const body = richText({ ...document, blocks: [...document.blocks, line] });
  return JSON.stringify(body).includes(marker) ? body : richText({ ...document, blocks: [line, ...document.blocks] });
}

/** The comment with the marker, looked for newest first; `undefined` where it is not there; an outcome where it cannot be told. */
async function isThere(
  client: JiraClient,
  ticketId: string,
  { marker, since }: { marker: string; since: number },
): Promise<WireComment | WriteOutcome | undefined> {
  try {
    for (let startAt = 0; ; ) {
      const page = await client.read<{ comments?: WireComment[]; total?: number }>(
        `/issue/${ticketId}/comment?startAt=${startAt}&maxResults=${PAGE}&orderBy=-created`,
        { proof: 'own account' },
      );
      if (!Array.isArray(page?.comments)) return { outcome: 'unknown', why: 'its comments cannot be read' };
      const found = page.comments.find(({ body }) => JSON.stringify(body ?? '').includes(marker));
      if (found) return found;
      startAt += page.comments.length;
      const oldest = Date.parse(page.comments.at(-1)?.created ?? '');
      if (page.comments.length === 0 || startAt >= (page.total ?? Number.POSITIVE_INFINITY) || oldest < since)
        return undefined;
    }
  } catch (error) {
    if (!isEdgeFailure(error)) throw error;
    const { mend } = error.details;
    if (error.kind === 'unauthorised' && error.details.status !== 403)
      return { outcome: 'unauthorised', why: error.message, ...(mend ? { mend } : {}) };
    return { outcome: 'unknown', why: `its comments cannot be read: ${error.message}` };
  }
}
