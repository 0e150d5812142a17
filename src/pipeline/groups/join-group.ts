import { GROUPED_LABEL } from '../../domain/ticket.ts';
import type { TenantPass } from '../pass-parts.ts';
import type { Proposal } from '../propose.ts';

/**
 * Whether an alert that a rule groups goes to another alert's issue instead of one of its own. It is then out of our
 * hands and waits in the ledger until its group's issue is known; so it does when it was no longer ours.
 */
export async function goesToAnother(
  { parts, tenant }: TenantPass,
  { decision, draft, line }: Extract<Proposal, { draft: unknown }>,
): Promise<boolean> {
  const { group: wish } = decision;
  if (!wish) return false;
  const { ledger, owner, clock, progress } = parts;
  const { key, createdAt } = line;
  const joined = await ledger.groups.join({
    key,
    tenant,
    owner,
    wish,
    route: draft.route,
    createdAt,
    proposal: JSON.stringify(line),
    now: clock.now(),
    ...(draft.priority === undefined ? {} : { priority: draft.priority }),
  });
  if (joined) progress({ event: 'joined', tenant, key, leads: joined.leads });
  return joined?.leads !== true;
}

/** The proposal as its issue is raised: that of a group says so by a label. */
export function asFirst(proposal: Extract<Proposal, { draft: unknown }>): Extract<Proposal, { draft: unknown }> {
  const { draft, decision } = proposal;
  return decision.group ? { ...proposal, draft: { ...draft, labels: [...draft.labels, GROUPED_LABEL] } } : proposal;
}
