import { compileExpression } from '../expressions/expression.ts';
import { nodesOf } from '../expressions/expression-use.ts';
import type { Rule } from '../rule.ts';

/** Names of the rules that may have to know the groups of a user. */
export function rulesWithGroups(rules: readonly Rule[]): readonly string[] {
  return rules
    .filter(({ when }) =>
      nodesOf(compileExpression(when).ast).some((node) => node.op === '.' && node.args[1] === 'groups'),
    )
    .map(({ name }) => name);
}
