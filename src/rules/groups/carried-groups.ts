import type { Alert } from '../../domain/alert.ts';
import { type Facts, userKey } from '../expressions/rule-scope.ts';

/** What Defender's records call a user group that the user of an alert is in. */
const GROUP_TYPES: ReadonlySet<string> = new Set(['groupTag']);

/**
 * The facts with the user groups that the alert itself names taken for its user's; `undefined` where it names none,
 * where it is about several users, so that the groups may be anyone's, or where the user's groups are known.
 */
export function withCarriedGroups(alert: Alert, facts: Facts): Facts | undefined {
  const [user, ...others] = alert.users;
  if (!user || others.length > 0 || facts.groups.get(userKey(user))?.known) return undefined;
  const groups = alert.entities
    .filter(({ type }) => GROUP_TYPES.has(type))
    .map(({ id, label }) => ({ id, name: label }));
  if (groups.length === 0) return undefined;
  return { ...facts, groups: new Map([...facts.groups, [userKey(user), { known: true, groups }]]) };
}
