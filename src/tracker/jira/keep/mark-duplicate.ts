import type { TicketRef } from '../../../domain/ticket.ts';
import type { WriteOutcome } from '../../issue-keeper.ts';
import type { JiraClient } from '../jira-client.ts';
import { write } from './issue-write.ts';
import { offers, openWays, roadToDone } from './transition-road.ts';
import { takeRoad, transitionsOf } from './walk-to-done.ts';

interface Twin {
  fields?: {
    status?: { statusCategory?: { key?: string } };
    labels?: readonly string[];
    issuelinks?: readonly { type?: { name?: string }; inwardIssue?: { id?: string }; outwardIssue?: { id?: string } }[];
  };
}

interface LinkType {
  name?: string;
  outward?: string;
}

const DUPLICATE = 'Duplicate';

/**
 * Link, then move, then label: as long as the last step is not made, the twin is found again by its label and each step
 * is taken up where it was left. What a site has no way for is noted and does not keep the twin from being labelled.
 * `undefined` when the twin cannot be seen.
 */
export async function markDuplicate(
  client: JiraClient,
  { twin, original, label }: { twin: TicketRef; original: TicketRef; label: string },
): Promise<WriteOutcome | undefined> {
  const issue = await client.read<Twin>(`/issue/${twin.id}?fields=status,labels,issuelinks`, { proof: 'own account' });
  if (!issue) return undefined;
  const endings: WriteOutcome[] = [];
  for (const step of [() => link(client, { issue, twin, original }), () => close(client, { issue, twin })]) {
    const ending = await step();
    if (ending.outcome !== 'done' && ending.outcome !== 'refused') return ending;
    endings.push(ending);
  }
  const last = await relabel(client, { issue, twin, label });
  if (last.outcome !== 'done') return last;
  const notes = endings.flatMap((ending) => (ending.outcome === 'refused' ? [ending.why] : []));
  const changed = [...endings, last].some((ending) => ending.outcome === 'done' && ending.changed);
  return { outcome: 'done', changed, ...(notes.length > 0 ? { note: notes.join('; ') } : {}) };
}

/** The first issue of a link request bears the type's outward words towards the second (REST API, "Create issue link"). */
async function link(
  client: JiraClient,
  { issue, twin, original }: { issue: Twin; twin: TicketRef; original: TicketRef },
): Promise<WriteOutcome> {
  const answer = await client.read<{ issueLinkTypes?: readonly LinkType[] }>('/issueLinkType');
  const types = answer?.issueLinkTypes ?? [];
  const named = (name: string, words: string) =>
    types.find((type) => type.name?.toLowerCase() === name || type.outward?.toLowerCase() === words);
  const type = named('duplicate', 'duplicates') ?? named('relates', 'relates to');
  if (type?.name === undefined)
    return { outcome: 'refused', why: 'not linked: this Jira has no link type "Duplicate" or "Relates"' };
  const isLinked = (issue.fields?.issuelinks ?? []).some(
    ({ type: there, inwardIssue, outwardIssue }) =>
      there?.name === type.name && (inwardIssue ?? outwardIssue)?.id === original.id,
  );
  if (isLinked) return { outcome: 'done', changed: false };
  return write(client, {
    method: 'POST',
    path: '/issueLink',
    body: { type: { name: type.name }, inwardIssue: { id: twin.id }, outwardIssue: { id: original.id } },
  });
}

async function close(client: JiraClient, { issue, twin }: { issue: Twin; twin: TicketRef }): Promise<WriteOutcome> {
  if (issue.fields?.status?.statusCategory?.key === 'done') return { outcome: 'done', changed: false };
  const ways = openWays(await transitionsOf(client, twin.id));
  const fitting = ways.filter((way) => offers(way, DUPLICATE));
  const choices = [roadToDone(fitting, [DUPLICATE]), roadToDone(ways, [DUPLICATE])];
  const choice = choices.find((one) => one && 'road' in one) ?? choices[1];
  if (choice && 'road' in choice) return takeRoad(client, twin.id, choice.road);
  return {
    outcome: 'refused',
    why: `left open: ${choice?.stuck ?? 'its workflow has no way from here to a done status'}`,
  };
}

async function relabel(
  client: JiraClient,
  { issue, twin, label }: { issue: Twin; twin: TicketRef; label: string },
): Promise<WriteOutcome> {
  const labels = issue.fields?.labels ?? [];
  const mark = `${label}-dup`;
  const operations = [
    ...(labels.includes(mark) ? [] : [{ add: mark }]),
    ...(labels.includes(label) ? [{ remove: label }] : []),
  ];
  if (operations.length === 0) return { outcome: 'done', changed: false };
  return write(client, { method: 'PUT', path: `/issue/${twin.id}`, body: { update: { labels: operations } } });
}
