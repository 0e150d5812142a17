import { DAY_MS, type EpochMs } from '../../domain/time.ts';
import { type Scope, within } from './scope.ts';
import { isOpen, type Story, wasGoneAt } from './story.ts';

export type SlaTargetName = 'acknowledge' | 'resolve';

/** How one target of one issue stands at the end of a period. */
export interface SlaVerdict {
  target: SlaTargetName;
  dueAt: EpochMs;
  /** The first time that it was done; absent while it waits, be it again. */
  doneAt?: EpochMs;
  /** It was decided in the period: met when it was done in time, missed when the time was up. */
  decided?: 'met' | 'missed';
  /** Open at the end. */
  standing?: 'overdue' | 'due-soon';
}

/** Open issues are told this long before time is up. */
const SOON_MS = DAY_MS;

/**
 * Judges the targets of an issue. A target is decided once, at the earlier of being met and of its due instant passing;
 * reopening, deleting or moving the issue afterwards changes nothing. Of an issue that is deleted at that moment nobody
 * can say whether it would have been in time: its target is not decided.
 */
export function slaVerdicts(story: Story, scope: Scope): SlaVerdict[] {
  const { own, alert, acknowledgedAt, resolves } = story;
  const target = scope.sla.targets[alert.severity];
  if (!own || !target) return [];
  const judgeOne = (name: SlaTargetName, ms: number, doneAt: EpochMs | undefined, isDone: boolean) =>
    judge(story, { target: name, dueAt: scope.clock.due(own.at, ms), doneAt, isDone }, scope);
  const { acknowledgeMs, resolveMs } = target;
  return [
    ...(acknowledgeMs === undefined
      ? []
      : [judgeOne('acknowledge', acknowledgeMs, acknowledgedAt, acknowledgedAt !== undefined)]),
    ...(resolveMs === undefined ? [] : [judgeOne('resolve', resolveMs, resolves[0], !isOpen(story))]),
  ];
}

/** `doneAt`: the first time; `isDone`: at the end of the period, and not reopened since. */
function judge(
  story: Story,
  one: { target: SlaTargetName; dueAt: EpochMs; doneAt: EpochMs | undefined; isDone: boolean },
  scope: Scope,
): SlaVerdict {
  const { target, dueAt, doneAt, isDone } = one;
  const base = { target, dueAt, ...(doneAt === undefined || !isDone ? {} : { doneAt }) };
  if (doneAt !== undefined && doneAt <= dueAt) return within(scope, doneAt) ? { ...base, decided: 'met' } : base;
  const isPending = isOpen(story) && !isDone;
  if (dueAt < scope.end) {
    const missed = within(scope, dueAt) && !wasGoneAt(story, dueAt) ? { decided: 'missed' as const } : {};
    return { ...base, ...missed, ...(isPending ? { standing: 'overdue' as const } : {}) };
  }
  return isPending && dueAt < scope.end + SOON_MS ? { ...base, standing: 'due-soon' } : base;
}
