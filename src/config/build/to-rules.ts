import type { Rule, RuleThen } from '../../rules/rule.ts';
import { keyPath, type Problems } from '../problems.ts';
import type { RuleSettings } from '../shape/rules-schema.ts';
import type { Loose } from '../shape/schema.ts';

type ThenSettings = Loose<RuleSettings['then']>;

/** Makes the rules, and checks what concerns several keys of one, or several rules. */
export function toRules(settings: readonly Loose<RuleSettings>[], problems: Problems): readonly Rule[] {
  const names = new Set<string>();
  return settings.flatMap((rule, index) => {
    if (rule === undefined) return [];
    const path = keyPath('rules', index);
    const { name = '', when = '' } = rule;
    if (name !== '' && names.has(name))
      problems.add({ key: keyPath(path, 'name'), says: 'names two rules', mend: 'give each a name of its own' });
    names.add(name);
    checkThen(rule.then ?? {}, keyPath(path, 'then'), problems);
    // biome-ignore lint/suspicious/noThenProperty: the word of the configuration; nobody awaits a rule.
    return [{ name: name.replace(/\s+/g, ' ').trim(), when, then: toThen(rule.then ?? {}) }];
  });
}

function checkThen(then: ThenSettings, path: string, problems: Problems): void {
  const keys = Object.keys(then);
  if (keys.length === 0 && !problems.has(path) && !problems.hasBelow(path))
    problems.add({ key: path, says: 'says nothing', mend: 'give priority, labels, suppress or another key' });
  if ('suppress' in then && keys.length > 1)
    problems.add({
      key: keyPath(path, 'suppress'),
      says: 'leaves no ticket of which the other keys could say something',
      mend: 'put them in a rule of their own',
    });
  if (then.raisePriorityBy === 0)
    problems.add({ key: keyPath(path, 'raisePriorityBy'), says: '0 moves nothing', mend: 'leave it out' });
  if (then.group?.by?.length === 0 && !problems.has(keyPath(keyPath(path, 'group'), 'by')))
    problems.add({ key: keyPath(keyPath(path, 'group'), 'by'), says: 'is empty', mend: 'write [tenant, user, type]' });
}

function toThen({ group, ...rest }: ThenSettings): RuleThen {
  if (group === undefined) return rest as RuleThen;
  const { by = [], within = 0, whenDone = 'raise' } = group;
  return { ...(rest as RuleThen), group: { by: by.flatMap((word) => word ?? []), withinMs: within, whenDone } };
}
