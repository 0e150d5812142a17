import { EvaluationError } from '@marcbachmann/cel-js';
import type { AffectedUser, Alert } from '../domain/alert.ts';
import { compileExpression } from './expressions/expression.ts';
import { type Facts, toRuleScope, type Wanted } from './expressions/rule-scope.ts';
import { addsByGroups } from './groups/adds-by-groups.ts';
import { withCarriedGroups } from './groups/carried-groups.ts';
import type { Rule } from './rule.ts';

/** What rules need to know and nobody was asked yet. */
export interface Needs {
  findings: boolean;
  groupsOf: readonly AffectedUser[];
}

export interface Heard {
  /** Rules that match, in order. */
  matched: readonly Rule[];
  /** Rules whose expression failed on this alert, each with why. */
  undecided: readonly { rule: string; why: string }[];
  /** What the other rules wait for. */
  needs: Needs;
}

/** Asks every rule whether it matches. One that fails does not match; one that lacks what can still be asked, waits. */
export function hearRules(alert: Alert, rules: readonly Rule[], facts: Facts): Heard {
  if (rules.length === 0) return { matched: [], undecided: [], needs: { findings: false, groupsOf: [] } };
  const wanted: Wanted = { groupsOf: new Set(), findings: false };
  const scope = toRuleScope(alert, facts, wanted);
  const carried = withCarriedGroups(alert, facts);
  const wider = carried && toRuleScope(alert, carried, wanted);
  const matched: Rule[] = [];
  const undecided: { rule: string; why: string }[] = [];
  const groupsOf = new Set<AffectedUser>();
  let findings = false;
  for (const rule of rules) {
    wanted.groupsOf.clear();
    wanted.findings = false;
    const { matches, ast } = compileExpression(rule.when);
    try {
      if (matches(scope)) matched.push(rule);
    } catch (error) {
      if (wider && addsByGroups(ast) && isSure(() => matches(wider))) {
        matched.push(rule);
        continue;
      }
      if (wanted.findings) findings = true;
      for (const user of wanted.groupsOf) groupsOf.add(user);
      if (!wanted.findings && wanted.groupsOf.size === 0) undecided.push({ rule: rule.name, why: whyOf(error) });
    }
  }
  return { matched, undecided, needs: { findings, groupsOf: [...groupsOf] } };
}

/** True when it is so beyond what is unknown. */
function isSure(ask: () => boolean): boolean {
  try {
    return ask();
  } catch {
    return false;
  }
}

/** The reason in one line: the library's messages draw the expression below it. */
function whyOf(error: unknown): string {
  if (error instanceof EvaluationError) return error.summary;
  return error instanceof Error ? error.message : String(error);
}
