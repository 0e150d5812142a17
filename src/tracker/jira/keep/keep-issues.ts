import type { Document } from '../../../domain/document.ts';
import { EdgeFailure, isEdgeFailure } from '../../../domain/failure.ts';
import type { Route } from '../../../domain/ticket.ts';
import type { IssueKeeper, IssueSight, PriorityWish, TicketPlace, WriteOutcome } from '../../issue-keeper.ts';
import { type FieldOption, findOption, nameOf } from '../create/issue-fields.ts';
import type { RouteMetadataCache } from '../create/route-metadata.ts';
import { hidden, UnseenIssues } from '../find/unseen-issue.ts';
import type { JiraClient } from '../jira-client.ts';
import { ensureComment } from './comment-once.ts';
import { write } from './issue-write.ts';

export interface KeeperParts {
  client: JiraClient;
  routes: RouteMetadataCache;
  richText(document: Document): unknown;
}

/** What of an issue the keeper reads, the same in both editions. */
interface WireIssue {
  id?: string;
  key?: string;
  fields?: {
    status?: { name?: string; statusCategory?: { key?: string } };
    priority?: { id?: string; name?: string } | null;
    project?: { key?: string };
    issuetype?: { id?: string };
    issuelinks?: readonly { type?: { name?: string }; inwardIssue?: { id?: string }; outwardIssue?: { id?: string } }[];
  };
}

interface WireTransition {
  id?: string;
  name?: string;
  isAvailable?: boolean;
  to?: { name?: string; statusCategory?: { key?: string } };
  fields?: Readonly<Record<string, { required?: boolean; hasDefaultValue?: boolean }>>;
}

/** The keeper port on a Jira site of either edition. */
export function jiraKeeper(parts: KeeperParts): IssueKeeper {
  const { client } = parts;
  return {
    statusOf: (place) => statusOf(client, place),
    ensureComment: (ticketId, comment) => ensureComment(parts, ticketId, comment),
    ensurePriority: (ticketId, wish) => known(client, ticketId, () => ensurePriority(parts, ticketId, wish)),
    ensureProperty: (ticketId, key, value) =>
      write(client, { method: 'PUT', path: `/issue/${ticketId}/properties/${encodeURIComponent(key)}`, body: value }),
    reopen: (ticketId) => known(client, ticketId, () => reopen(client, ticketId)),
    ensureLink: (ticketId, otherId) => known(client, ticketId, () => ensureLink(client, ticketId, otherId)),
  };
}

/** Ends a write that begins with reads: one of them that fails has changed nothing, and no issue is a refusal. */
export async function known<T extends WriteOutcome>(
  client: JiraClient,
  ticketId: string,
  work: () => Promise<T | undefined>,
): Promise<T | WriteOutcome> {
  try {
    const done = await work();
    return done ?? { outcome: 'refused', why: `Jira at ${client.parts.site.url} shows no issue ${ticketId}` };
  } catch (error) {
    if (!isEdgeFailure(error)) throw error;
    const { message: why, details } = error;
    const { mend, retryAfterMs } = details;
    if (error.kind === 'unauthorised') return { outcome: 'unauthorised', why, ...(mend ? { mend } : {}) };
    return { outcome: 'not-sent', why, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }
}

function readIssue(client: JiraClient, ticketId: string, fields: string): Promise<WireIssue | undefined> {
  return client.read<WireIssue>(`/issue/${ticketId}?fields=${fields}`, { proof: 'own account' });
}

async function statusOf(client: JiraClient, place: TicketPlace): Promise<IssueSight> {
  const { id, project } = place;
  try {
    const issue = await readIssue(client, id, 'status,priority');
    if (!issue) return await new UnseenIssues(client).judge(place);
    const { key, fields } = issue;
    if (typeof key !== 'string' || !fields?.status)
      throw new EdgeFailure('malformed', `Jira answered issue ${id} without its key or its status`);
    return {
      seen: fields.status.statusCategory?.key === 'done' ? 'done' : 'open',
      ticket: { id, key, url: await client.browseUrl(key) },
      status: String(fields.status.name ?? ''),
      ...(fields.priority?.name === undefined ? {} : { priority: fields.priority.name }),
    };
  } catch (error) {
    if (isEdgeFailure(error) && error.details.status === 403) return hidden(project, error.message);
    throw error;
  }
}

/** The project's own order, the most urgent first, is that of the create screen's choices. */
async function ensurePriority(
  { client, routes }: KeeperParts,
  ticketId: string,
  { asked, given }: PriorityWish,
): Promise<(WriteOutcome & { now?: string }) | undefined> {
  const issue = await readIssue(client, ticketId, 'priority,project,issuetype');
  if (!issue) return undefined;
  const { priority, project, issuetype } = issue.fields ?? {};
  const order = await optionsOf(routes, {
    site: client.parts.site.site,
    project: project?.key ?? '',
    issueType: issuetype?.id ?? '',
  });
  const rankOf = (text: string | undefined) => {
    const option = text === undefined ? undefined : findOption(order, text);
    return option ? order.indexOf(option) : Number.POSITIVE_INFINITY;
  };
  const now = priority?.name ?? undefined;
  const as = (name: string | undefined) => (name === undefined ? {} : { now: name });
  const wanted = Math.min(...asked.map(rankOf), Number.POSITIVE_INFINITY);
  const option = order[wanted];
  if (!option || rankOf(now) <= wanted) return { outcome: 'done', changed: false, ...as(now) };
  if (given !== undefined && now !== undefined && rankOf(now) !== rankOf(given))
    return {
      outcome: 'done',
      changed: false,
      ...as(now),
      note: `priority left at ${now}, which a person chose, although ${nameOf(option)} was asked for`,
    };
  const set = option.id === undefined ? { name: nameOf(option) } : { id: option.id };
  const outcome = await write(client, {
    method: 'PUT',
    path: `/issue/${ticketId}`,
    body: { fields: { priority: set } },
  });
  return { ...outcome, ...as(outcome.outcome === 'done' ? nameOf(option) : now) };
}

async function optionsOf(routes: RouteMetadataCache, route: Route): Promise<readonly FieldOption[]> {
  const { route: found } = await routes.load(route);
  if ('says' in found) return [];
  return found.fields.find(({ id }) => id === 'priority')?.allowedValues ?? [];
}

async function reopen(client: JiraClient, ticketId: string): Promise<WriteOutcome | undefined> {
  const issue = await readIssue(client, ticketId, 'status');
  if (!issue) return undefined;
  if (issue.fields?.status?.statusCategory?.key !== 'done') return { outcome: 'done', changed: false };
  const path = `/issue/${ticketId}/transitions`;
  const answer = await client.read<{ transitions?: readonly WireTransition[] }>(`${path}?expand=transitions.fields`);
  const ways = (answer?.transitions ?? []).filter(
    ({ isAvailable, to, fields }) =>
      isAvailable !== false &&
      to?.statusCategory?.key !== undefined &&
      to.statusCategory.key !== 'done' &&
      Object.values(fields ?? {}).every(({ required, hasDefaultValue }) => !required || hasDefaultValue),
  );
  const way = ways.find(({ to }) => to?.statusCategory?.key === 'new') ?? ways[0];
  if (way?.id === undefined)
    return { outcome: 'refused', why: 'its workflow has no way back that this account may take without a form' };
  return write(client, { method: 'POST', path, body: { transition: { id: way.id } } });
}

async function ensureLink(client: JiraClient, ticketId: string, otherId: string): Promise<WriteOutcome | undefined> {
  const issue = await readIssue(client, ticketId, 'issuelinks');
  if (!issue) return undefined;
  const linked = (issue.fields?.issuelinks ?? []).some(
    ({ inwardIssue, outwardIssue }) => (inwardIssue ?? outwardIssue)?.id === otherId,
  );
  if (linked) return { outcome: 'done', changed: false };
  const answer = await client.read<{ issueLinkTypes?: readonly { name?: string; outward?: string }[] }>(
    '/issueLinkType',
  );
  const type = answer?.issueLinkTypes?.find(
    ({ name, outward }) => name?.toLowerCase() === 'relates' || outward?.toLowerCase() === 'relates to',
  );
  if (type?.name === undefined)
    return { outcome: 'done', changed: false, note: 'not linked: this Jira has no link type "Relates"' };
  return write(client, {
    method: 'POST',
    path: '/issueLink',
    body: { type: { name: type.name }, inwardIssue: { id: otherId }, outwardIssue: { id: ticketId } },
  });
}
