import type { AffectedUser, Alert } from '../domain/alert.ts';
import type { IpFinding } from '../domain/finding.ts';
import { classify } from '../rules/categories/classify.ts';
import { decide, type Judgement } from '../rules/decide.ts';
import { type Facts, type KnownGroups, userKey } from '../rules/expressions/rule-scope.ts';
import type { PassParts, TenantParts } from './pass-parts.ts';

/** Users of one alert whose groups are asked for at the most. */
const MOST_USERS = 25;

export interface Judged {
  judgement: Judgement;
  findings: readonly IpFinding[];
}

/**
 * Decides on an alert, asking as little as the rules need: a rule that suppresses by the alert's own words spares the
 * look-ups; groups are asked for when the addresses left a rule undecided that needs them.
 */
export async function judge(alert: Alert, own: TenantParts, parts: PassParts): Promise<Judged> {
  let facts: Facts = { now: parts.clock.now(), category: classify(alert), groups: new Map() };
  let judgement = decide(alert, own.policy, facts);
  if (judgement.decision.action !== 'raise') return { judgement, findings: [] };
  const findings =
    alert.ips.length === 0
      ? []
      : await parts.lookUps.lookUp(
          alert.ips.map(({ address }) => address),
          alert.severity,
        );
  facts = { ...facts, findings };
  if (judgement.needs.findings) judgement = decide(alert, own.policy, facts);
  // An answer may bring a rule to ask after the next user.
  while (judgement.needs.groupsOf.length > 0) {
    facts = { ...facts, groups: await askedGroups(judgement.needs.groupsOf, facts.groups, own) };
    judgement = decide(alert, own.policy, facts);
  }
  return { judgement, findings };
}

async function askedGroups(
  users: readonly AffectedUser[],
  known: Facts['groups'],
  { groups }: TenantParts,
): Promise<Facts['groups']> {
  const room = MOST_USERS - known.size;
  const answers = await Promise.all(
    users.map(async (user, i): Promise<[string, KnownGroups]> => {
      const why = `only the first ${MOST_USERS} users of an alert are asked about`;
      return [userKey(user), i < room ? await groups.of(user) : { known: false, why }];
    }),
  );
  return new Map([...known, ...answers]);
}
