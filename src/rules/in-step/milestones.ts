import type { Happening } from '../../domain/facts.ts';
import type { IssueChange } from '../../domain/issue-change.ts';
import { type EpochMs, MINUTE_MS } from '../../domain/time.ts';

/** What an issue's history says of one of its alerts. `turn`: which `resolved` or `reopened` of the alert it is, from 1. */
export type Milestone = { at: EpochMs; turn: number } & Extract<
  Happening,
  { fact: 'acknowledged' | 'resolved' | 'reopened' }
>;

/** How long a walk of ours through the statuses of a workflow takes at most. */
const WALK_MS = 2 * MINUTE_MS;

/** A resolution is set with the status, or just beside it. */
const BESIDE_MS = 1_000;

/**
 * What the history of an alert's issue says of it, oldest first. `since`: when the issue became this alert's; an issue
 * that was in work already when it took up the alert counts as acknowledged then.
 *
 * Acknowledged is the first touch of a person: somebody was made assignee, or the status was changed. Values given when
 * the issue was created are not in its history, so a mapped assignee is no touch. Our account may be a person's too:
 * what it did counts as a person's where Casewire does no such thing, which is to make somebody assignee, or to move an
 * issue anywhere but to done within a few steps, or out of done.
 */
export function toMilestones(history: readonly IssueChange[], since: EpochMs): readonly Milestone[] {
  const statuses = history.filter(({ field, done }) => field === 'status' && done !== undefined);
  const touch = history.find((change) => isTouch(change, statuses));
  const by = touch?.field === 'assignee' ? 'assignee' : 'status';
  const acknowledged: Milestone[] = touch ? [{ fact: 'acknowledged', by, at: Math.max(touch.at, since), turn: 1 }] : [];
  return [...acknowledged, ...crossings(history, statuses, since)].toSorted((a, b) => a.at - b.at);
}

function isTouch(change: IssueChange, statuses: readonly IssueChange[]): boolean {
  if (change.field === 'assignee') return change.to !== undefined;
  return change.field === 'status' && !(change.own && mayBeOurs(change, statuses));
}

function mayBeOurs(change: IssueChange, statuses: readonly IssueChange[]): boolean {
  const before = statuses.findLast(({ at }) => at < change.at);
  if (change.done === true || before?.done === true) return true;
  return statuses.some(({ own, done, at }) => own && done === true && at >= change.at && at <= change.at + WALK_MS);
}

function crossings(
  history: readonly IssueChange[],
  statuses: readonly IssueChange[],
  since: EpochMs,
): readonly Milestone[] {
  const found: Milestone[] = [];
  const turns = { resolved: 0, reopened: 0 };
  let wasDone = false;
  for (const { at, done } of statuses) {
    if (done === wasDone) continue;
    wasDone = done === true;
    if (at < since) continue;
    const fact = wasDone ? 'resolved' : 'reopened';
    turns[fact] += 1;
    const resolution = wasDone ? resolutionAt(history, at) : undefined;
    if (fact === 'reopened') found.push({ fact, at, turn: turns.reopened });
    else found.push({ fact, at, turn: turns.resolved, ...(resolution === undefined ? {} : { resolution }) });
  }
  return found;
}

function resolutionAt(history: readonly IssueChange[], at: EpochMs): string | undefined {
  return history.findLast((change) => change.field === 'resolution' && change.at <= at + BESIDE_MS)?.to;
}
