import type { TenantId } from '../../domain/alert.ts';
import type { Facts } from '../../ledger/facts/facts-port.ts';
import type { Scope } from './scope.ts';
import { type SlaVerdict, slaVerdicts } from './sla-verdict.ts';
import { type Story, storyOf } from './story.ts';

/**
 * Hands on what had become of each alert that concerns a period, in the order of the facts; keeps none of them. `only`
 * figures: without what an alert is called and whom it names.
 */
export async function eachStory(
  facts: Facts,
  { tenant, only }: { tenant: TenantId; only?: 'figures' },
  scope: Scope,
  take: (story: Story, verdicts: readonly SlaVerdict[]) => void,
): Promise<void> {
  const { from, to, asOf } = scope;
  const ask = { tenant, from, to, asOf, ...(only === undefined ? {} : { only }) };
  for await (const page of facts.between(ask))
    for (const alert of page) {
      const story = storyOf(alert, scope);
      take(story, slaVerdicts(story, scope));
    }
}
