import type { IssueChange } from '../../domain/issue-change.ts';
import { issueOf, type SyncPolicy } from '../../domain/link.ts';
import { isWorthATry, writeLeft } from '../../rules/in-step/left-over.ts';
import { after, type PairView, type Reconciliation, reconcile } from '../../rules/in-step/reconcile.ts';
import { type Pair, retryOf } from './look-at-pairs.ts';
import type { TenantSyncPass } from './sync-tenant-parts.ts';

/** A pair with what is to be done to it. */
export interface PairPlan extends Reconciliation {
  pair: Pair;
  /** Other alerts of the issue that were open when this was planned, as far as the ledger knew. */
  othersOpen: number;
  /** It was refused before, and the issue knows. */
  again?: true;
}

/**
 * What is to be done to each pair that is not as agreed; those to which nothing is done are left out.
 * @throws EdgeFailure when an issue's history is needed and cannot be read.
 */
export async function planPairs(pass: TenantSyncPass, pairs: readonly Pair[]): Promise<readonly PairPlan[]> {
  const { policy } = pass;
  const open = await openAlertsOf(pass, pairs);
  const plans: PairPlan[] = [];
  for (const pair of pairs) {
    const others = open.get(issueOf(pair.link)) ?? new Set();
    const view = {
      ...pair,
      agreed: pair.link.agreed,
      policy,
      othersOpen: others.size - (others.has(pair.link.key) ? 1 : 0),
      reopens: pass.own.keeper.reopens,
    };
    const now = pass.parts.clock.now();
    const first = reconcile(view, now);
    const issue = first.needsHistory ? await withHistory(pass, pair) : undefined;
    const fresh = issue ? reconcile({ ...view, issue }, now) : first;
    const plan = fresh.agreed || fresh.actions.length > 0 ? fresh : (tryAgain(pass, view, pair) ?? fresh);
    const moved = pair.ticket.key !== pair.link.ticket.key;
    if (plan.actions.length > 0 || plan.agreed || moved) plans.push({ ...plan, pair, othersOpen: view.othersOpen });
  }
  return plans;
}

/** What was refused once is tried again, or is no longer asked for. */
function tryAgain(pass: TenantSyncPass, view: PairView, pair: Pair): (Reconciliation & { again: true }) | undefined {
  const { left, ...agreed } = view.agreed;
  const retry = retryOf(pass, pair);
  const { now } = retry;
  if (!isWorthATry(view.agreed, retry) || (view.issue.seen !== 'open' && view.issue.seen !== 'done')) return undefined;
  const action = writeLeft(view);
  const asSeen = { ...agreed, at: now };
  const actions = action ? [action] : [];
  return {
    actions,
    agreed: actions.reduce(after, asSeen),
    asSeen,
    needsHistory: false,
    why: left?.why ?? '',
    again: true,
  };
}

/** The open alerts of each issue, by this pass's eyes where it looked, else as agreed. */
async function openAlertsOf({ parts }: TenantSyncPass, pairs: readonly Pair[]): Promise<Map<string, Set<string>>> {
  const seen = new Map(pairs.map(({ link, alert }) => [link.key, alert.seen]));
  const open = new Map<string, Set<string>>();
  for (const [site, ofSite] of Map.groupBy(pairs, ({ link }) => link.site)) {
    const ids = [...new Set(ofSite.map(({ link }) => link.ticket.id))];
    for (const link of await parts.ledger.links.ofTickets(site, ids)) {
      const now = seen.get(link.key) ?? link.agreed.alert;
      const place = issueOf(link);
      const keys = open.get(place) ?? new Set();
      if (now === 'open' || (now === 'unknown' && link.agreed.alert === 'open')) keys.add(link.key);
      open.set(place, keys);
    }
  }
  return open;
}

/** The issue with who moved it into or out of done last, and when; without its history nobody of ours did. */
async function withHistory({ parts }: TenantSyncPass, { link, issue }: Pair): Promise<Pair['issue']> {
  if (issue.seen !== 'open' && issue.seen !== 'done') return issue;
  const watch = parts.sites.get(link.site)?.watch;
  const crossing = watch && lastCrossing(await watch.history(link.ticket.id), issue.seen === 'done');
  return crossing ? { ...issue, changedAt: crossing.at, own: crossing.own } : { ...issue, own: false };
}

/** The change that brought the issue to where it is: the first of the last changes of status that agree with it. */
function lastCrossing(history: readonly IssueChange[], done: boolean): IssueChange | undefined {
  let crossing: IssueChange | undefined;
  for (const change of history.filter(({ field }) => field === 'status').toReversed()) {
    if (change.done !== done) break;
    crossing = change;
  }
  return crossing;
}

/** Names of the resolutions that mean the verdict, for the screen on which an issue is moved. */
export function resolutionsOf({ fromJira }: SyncPolicy, verdict: string): readonly string[] {
  return [...(fromJira?.verdicts ?? [])].flatMap(([name, means]) => (means === verdict ? [name] : []));
}
