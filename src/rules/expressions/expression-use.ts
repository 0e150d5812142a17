import type { ASTNode } from '@marcbachmann/cel-js';
import { SEVERITIES } from '../../domain/alert.ts';
import { categoryPath } from '../../domain/category.ts';
import { nearest } from '../../domain/nearest.ts';
import { categoryNamed, nearestCategory } from '../categories/classify.ts';
import { compilePattern } from './linear-matches.ts';

/** A use that type-checks and can still only be a mistake; `start` is its offset in the expression. */
export interface UseProblem {
  start: number;
  says: string;
  mend?: string;
}

/** Walks an expression for what its types allow and its author cannot mean. */
export function checkUse(ast: ASTNode): UseProblem[] {
  return [...nodesOf(ast)].flatMap((node) => [...hiding(node), ...pattern(node), ...choice(node)]);
}

/** Every node of an expression, the whole first. */
export function* nodesOf(node: ASTNode): Generator<ASTNode> {
  yield node;
  for (const child of childrenOf(node.args)) yield* nodesOf(child);
}

function childrenOf(args: unknown): ASTNode[] {
  if (Array.isArray(args)) return args.flatMap(childrenOf);
  return typeof args === 'object' && args !== null && 'op' in args ? [args as ASTNode] : [];
}

/** `has` and `dyn` would let a misspelt name pass. */
function hiding(node: ASTNode): UseProblem[] {
  if (node.op !== 'call') return [];
  const [name] = node.args;
  if (name === 'has')
    return [
      { start: node.start, says: 'has() is of no use here: every member is always there', mend: 'compare it with ""' },
    ];
  return name === 'dyn' ? [{ start: node.start, says: 'dyn() would hide misspelt names', mend: 'leave it out' }] : [];
}

/** A regular expression must be known at load, so that one that cannot be read is found there. */
function pattern(node: ASTNode): UseProblem[] {
  if (node.op !== 'rcall' || node.args[0] !== 'matches') return [];
  const [argument] = node.args[2];
  if (argument?.op !== 'value' || typeof argument.args !== 'string')
    return [{ start: node.start, says: 'matches() takes a regular expression in quotes' }];
  try {
    compilePattern(argument.args);
    return [];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [{ start: argument.start, says: why }];
  }
}

/** What the members of an alert can be equal to, where that is known at load. */
const CHOICES: Readonly<Record<string, (written: string) => Omit<UseProblem, 'start'> | undefined>> = {
  severity(written) {
    if (SEVERITIES.some((known) => known === written)) return undefined;
    const near = nearest(written, SEVERITIES);
    const mend = near ? `did you mean "${near}"?` : `known: ${SEVERITIES.join(', ')}`;
    return { says: `"${written}" is no severity`, mend };
  },
  category(written) {
    const known = categoryNamed(written);
    if (known && categoryPath(known) === written) return undefined;
    const near = known ? categoryPath(known) : nearestCategory(written);
    return { says: `"${written}" is no category`, mend: near ? `did you mean "${near}"?` : 'write "CLASS/TYPE"' };
  },
};

/** A value that no alert has. */
function choice(node: ASTNode): UseProblem[] {
  if (node.op !== '==' && node.op !== '!=' && node.op !== 'in') return [];
  const sides = node.args;
  const [check] = sides.flatMap((side) => (side.op === '.' ? (CHOICES[side.args[1]] ?? []) : []));
  if (!check) return [];
  const words = sides.flatMap((side) => (side.op === 'list' ? side.args : [side]));
  return words.flatMap((word) => {
    const problem = word.op === 'value' && typeof word.args === 'string' ? check(word.args) : undefined;
    return problem ? [{ start: word.start, ...problem }] : [];
  });
}
