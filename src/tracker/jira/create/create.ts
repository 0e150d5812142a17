import { type Block, type Document, link, text } from '../../../domain/document.ts';
import { isEdgeFailure } from '../../../domain/failure.ts';
import type { CreateOutcome, TicketDraft } from '../../../domain/ticket.ts';
import type { HttpAnswer } from '../../../http/http-client.ts';
import { errorBody } from '../jira-answer.ts';
import type { JiraClient } from '../jira-client.ts';
import type { People } from '../people.ts';
import { createdIssue, isAboutContent, isRefusal, outcomeOf } from './create-outcome.ts';
import { type BodyDialect, type BuiltBody, buildIssue, textsOfUserFields } from './issue-body.ts';
import type { NoRoute, RouteMetadata, RouteMetadataCache, StoredRoute } from './route-metadata.ts';

export interface CreateParts {
  client: JiraClient;
  routes: RouteMetadataCache;
  people: People;
  dialect: { body: Omit<BodyDialect, 'user'>; createQuery: string };
}

/** What is sent, and the create screen that it was made for. */
interface Request {
  built: Extract<BuiltBody, { body: unknown }>;
  screen: RouteMetadata;
}

/** One create: at most one issue, and at most one repaired request after an answer that surely created nothing. */
export class Create {
  readonly #parts: CreateParts;
  readonly #draft: TicketDraft;

  constructor(parts: CreateParts, draft: TicketDraft) {
    this.#parts = parts;
    this.#draft = draft;
  }

  /** Every ending is an outcome; only a bug is thrown. */
  async send(): Promise<CreateOutcome> {
    const { client, routes } = this.#parts;
    try {
      await client.account.known();
      const stored = await routes.load(this.#draft.route);
      const request = await this.#request(stored.route, this.#draft);
      if ('outcome' in request) return request;
      const answer = await this.#post(request);
      const repaired = await this.#repaired(answer, request, stored);
      return repaired
        ? await this.#outcome(await this.#post(repaired), repaired)
        : await this.#outcome(answer, request);
    } catch (error) {
      return unsent(error);
    }
  }

  async #request(screen: RouteMetadata | NoRoute, draft: TicketDraft): Promise<Request | CreateOutcome> {
    if ('says' in screen) return { outcome: 'refused', why: screen.says, mend: screen.mend };
    const { people, dialect } = this.#parts;
    const found = await people.find(textsOfUserFields(draft, screen));
    const built = buildIssue(draft, screen, { ...dialect.body, user: (text) => found.get(text) });
    return 'refused' in built ? { outcome: 'refused', why: built.refused } : { built, screen };
  }

  /** The answer, or how the create ended without one. */
  async #post({ built: { body } }: Request): Promise<HttpAnswer | CreateOutcome> {
    const path = `/issue${this.#parts.dialect.createQuery}`;
    try {
      return await this.#parts.client.exchange({ method: 'POST', path, body, effect: 'write' });
    } catch (error) {
      return unsent(error);
    }
  }

  /** A request that may fare better than a refused one: from fresh metadata, or without the raw record. */
  async #repaired(
    answer: HttpAnswer | CreateOutcome,
    refused: Request,
    stored: StoredRoute,
  ): Promise<Request | undefined> {
    if ('outcome' in answer || !isRefusal(answer)) return undefined;
    const better = await this.#better(answer, refused, stored);
    const isOther = better && JSON.stringify(better.built.body) !== JSON.stringify(refused.built.body);
    return isOther ? better : undefined;
  }

  async #better(answer: HttpAnswer, refused: Request, stored: StoredRoute): Promise<Request | undefined> {
    if (isAboutContent(answer)) {
      const description = withoutRecord(this.#draft.description);
      const shorter = await this.#request(refused.screen, { ...this.#draft, description });
      if ('outcome' in shorter) return undefined;
      const notes = [...shorter.built.notes, 'the raw record is left out: the request was refused with it'];
      return { ...shorter, built: { ...shorter.built, notes } };
    }
    if (answer.status !== 400 || Object.keys(errorBody(answer)?.errors ?? {}).length === 0) return undefined;
    const { route } = await this.#parts.routes.renew(this.#draft.route, stored);
    const anew = await this.#request(route, this.#draft);
    return 'outcome' in anew ? undefined : anew;
  }

  async #outcome(answer: HttpAnswer | CreateOutcome, { built, screen }: Request): Promise<CreateOutcome> {
    if ('outcome' in answer) return answer;
    const { client } = this.#parts;
    const { clock, random, site } = client.parts;
    const stranger = await client.account.strangerIn(answer, 'no stranger');
    const nameOfField = (id: string) => screen.fields.find((field) => field.id === id)?.name ?? id;
    if (answer.status !== 201)
      return outcomeOf(answer, { url: site.url, now: clock.now(), random, nameOfField, stranger });
    const issue = createdIssue(answer);
    if (!issue) return { outcome: 'unknown', why: 'Jira answered 201 with a body that names no issue' };
    if (stranger) return { outcome: 'unknown', why: stranger.why };
    return { outcome: 'created', ticket: { ...issue, url: await client.browseUrl(issue.key) }, notes: built.notes };
  }
}

/** The document with a word in place of each verbatim text, and where that can be read. */
function withoutRecord(document: Document): Document {
  const { fullTextAt } = document;
  const blocks = document.blocks.map((block): Block => {
    if (block.kind !== 'verbatim') return block;
    const says = text('The raw record is left out: Jira, or a filter before it, refused the issue with it. ');
    return { kind: 'notice', tone: 'info', content: fullTextAt ? [says, link(fullTextAt, fullTextAt)] : [says] };
  });
  return { ...document, blocks };
}

/** How a write ended that got no answer. */
export type Unsent = Extract<CreateOutcome, { outcome: 'unknown' | 'unauthorised' | 'not-sent' }>;

/** How a failure ends a write; only one whose request may have left is in doubt. Anything else is a bug and goes on up. */
export function unsent(error: unknown): Unsent {
  if (!isEdgeFailure(error)) throw error;
  const { kind, message: why } = error;
  const { mend, retryAfterMs } = error.details;
  if (kind === 'unknown-outcome') return { outcome: 'unknown', why };
  if (kind === 'unauthorised') return { outcome: 'unauthorised', why, ...(mend ? { mend } : {}) };
  return { outcome: 'not-sent', why, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}
