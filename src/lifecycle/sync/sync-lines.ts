import type { SyncDeed, SyncEnding, SyncLine } from '../../domain/sync-outcome.ts';
import { sayNews } from '../../rules/in-step/sync-news.ts';
import type { PairPlan } from './plan-pairs.ts';
import type { TenantSyncPass } from './sync-tenant-parts.ts';

/** The lines of a plan that is not done. */
export async function plannedLines(pass: TenantSyncPass, plans: readonly PairPlan[]): Promise<readonly SyncLine[]> {
  const lines: SyncLine[] = [];
  for (const plan of plans) {
    const isGone = plan.agreed?.issue === 'gone';
    if (plan.actions.length === 0 && !isGone) continue;
    const title = await titleOf(pass, plan);
    if (isGone) lines.push(lineOf({ plan, title, deed: 'give-up-issue', ending: 'would', why: plan.why }));
    for (const action of plan.actions) {
      const why = action.do === 'tell-issue' ? sayNews(action.news) : action.because;
      lines.push(lineOf({ plan, title, deed: action.do, ending: 'would', why }));
    }
  }
  return lines;
}

interface LineParts {
  plan: PairPlan;
  title: string;
  deed: SyncDeed;
  ending: SyncEnding;
  why: string;
}

/** One deed of a plan as a person reads it. */
export function lineOf({ plan: { pair }, title, ...rest }: LineParts): SyncLine {
  const { tenant, alertId, key } = pair.link;
  return { tenant, alertId, key, title, ticket: pair.ticket, ...rest };
}

/** A source that was only asked what changed has not shown the alert; then the ledger knows its title. */
export async function titleOf({ parts }: TenantSyncPass, { pair: { record, link } }: PairPlan): Promise<string> {
  if (record) return record.title;
  return (await parts.ledger.overview.history(link.key))?.line.title ?? '';
}
