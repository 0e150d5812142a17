import type { ASTNode } from '@marcbachmann/cel-js';
import { nodesOf } from '../expressions/expression-use.ts';

/**
 * Whether an expression can only become true, never false, by a user being in more groups: then a group that is known
 * settles it, whatever other groups there are. Anything but plain asking for membership counts as no.
 */
export function addsByGroups(node: ASTNode): boolean {
  if (!namesGroups(node)) return true;
  switch (node.op) {
    case '&&':
    case '||':
      return node.args.every(addsByGroups);
    case 'in':
      return isGroups(node.args[1]) && !namesGroups(node.args[0]);
    case 'rcall': {
      const [name, receiver, args] = node.args;
      const [, predicate] = args;
      if (name !== 'exists' || !predicate) return false;
      return isGroups(receiver) ? !namesGroups(predicate) : !namesGroups(receiver) && addsByGroups(predicate);
    }
    default:
      return false;
  }
}

function namesGroups(node: ASTNode): boolean {
  return nodesOf(node).some(isGroups);
}

function isGroups(node: ASTNode): boolean {
  return node.op === '.' && node.args[1] === 'groups';
}
