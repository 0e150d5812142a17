import type { Alert, AlertState } from '../domain/alert.ts';
import type { Decision, GroupWish } from '../domain/decision.ts';
import { type Combined, combine, lastWord } from './combine.ts';
import type { Facts } from './expressions/rule-scope.ts';
import { groupWish } from './groups/group-wish.ts';
import { hearRules, type Needs } from './hear-rules.ts';
import type { TenantPolicy } from './policy.ts';
import { raisedPriority } from './priority.ts';
import type { Rule } from './rule.ts';
import { sayThen } from './say-rule.ts';

/** What becomes of an alert, and what its ticket is to be by the tenant's policy and every rule that matches. */
export interface Judgement extends Combined {
  decision: Decision;
  /** Name or id; absent: the project's own. */
  priority?: string;
  /** Rules that matched, in order, each with what it said. */
  spoke: readonly { rule: string; said: string }[];
  /** Rules whose expression failed on this alert, each with why; none of them matches. */
  undecided: readonly { rule: string; why: string }[];
  /** What rules still have to be told; while there is something, their word is not in this judgement. */
  needs: Needs;
}

const VERDICT_WORDS: Record<Extract<AlertState, { open: false }>['verdict'], string> = {
  true_positive: 'as a true positive',
  false_positive: 'as a false positive',
  benign: 'as benign',
  unspecified: 'without a verdict',
};

const NOTHING: Needs = { findings: false, groupsOf: [] };

/**
 * Decides what becomes of an alert that nothing was decided on yet. Every rule is heard, in order; each that matches
 * speaks. A rule that suppresses is not overruled, so that nothing more needs to be asked once one has spoken.
 */
export function decide(alert: Alert, policy: TenantPolicy, facts: Facts): Judgement {
  const { ticket } = policy;
  if (!alert.state.open) {
    const by = alert.state.closedBy ? ` by ${alert.state.closedBy}` : '';
    const why = `already closed in Defender ${VERDICT_WORDS[alert.state.verdict]}${by} when it was first seen`;
    const combined = combine(ticket, facts.category, []);
    return { ...combined, decision: { action: 'suppress', why }, spoke: [], undecided: [], needs: NOTHING };
  }
  const { matched, undecided, needs } = hearRules(alert, policy.rules, facts);
  const combined = combine(ticket, facts.category, matched);
  const spoke = matched.map(({ name, then }) => ({ rule: name, said: sayThen(then) }));
  const suppressing = lastWord(matched, 'suppress');
  if (suppressing) {
    const { rule, word } = suppressing;
    const decision: Decision = { action: 'suppress', why: `by rule "${rule.name}": ${word}`, rule: rule.name };
    return { ...combined, decision, spoke, undecided, needs: NOTHING };
  }
  const { priority, why } = urgencyOf(alert, ticket.priority, matched);
  const grouping = groupOf(alert, { matched, combined, site: ticket.site });
  const decision: Decision = { action: 'raise', why, ...(grouping && 'key' in grouping ? { group: grouping } : {}) };
  return {
    ...combined,
    decision,
    ...(priority === undefined ? {} : { priority }),
    spoke: spoke.map((one) => (grouping?.rule === one.rule && 'says' in grouping ? toldBy(one, grouping.says) : one)),
    undecided,
    needs,
  };
}

/** The priority, and in words what gave it. */
function urgencyOf(
  { severity }: Alert,
  mapping: TenantPolicy['ticket']['priority'],
  matched: readonly Rule[],
): { priority: string | undefined; why: string } {
  const given = lastWord(matched, 'priority');
  const raising = lastWord(matched, 'raisePriorityBy');
  const ask = { mapping, severity, given: given?.word };
  const before = raisedPriority({ ...ask, by: 0 });
  const priority = raisedPriority({ ...ask, by: raising?.word ?? 0 });
  const own = before
    ? `severity ${severity} gives priority ${before}`
    : `severity ${severity}; the project's own priority applies`;
  const first = given ? `rule "${given.rule.name}" gives priority ${given.word}` : own;
  if (!raising) return { priority, why: first };
  const moved = priority === before ? 'leaves it there' : `makes it ${priority}`;
  return { priority, why: `${first}; rule "${raising.rule.name}" ${moved}` };
}

function groupOf(
  alert: Alert,
  { matched, combined, site }: { matched: readonly Rule[]; combined: Combined; site: TenantPolicy['ticket']['site'] },
): GroupWish | { rule: string; says: string } | undefined {
  const grouping = lastWord(matched, 'group');
  if (!grouping) return undefined;
  const { rule, word } = grouping;
  const { category, project, issueType } = combined;
  const wish = groupWish(rule, word, { alert, category, route: { site, project, issueType } });
  return 'key' in wish ? wish : { rule: rule.name, says: `not grouped: the alert names no ${wish.lacks}` };
}

function toldBy({ rule, said }: { rule: string; said: string }, more: string): { rule: string; said: string } {
  return { rule, said: `${said} (${more})` };
}
