import type { ASTNode, Environment } from '@marcbachmann/cel-js';
import { RE2JS } from 're2js';

const compiled = new Map<string, RE2JS>();

/**
 * Compiles a regular expression of RE2's syntax, once per text. CEL's `matches` means RE2, whose time grows with the
 * length of the text alone (CEL specification, "Regular Expressions", read 2026-11-25); the library's own runs on
 * the backtracking engine of JavaScript, which a hostile text can keep busy for minutes.
 * @throws Error in the engine's words when the expression cannot be read.
 */
export function compilePattern(text: string): RE2JS {
  let pattern = compiled.get(text);
  if (!pattern) {
    pattern = RE2JS.compile(text);
    compiled.set(text, pattern);
  }
  return pattern;
}

const NAME = 'linearMatches';

/** A copy of an environment in which `useLinearMatches` has its function; nobody writes that name in a rule. */
export function withLinearMatches(environment: Environment): Environment {
  return environment
    .clone()
    .registerFunction(`string.${NAME}(string): bool`, (text: string, pattern: string) =>
      compilePattern(pattern).matcher(text).find(),
    );
}

/** Has a parsed expression that was not checked yet call our engine: the library lets nobody replace its own function. */
export function useLinearMatches(nodes: Iterable<ASTNode>): void {
  for (const node of nodes) if (node.op === 'rcall' && node.args[0] === 'matches') (node.args as unknown[])[0] = NAME;
}
