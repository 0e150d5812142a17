import type { Verdict } from '../../domain/alert.ts';
import type { Agreement, AlertSide, IssueSide, SyncPolicy } from '../../domain/link.ts';
import type { SyncAction } from '../../domain/sync-action.ts';
import type { EpochMs } from '../../domain/time.ts';
import { closingVerdict } from './closing-verdict.ts';

/** One pair as it stands, and what may be done to it. */
export interface PairView {
  alert: AlertSide;
  issue: IssueSide;
  agreed: Agreement;
  policy: SyncPolicy;
  /** Other alerts of the same issue that are still open. */
  othersOpen: number;
  /** Whether the source can open a closed alert again. */
  reopens: boolean;
}

/** What is to be done to a pair. */
export interface Reconciliation {
  /** In this order. */
  actions: readonly SyncAction[];
  /** What holds once the actions are done; absent when that is what was agreed on before. */
  agreed?: Agreement;
  /** What to agree on instead when an action is refused: both sides as they are, so that it is tried and said once. */
  asSeen: Agreement;
  /** Who moved the issue, and when, decides: ask its history and call again with `changedAt` and `own` filled in. */
  needsHistory: boolean;
  why: string;
}

type SeenAlert = Extract<AlertSide, { seen: 'open' | 'closed' }>;
type SeenIssue = Extract<IssueSide, { seen: 'open' | 'done' }>;
/** A pair of which both sides are there. */
type Seen = PairView & { alert: SeenAlert; issue: SeenIssue };

/**
 * Compares an alert and its issue with what both last agreed on, and says what is to be done. Fed with its own result
 * it has nothing to do. docs/lifecycle.md has a row for every combination.
 */
export function reconcile(pair: PairView, now: EpochMs): Reconciliation {
  const { alert, issue } = pair;
  if (alert.seen === 'unknown') return unchanged(pair, `nothing is known of the alert: ${alert.why}`);
  if (issue.seen === 'unknown' || issue.seen === 'hidden')
    return unchanged(pair, `nothing is known of the issue: ${issue.why}`);
  if (issue.seen === 'gone') return withoutIssue(pair, issue.why, now);
  if (alert.seen === 'gone') return withoutAlert(pair, now);
  return compare({ ...pair, alert, issue }, now);
}

function unchanged({ agreed }: PairView, why: string): Reconciliation {
  return { actions: [], asSeen: agreed, needsHistory: false, why };
}

function withoutIssue(pair: PairView, why: string, now: EpochMs): Reconciliation {
  if (pair.agreed.issue === 'gone') return unchanged(pair, why);
  const agreed: Agreement = { ...pair.agreed, issue: 'gone', at: now };
  return { actions: [], agreed, asSeen: agreed, needsHistory: false, why };
}

function withoutAlert(pair: PairView, now: EpochMs): Reconciliation {
  const issue = pair.issue.seen === 'done' ? 'done' : 'open';
  const { alert: before } = bornAnew(pair.agreed);
  const agreed: Agreement = { alert: 'gone', issue, at: now };
  const why = 'the source no longer knows the alert';
  const heard = pair.policy.fromDefender !== undefined || closes(pair);
  const said = pair.agreed.alert === 'gone' && pair.agreed.issue !== 'gone';
  // A done issue need not hear that its closed alert grew too old for the source.
  const tells = heard && !said && !(before === 'closed' && issue === 'done');
  return {
    actions: tells ? [{ do: 'tell-issue', news: { kind: 'alert-gone' } }] : [],
    ...(said && pair.agreed.issue === issue ? {} : { agreed }),
    asSeen: agreed,
    needsHistory: false,
    why,
  };
}

/** Where one side was gone and is back, the pair is compared as at its birth. */
function bornAnew({ alert, issue, verdict }: Agreement): {
  alert: 'open' | 'closed';
  issue: 'open' | 'done';
  verdict?: Verdict;
} {
  if (alert === 'gone' || issue === 'gone') return { alert: 'open', issue: 'open' };
  return { alert, issue, ...(verdict === undefined ? {} : { verdict }) };
}

function compare(pair: Seen, now: EpochMs): Reconciliation {
  const before = bornAnew(pair.agreed);
  const alertMoved = pair.alert.seen !== before.alert;
  const issueMoved = pair.issue.seen !== before.issue;
  const told = alertMoved ? [] : reassessed(pair, before.verdict);
  if (alertMoved && issueMoved) return bothMoved(pair, now);
  if (alertMoved) return settle(pair, now, { actions: alertLeads(pair, tellAlert(pair)), why: 'the alert changed' });
  if (!issueMoved)
    return settle(pair, now, { actions: told, why: told.length > 0 ? 'the verdict changed' : 'nothing changed' });
  const ours = pair.alert.seen === 'closed' && pair.issue.seen === 'open' && pair.othersOpen > 0 && closes(pair);
  // Another alert of the issue was reopened, and we reopened the issue for it: that is no word on this alert.
  if (ours && pair.issue.own)
    return settle(pair, now, { actions: told, why: 'we reopened the issue for another of its alerts' });
  const needsHistory = ours && pair.issue.own === undefined;
  return settle(pair, now, { actions: [...told, ...issueLeads(pair)], why: 'the issue changed', needsHistory });
}

function bothMoved(pair: Seen, now: EpochMs): Reconciliation {
  const { alert, issue, policy } = pair;
  const needsHistory = issue.own === undefined;
  if (alert.seen === 'open' && issue.seen === 'open')
    return settle(pair, now, { actions: [], why: 'both are open again' });
  if (alert.seen === 'open' || issue.seen === 'open') {
    const actions = dispute(pair, () => alertLeads(pair, []));
    return settle(pair, now, { actions, why: 'alert and issue changed apart', needsHistory });
  }
  const why = 'both were closed';
  if (!closes(pair) || !policy.fromJira) return settle(pair, now, { actions: tellAlert(pair), why });
  // An earlier pass moved the issue and ended before it could say so.
  if (issue.own) return settle(pair, now, { actions: tellAlert(pair), why: 'we moved the issue after the alert' });
  const wanted = closingVerdict(issue.resolution, policy.fromJira);
  if (alert.verdict === wanted || alert.verdict === 'unspecified') {
    const untold = needsHistory && policy.fromDefender !== undefined;
    return settle(pair, now, { actions: [], why, needsHistory: untold });
  }
  const actions = dispute(pair, () => []);
  return settle(pair, now, { actions, why: 'both were closed, with different verdicts', needsHistory });
}

/** The later human act wins, and the issue is told; where nobody knows which was later, the issue's side wins. */
function dispute(pair: Seen, alertWins: () => readonly SyncAction[]): readonly SyncAction[] {
  const { alert, issue } = pair;
  const alertAt = alert.seen === 'closed' ? alert.at : undefined;
  const issueAt = issue.changedAt;
  const known = alertAt !== undefined && issueAt !== undefined;
  const winner = issue.own || (known && alertAt > issueAt) ? 'alert' : 'issue';
  const why = issue.own
    ? "the issue's last change was our own"
    : known
      ? `the ${winner} was changed later`
      : 'which was changed later is not known, and then the issue counts';
  const seen =
    alert.seen === 'closed' ? { verdict: alert.verdict, ...(alert.by === undefined ? {} : { by: alert.by }) } : {};
  const tell: SyncAction = { do: 'tell-issue', news: { kind: 'disputed', winner, why, ...seen } };
  const heard = pair.policy.fromDefender !== undefined || closes(pair) ? [tell] : [];
  return [...heard, ...(winner === 'alert' ? alertWins() : issueLeads(pair, 'over the alert'))];
}

function closes({ policy }: PairView): boolean {
  return policy.fromJira?.closeAlert === true;
}

/** `over the alert`: what the issue says also replaces the verdict that the alert was closed with. */
function issueLeads(pair: Seen, over?: 'over the alert'): readonly SyncAction[] {
  const { alert, issue, policy, reopens } = pair;
  if (!closes(pair) || !policy.fromJira) return [];
  if (issue.seen === 'done') {
    // A closed alert keeps its verdict: the issue may have been moved because of it.
    if (alert.seen === 'closed' && !over) return [];
    const because = `its issue is ${issue.status}${issue.resolution === undefined ? '' : ` (${issue.resolution})`}`;
    return [{ do: 'close-alert', verdict: closingVerdict(issue.resolution, policy.fromJira), because }];
  }
  if (alert.seen === 'open') return [];
  if (reopens) return [{ do: 'reopen-alert', because: `its issue was reopened (${issue.status})` }];
  return [{ do: 'tell-issue', news: { kind: 'alert-stays-closed' } }];
}

function alertLeads(pair: Seen, told: readonly SyncAction[]): readonly SyncAction[] {
  const { alert, issue, policy, othersOpen } = pair;
  const to = policy.fromDefender?.transitionTo;
  if (to === undefined) return told;
  if (alert.seen === 'open')
    return issue.seen === 'open' ? told : [...told, { do: 'reopen-issue', because: 'its alert was reopened' }];
  if (issue.seen === 'done' || othersOpen > 0) return told;
  return [...told, { do: 'move-issue', to, because: 'its alert was closed' }];
}

function tellAlert({ alert, policy }: Seen): readonly SyncAction[] {
  if (!policy.fromDefender) return [];
  if (alert.seen === 'open') return [{ do: 'tell-issue', news: { kind: 'alert-reopened' } }];
  const { seen: _seen, ...closing } = alert;
  return [{ do: 'tell-issue', news: { kind: 'alert-closed', ...closing } }];
}

/** A closing without a verdict says nothing against one that was known. */
function reassessed({ alert, policy }: Seen, before: Verdict | undefined): readonly SyncAction[] {
  if (alert.seen === 'open' || alert.verdict === 'unspecified' || alert.verdict === before) return [];
  if (!policy.fromDefender) return [];
  const { seen: _seen, ...closing } = alert;
  const from = before === undefined ? {} : { from: before };
  return [{ do: 'tell-issue', news: { kind: 'verdict-changed', ...from, ...closing } }];
}

function settle(
  pair: Seen,
  now: EpochMs,
  { actions, why, needsHistory = false }: { actions: readonly SyncAction[]; why: string; needsHistory?: boolean },
): Reconciliation {
  const asSeen = seenNow(pair, now);
  const agreed = actions.reduce(after, asSeen);
  const { alert, issue, verdict } = pair.agreed;
  const same = agreed.alert === alert && agreed.issue === issue && agreed.verdict === verdict;
  return { actions, ...(same ? {} : { agreed }), asSeen, needsHistory, why };
}

function seenNow({ alert, issue, agreed }: Seen, now: EpochMs): Agreement {
  if (alert.seen === 'open') return { alert: 'open', issue: issue.seen, at: now };
  const known = alert.verdict === 'unspecified' && agreed.alert === 'closed' ? agreed.verdict : undefined;
  return { alert: 'closed', verdict: known ?? alert.verdict, issue: issue.seen, at: now };
}

/** What both sides agree on once the action is done. */
export function after(agreed: Agreement, action: SyncAction): Agreement {
  const { verdict: _verdict, ...open } = agreed;
  switch (action.do) {
    case 'close-alert':
      return { ...agreed, alert: 'closed', verdict: action.verdict };
    case 'reopen-alert':
      return { ...open, alert: 'open' };
    case 'move-issue':
      return { ...agreed, issue: 'done' };
    case 'reopen-issue':
      return { ...agreed, issue: 'open' };
    case 'tell-issue':
      return agreed;
  }
}
