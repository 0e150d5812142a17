import { DAY_MS, type EpochMs } from '../../domain/time.ts';
import { type Scope, within } from './scope.ts';
import type { Story } from './story.ts';

export type SlaTargetName = 'acknowledge' | 'resolve';

/** How one target of one issue stands at the end of a period. */
export interface SlaVerdict {
  target: SlaTargetName;
  dueAt: EpochMs;
  doneAt?: EpochMs;
  /** It was decided in the period: met when it was done in time, missed when the time was up. */
  decided?: 'met' | 'missed';
  /** Open at the end. */
  standing?: 'overdue' | 'due-soon';
}

/** Open issues are told this long before time is up. */
const SOON_MS = DAY_MS;

/**
 * Judges the targets of an issue. A target is decided once: at the moment when it was done in time, else when its time
 * was up, so that every issue counts in one period; one that is reopened after its time was up is decided again then.
 */
export function slaVerdicts(story: Story, scope: Scope): SlaVerdict[] {
  const { own, alert, acknowledgedAt, resolvedAt, reopens, goneAt } = story;
  const target = scope.sla.targets[alert.severity];
  // Of an issue that is no more nobody can say whether it would have been in time.
  if (!own || !target || goneAt !== undefined) return [];
  const verdicts: SlaVerdict[] = [];
  if (target.acknowledgeMs !== undefined) {
    const dueAt = scope.clock.due(own.at, target.acknowledgeMs);
    verdicts.push(judge({ target: 'acknowledge', dueAt, doneAt: acknowledgedAt, notBefore: own.at }, scope));
  }
  if (target.resolveMs !== undefined) {
    const dueAt = scope.clock.due(own.at, target.resolveMs);
    const notBefore = reopens.at(-1) ?? own.at;
    verdicts.push(judge({ target: 'resolve', dueAt, doneAt: resolvedAt, notBefore }, scope));
  }
  return verdicts;
}

function judge(
  one: { target: SlaTargetName; dueAt: EpochMs; doneAt: EpochMs | undefined; notBefore: EpochMs },
  scope: Scope,
): SlaVerdict {
  const { target, dueAt, doneAt } = one;
  const base = { target, dueAt, ...(doneAt === undefined ? {} : { doneAt }) };
  if (doneAt !== undefined && doneAt <= dueAt) return within(scope, doneAt) ? { ...base, decided: 'met' } : base;
  if (dueAt < scope.end) {
    const missed = within(scope, Math.max(dueAt, one.notBefore)) ? { decided: 'missed' as const } : {};
    return { ...base, ...missed, ...(doneAt === undefined ? { standing: 'overdue' as const } : {}) };
  }
  return doneAt === undefined && dueAt < scope.end + SOON_MS ? { ...base, standing: 'due-soon' } : base;
}
