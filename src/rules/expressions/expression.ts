import { type ASTNode, ParseError, type ParseResult, TypeError as TypeFault } from '@marcbachmann/cel-js';
import { nearest } from '../../domain/nearest.ts';
import { checkUse, nodesOf } from './expression-use.ts';
import { useLinearMatches, withLinearMatches } from './linear-matches.ts';
import { RULE_TYPES, RULE_VARIABLES, type RuleScope, ruleEnvironment } from './rule-scope.ts';

/** One thing that is wrong with an expression. Rows and columns count from 1 within its text. */
export interface ExpressionProblem {
  row: number;
  column: number;
  says: string;
  mend?: string;
}

export interface CompiledExpression {
  /** @throws what the evaluation failed with; an expression that was checked fails only on what its values lack. */
  matches(scope: RuleScope): boolean;
  ast: ASTNode;
}

const environment = ruleEnvironment();
const evaluating = withLinearMatches(environment);
const compiled = new Map<string, CompiledExpression>();

/** Lists what is wrong with an expression: its syntax, or a name, a type, a value that it cannot have. */
export function checkExpression(text: string): ExpressionProblem[] {
  let parsed: ParseResult;
  try {
    parsed = environment.parse(text);
  } catch (error) {
    return [faultOf(text, error)];
  }
  const { valid, type, error } = parsed.check();
  if (!valid) return [faultOf(text, error)];
  if (type !== 'bool')
    return [{ row: 1, column: 1, says: `this is ${type}, not true or false`, mend: 'compare it with something' }];
  return checkUse(parsed.ast).map(({ start, says, mend }) => ({
    ...placeOf(text, start),
    says,
    ...(mend === undefined ? {} : { mend }),
  }));
}

/** Compiles an expression once per text. @throws what `checkExpression` would have listed. */
export function compileExpression(text: string): CompiledExpression {
  const known = compiled.get(text);
  if (known) return known;
  const parsed = evaluating.parse(text);
  useLinearMatches(nodesOf(parsed.ast));
  parsed.check();
  const expression: CompiledExpression = { matches: (scope) => parsed(scope) === true, ast: parsed.ast };
  compiled.set(text, expression);
  return expression;
}

function faultOf(text: string, error: unknown): ExpressionProblem {
  if (!(error instanceof ParseError || error instanceof TypeFault)) throw error;
  const { code, summary, range } = error;
  const start = range?.start ?? 0;
  return { ...placeOf(text, start), ...wordsOf(code, summary, text.slice(start, range?.end)) };
}

/** The library's words where they are clear, else ours, with the nearest name that exists. */
function wordsOf(code: string, summary: string, found: string): { says: string; mend?: string } {
  switch (code) {
    case 'no_such_key': {
      const name = summary.replace('No such key: ', '');
      const known = Object.values(RULE_TYPES).flatMap((fields) => Object.keys(fields));
      return { says: `${name} is unknown`, ...meant(name, known) };
    }
    case 'unknown_variable': {
      const name = summary.replace('Unknown variable: ', '');
      return { says: `${name} is unknown`, ...meant(name, Object.keys(RULE_VARIABLES)) };
    }
    case 'no_such_overload':
      return { says: `${summary.replace('no such overload: ', '')} cannot be compared or computed` };
    case 'no_matching_overload':
      return { says: summary.replace('found no matching overload for', 'there is no function') };
    case 'unexpected_token':
      return summary.endsWith('EOF') ? { says: 'the expression ends too early' } : { says: summary };
    default:
      return { says: found === '' ? summary : `${summary} (at ${found})` };
  }
}

function meant(name: string, known: readonly string[]): { mend: string } {
  const near = nearest(name, known);
  return { mend: near ? `did you mean ${near}?` : `known: ${[...new Set(known)].join(', ')}` };
}

function placeOf(text: string, start: number): { row: number; column: number } {
  const before = text.slice(0, start).split('\n');
  return { row: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
