import type { WriteOutcome } from '../../issue-keeper.ts';
import { typeStatuses } from '../find/type-statuses.ts';
import type { JiraClient } from '../jira-client.ts';
import { write } from './issue-write.ts';
import {
  onlyStepOn,
  openWays,
  type Road,
  type RoadChoice,
  roadToDone,
  sayWays,
  type WireTransition,
  waysTo,
} from './transition-road.ts';

interface Standing {
  fields?: {
    status?: { name?: string; statusCategory?: { key?: string } };
    project?: { key?: string };
    issuetype?: { id?: string };
  };
}

export interface DoneWish {
  to: string;
  resolutions: readonly string[];
}

/** Most transitions that one call takes. */
const MOST_STEPS = 3;

/**
 * Brings an issue to a done status. Where no transition leads there at once and the wished status is one of its
 * workflow, the single way from work not begun into work in progress is taken first: never a way back, never a choice
 * among several. `undefined` when the issue cannot be seen.
 */
export async function walkToDone(
  client: JiraClient,
  ticketId: string,
  wish: DoneWish,
): Promise<WriteOutcome | undefined> {
  let changed = false;
  for (let step = 0; step < MOST_STEPS; step++) {
    const issue = await standingOf(client, ticketId);
    if (!issue) return undefined;
    if (issue.fields?.status?.statusCategory?.key === 'done') return { outcome: 'done', changed };
    const ways = openWays(await transitionsOf(client, ticketId));
    const meant = waysTo(ways, wish.to);
    const choice = roadToDone(meant, wish.resolutions);
    const road = choice && 'road' in choice ? choice.road : await stepOn(client, { issue, ways, meant, wish });
    if (!road) return refusal(issue, { ways, meant, choice, to: wish.to });
    const outcome = await takeRoad(client, ticketId, road);
    if (outcome.outcome !== 'done') return outcome;
    changed = true;
    if (choice && 'road' in choice) return outcome;
  }
  return { outcome: 'refused', why: `no road led to "${wish.to}" within ${MOST_STEPS} transitions` };
}

export function takeRoad(client: JiraClient, ticketId: string, { id, fields }: Road): Promise<WriteOutcome> {
  const filled = Object.keys(fields).length > 0 ? { fields } : {};
  return write(client, {
    method: 'POST',
    path: `/issue/${ticketId}/transitions`,
    body: { transition: { id }, ...filled },
  });
}

export async function transitionsOf(client: JiraClient, ticketId: string): Promise<readonly WireTransition[]> {
  const answer = await client.read<{ transitions?: readonly WireTransition[] }>(
    `/issue/${ticketId}/transitions?expand=transitions.fields`,
    { proof: 'own account' },
  );
  return answer?.transitions ?? [];
}

function standingOf(client: JiraClient, ticketId: string): Promise<Standing | undefined> {
  return client.read<Standing>(`/issue/${ticketId}?fields=status,project,issuetype`, { proof: 'own account' });
}

interface Crossing {
  issue: Standing;
  ways: readonly WireTransition[];
  meant: readonly WireTransition[];
  wish: DoneWish;
}

async function stepOn(client: JiraClient, { issue, ways, meant, wish }: Crossing): Promise<Road | undefined> {
  const { status, project, issuetype } = issue.fields ?? {};
  if (meant.length > 0 || status?.statusCategory?.key !== 'new') return undefined;
  const step = onlyStepOn(ways);
  if (!step || project?.key === undefined || issuetype?.id === undefined) return undefined;
  const statuses = await typeStatuses(client, project.key, issuetype.id);
  const wanted = wish.to.trim().toLowerCase();
  const leadsToDone = statuses?.some(
    ({ name, statusCategory }) => name?.toLowerCase() === wanted && statusCategory?.key === 'done',
  );
  return leadsToDone ? step : undefined;
}

function refusal(
  { fields }: Standing,
  {
    ways,
    meant,
    choice,
    to,
  }: { ways: readonly WireTransition[]; meant: readonly WireTransition[]; choice: RoadChoice | undefined; to: string },
): WriteOutcome {
  const status = fields?.status?.name ?? '?';
  if (ways.length === 0)
    return {
      outcome: 'refused',
      why: `no transition leads out of its status "${status}" for this account`,
      mend: 'give the account Transition Issues in this project, or the workflow a way out of that status',
    };
  if (choice && 'stuck' in choice)
    return {
      outcome: 'refused',
      why: choice.stuck,
      mend: 'give that field a default on the screen of the transition, or name another status in transitionTo',
    };
  if (meant.length > 0)
    return {
      outcome: 'refused',
      why: `"${to}" does not count as done in Jira: its category is another`,
      mend: 'name in transitionTo a status of category Done',
    };
  return {
    outcome: 'refused',
    why: `no transition leads from "${status}" to "${to}"; there are: ${sayWays(ways)}`,
    mend: 'name in transitionTo a status or transition that the workflow has, or add the transition',
  };
}
