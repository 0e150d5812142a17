import type { Agreement, SyncPolicy } from '../../domain/link.ts';
import type { SyncAction } from '../../domain/sync-action.ts';
import { type EpochMs, HOUR_MS } from '../../domain/time.ts';
import { closingVerdict } from './closing-verdict.ts';
import type { PairView } from './reconcile.ts';

/**
 * What one side refused is tried again each hour, when a person asks for it, when the issue has changed, and when the
 * configuration says something else: the mend may be in a workflow or in permissions, which tell nobody of it.
 */

/** What is written to one side of a pair. */
export type SyncWrite = Exclude<SyncAction, { do: 'tell-issue' }>;

/** What the configuration has to say of such a write, to be compared with what it said then. */
export function wordOn(what: SyncWrite['do'], { fromJira, fromDefender }: SyncPolicy): string {
  return what.endsWith('issue') ? (fromDefender?.transitionTo ?? '') : String(fromJira?.closeAlert ?? false);
}

export interface RetryView {
  policy: SyncPolicy;
  /** When the issue last changed; absent where it was not read. */
  updatedAt: EpochMs | undefined;
  now: EpochMs;
  /** A person asks for it. */
  asked?: boolean | undefined;
}

/** Whether a refused write is worth another try. */
export function isWorthATry({ left, at }: Agreement, { policy, updatedAt, now, asked }: RetryView): boolean {
  if (!left) return false;
  const isLate = now - at >= HOUR_MS || now < at;
  return asked === true || isLate || wordOn(left.what, policy) !== left.policy || (updatedAt ?? 0) > left.seenTo;
}

/** The write that was refused, as far as the pair still asks for it. */
export function writeLeft(pair: PairView): SyncWrite | undefined {
  const { alert, issue, policy, othersOpen, reopens, agreed } = pair;
  const to = policy.fromDefender?.transitionTo;
  const { fromJira } = policy;
  const because = 'it was refused before';
  switch (agreed.left?.what) {
    case 'move-issue':
      if (to === undefined || alert.seen !== 'closed' || issue.seen !== 'open' || othersOpen > 0) return undefined;
      return { do: 'move-issue', to, because };
    case 'reopen-issue':
      if (to === undefined || alert.seen !== 'open' || issue.seen !== 'done') return undefined;
      return { do: 'reopen-issue', because };
    case 'close-alert':
      if (!fromJira?.closeAlert || alert.seen !== 'open' || issue.seen !== 'done') return undefined;
      return { do: 'close-alert', verdict: closingVerdict(issue.resolution, fromJira), because };
    case 'reopen-alert':
      if (!fromJira?.closeAlert || !reopens || alert.seen !== 'closed' || issue.seen !== 'open') return undefined;
      return { do: 'reopen-alert', because };
    case undefined:
      return undefined;
  }
}
