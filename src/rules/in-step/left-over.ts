import type { Agreement, SyncPolicy } from '../../domain/link.ts';
import type { SyncAction } from '../../domain/sync-action.ts';
import type { EpochMs } from '../../domain/time.ts';
import { closingVerdict } from './closing-verdict.ts';
import type { PairView } from './reconcile.ts';

/** What one side refused is tried again when the issue has changed, or when the configuration says something else. */

/** What is written to one side of a pair. */
export type SyncWrite = Exclude<SyncAction, { do: 'tell-issue' }>;

/** Our own comment, which says that it was refused, is no change. */
const OWN_COMMENT_MS = 120_000;

/** What the configuration has to say of such a write, to be compared with what it said then. */
export function wordOn(what: SyncWrite['do'], { fromJira, fromDefender }: SyncPolicy): string {
  return what.endsWith('issue') ? (fromDefender?.transitionTo ?? '') : String(fromJira?.closeAlert ?? false);
}

/** Whether a refused write is worth another try. */
export function isWorthATry(agreed: Agreement, policy: SyncPolicy, updatedAt: EpochMs | undefined): boolean {
  const { left, at } = agreed;
  if (!left) return false;
  return wordOn(left.what, policy) !== left.policy || (updatedAt !== undefined && updatedAt > at + OWN_COMMENT_MS);
}

/** The write that was refused, as far as the pair still asks for it. */
export function writeLeft(pair: PairView): SyncWrite | undefined {
  const { alert, issue, policy, othersOpen, reopens, agreed } = pair;
  const to = policy.fromDefender?.transitionTo;
  const { fromJira } = policy;
  const because = 'it was refused before, and the issue or the configuration has changed';
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
