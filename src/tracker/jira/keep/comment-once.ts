import { type Document, paragraph, text } from '../../../domain/document.ts';
import { isEdgeFailure } from '../../../domain/failure.ts';
import { HOUR_MS } from '../../../domain/time.ts';
import type { MarkedComment, WriteOutcome } from '../../issue-keeper.ts';
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
): Promise<WriteOutcome> {
  const { marker, sent, alerts } = comment;
  if (sent) {
    const there = await isThere(client, ticketId, { marker, since: sent.since - BEFORE_MS });
    if (typeof there !== 'boolean') return there;
    if (there) return { outcome: 'done', changed: false };
    if (!sent.windowOver) return { outcome: 'unknown', why: 'the comment is not there yet', absent: true };
  }
  return write(client, {
    method: 'POST',
    path: `/issue/${ticketId}/comment`,
    body: {
      body: withMarker(comment, richText),
      properties: [{ key: COMMENT_PROPERTY, value: { v: 1, id: marker, alerts } }],
    },
    makes: 'something',
  });
}

/** The marker closes the comment; where a document is so long that its end is cut, it opens it. */
function withMarker({ document, marker }: MarkedComment, richText: (document: Document) => unknown): unknown {
  const line = paragraph(text(`Casewire comment ${marker}`));
  const body = richText({ ...document, blocks: [...document.blocks, line] });
  return JSON.stringify(body).includes(marker) ? body : richText({ ...document, blocks: [line, ...document.blocks] });
}

/** Whether a comment with the marker is there, newest first; an outcome where it cannot be told. */
async function isThere(
  client: JiraClient,
  ticketId: string,
  { marker, since }: { marker: string; since: number },
): Promise<boolean | WriteOutcome> {
  try {
    for (let startAt = 0; ; ) {
      const page = await client.read<{ comments?: { body?: unknown; created?: string }[]; total?: number }>(
        `/issue/${ticketId}/comment?startAt=${startAt}&maxResults=${PAGE}&orderBy=-created`,
        { proof: 'own account' },
      );
      if (!Array.isArray(page?.comments)) return { outcome: 'unknown', why: 'its comments cannot be read' };
      if (page.comments.some(({ body }) => JSON.stringify(body ?? '').includes(marker))) return true;
      startAt += page.comments.length;
      const oldest = Date.parse(page.comments.at(-1)?.created ?? '');
      if (page.comments.length === 0 || startAt >= (page.total ?? Number.POSITIVE_INFINITY) || oldest < since)
        return false;
    }
  } catch (error) {
    if (!isEdgeFailure(error)) throw error;
    const { mend } = error.details;
    if (error.kind === 'unauthorised' && error.details.status !== 403)
      return { outcome: 'unauthorised', why: error.message, ...(mend ? { mend } : {}) };
    return { outcome: 'unknown', why: `its comments cannot be read: ${error.message}` };
  }
}
