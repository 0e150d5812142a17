import { isEdgeFailure } from '../../domain/failure.ts';
import type { CreateOutcome, OpenIntent, SiteId, TicketDraft } from '../../domain/ticket.ts';
import { Admission } from '../../http/admission.ts';
import type { HttpAnswer } from '../../http/http-client.ts';
import type { RouteNeeds, Tracker } from '../tracker.ts';
import { checkSite } from './check-site.ts';
import { createdIssue, outcomeOf } from './create-outcome.ts';
import { examineRoute } from './examine.ts';
import { IssueFinder, type IssueReads } from './find-issues.ts';
import { type BodyDialect, buildIssue, textsOfUserFields } from './issue-body.ts';
import { errorBody } from './jira-answer.ts';
import { JiraClient, type JiraParts, type JiraWire } from './jira-client.ts';
import { People, type PeopleWire } from './people.ts';
import { type RouteMetadata, RouteMetadataCache } from './route-metadata.ts';

/** All that the two editions do differently. */
export interface JiraDialect {
  edition: 'cloud' | 'datacenter';
  wire: JiraWire;
  people: PeopleWire;
  reads: IssueReads;
  body: Omit<BodyDialect, 'user'>;
  /** Query of a create. */
  createQuery: string;
}

/** The tracker port on a Jira site, whichever edition speaks through `dialect`. */
export function jiraTracker(parts: JiraParts, dialect: JiraDialect): Tracker {
  const admission = new Admission(parts.clock);
  const client = new JiraClient(parts, dialect.wire, admission);
  const routes = new RouteMetadataCache(client);
  const people = new People(client, dialect.people);
  const finder = new IssueFinder(client, dialect.reads);
  const nobody: BodyDialect = { ...dialect.body, user: () => undefined };
  const examine = (needs: RouteNeeds) => examineRoute(client, routes, { needs, dialect: nobody });
  const hasLabels = async ({ route }: OpenIntent) => {
    const { route: found } = await routes.load(route);
    return 'says' in found || found.fields.some(({ id }) => id === 'labels');
  };
  return {
    site: parts.site.site as SiteId,
    check: (needs) => checkSite(client, dialect.edition, { needs, examine }),
    examine,
    turn: (tenant, patienceMs) => admission.turn(tenant, patienceMs),
    create: (draft) => new Create({ client, routes, people, dialect }, draft).send(),
    lookFor: (intents) => finder.lookFor(intents, hasLabels),
    findExisting: (keys) => finder.findExisting(keys),
  };
}

interface CreateParts {
  client: JiraClient;
  routes: RouteMetadataCache;
  people: People;
  dialect: JiraDialect;
}

/** One create: at most one issue, and at most one repaired request after an answer that surely created nothing. */
class Create {
  readonly #parts: CreateParts;
  readonly #draft: TicketDraft;

  constructor(parts: CreateParts, draft: TicketDraft) {
    this.#parts = parts;
    this.#draft = draft;
  }

  async send(): Promise<CreateOutcome> {
    const { client, routes } = this.#parts;
    try {
      await client.account();
      const { route } = await routes.load(this.#draft.route);
      return await this.#sendTo(route);
    } catch (error) {
      return unsent(error);
    }
  }

  async #sendTo(route: RouteMetadata | { says: string; mend: string }): Promise<CreateOutcome> {
    if ('says' in route) return { outcome: 'refused', why: route.says, mend: route.mend };
    const built = await this.#build(route, this.#draft);
    if ('refused' in built) return { outcome: 'refused', why: built.refused };
    const answer = await this.#post(built.body);
    if ('outcome' in answer) return answer;
    const repaired = await this.#repaired(answer, route, built.body);
    if (!repaired) return this.#outcome(answer, route, built.notes);
    const again = await this.#post(repaired.body);
    return 'outcome' in again ? again : this.#outcome(again, repaired.route, repaired.notes);
  }

  async #build(route: RouteMetadata, draft: TicketDraft) {
    const { people, dialect } = this.#parts;
    const found = await people.find(textsOfUserFields(draft, route));
    return buildIssue(draft, route, { ...dialect.body, user: (text) => found.get(text) });
  }

  async #post(body: object): Promise<HttpAnswer | CreateOutcome> {
    const { client, dialect } = this.#parts;
    try {
      return await client.exchange({ method: 'POST', path: `/issue${dialect.createQuery}`, body, effect: 'write' });
    } catch (error) {
      if (isEdgeFailure(error) && error.kind === 'unknown-outcome') return { outcome: 'unknown', why: error.message };
      return unsent(error);
    }
  }

  /** A request that may fare better: after a 400 that names fields, from fresh metadata; after a page, without the raw record. */
  async #repaired(answer: HttpAnswer, route: RouteMetadata, sent: object) {
    if (answer.status === 400 && Object.keys(errorBody(answer)?.errors ?? {}).length > 0) {
      const { route: fresh } = await this.#parts.routes.refresh(this.#draft.route);
      if ('says' in fresh) return undefined;
      const built = await this.#build(fresh, this.#draft);
      return 'body' in built && JSON.stringify(built.body) !== JSON.stringify(sent)
        ? { ...built, route: fresh }
        : undefined;
    }
    const page =
      answer.status >= 400 && answer.status < 500 && ![401, 409, 429].includes(answer.status) && !errorBody(answer);
    if (!page) return undefined;
    const { description } = this.#draft;
    const blocks = description.blocks.filter(({ kind }) => kind !== 'verbatim');
    const built = await this.#build(route, { ...this.#draft, description: { ...description, blocks } });
    if (!('body' in built)) return undefined;
    const notes = [...built.notes, 'the raw record is left out: a filter before Jira refused the request with it'];
    return { ...built, notes, route };
  }

  async #outcome(answer: HttpAnswer, route: RouteMetadata, notes: readonly string[]): Promise<CreateOutcome> {
    const { client } = this.#parts;
    const { clock, random, site } = client.parts;
    const nameOfField = (id: string) => route.fields.find((field) => field.id === id)?.name ?? id;
    if (answer.status !== 201) return outcomeOf(answer, { url: site.url, now: clock.now(), random, nameOfField });
    const issue = createdIssue(answer);
    if (!issue) return { outcome: 'unknown', why: 'Jira answered 201 with a body that names no issue' };
    const stranger = await client.strangerIn(answer, 'no stranger');
    if (stranger) return { outcome: 'unknown', why: stranger.why };
    return { outcome: 'created', ticket: { ...issue, url: await client.browseUrl(issue.key) }, notes };
  }
}

/** An ending before the create was sent. Anything but an EdgeFailure is a bug and goes on up. */
function unsent(error: unknown): CreateOutcome {
  if (!isEdgeFailure(error)) throw error;
  const { mend, retryAfterMs } = error.details;
  if (error.kind === 'unauthorised') return { outcome: 'unauthorised', why: error.message, ...(mend ? { mend } : {}) };
  return { outcome: 'not-sent', why: error.message, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}
