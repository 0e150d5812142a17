import { describe, expect, it } from 'vitest';
import type { RuleDifference, Said } from '../domain/replay.ts';
import { addDifference, differs, rulesThatDiffer } from './compare-said.ts';

const ladder = ['Highest', 'High', 'Medium', 'Low', 'Lowest'];

function said(more: Partial<Said> = {}): Said {
  return { outcome: 'ticket', why: 'severity', priority: 'Medium', project: 'SOC', spoke: [], undecided: [], ...more };
}

const spoke = (rule: string, word = 'label x') => [{ rule, said: word }];

describe('what was said and what would be said', () => {
  it.each<[string, Said, Said, readonly string[], boolean]>([
    ['the same', said({ spoke: spoke('A') }), said({ spoke: spoke('A') }), [], false],
    ['the same for another reason', said(), said({ why: 'severity, in other words' }), [], false],
    ['another word of a rule', said({ spoke: spoke('A') }), said({ spoke: spoke('A', 'label y') }), ['A'], true],
    ['a rule that is new', said(), said({ spoke: spoke('B') }), ['B'], true],
    [
      'a rule that cannot be decided any more',
      said({ spoke: spoke('A') }),
      said({ undecided: [{ rule: 'A', why: 'x' }] }),
      ['A'],
      true,
    ],
    ['another priority by the mapping alone', said(), said({ priority: 'High' }), [], true],
    [
      'a priority of what has no ticket',
      said({ outcome: 'suppressed' }),
      said({ outcome: 'suppressed', priority: 'High' }),
      [],
      false,
    ],
  ])('differ by %s', (_what, before, after, rules, isOther) => {
    expect(rulesThatDiffer(before, after)).toEqual(rules);
    expect(differs(before, after)).toBe(isOther);
  });

  it('count with each rule whose word changed', () => {
    const counts = new Map<string, RuleDifference>();
    const add = (before: Said, after: Said) => addDifference(counts, { before, after, ladder });
    add(said(), said({ priority: 'High', spoke: spoke('A') }));
    add(said({ priority: 'Highest', spoke: spoke('A') }), said({ spoke: spoke('B') }));
    add(said({ spoke: spoke('A') }), said({ outcome: 'suppressed', spoke: [...spoke('A'), ...spoke('C')] }));
    add(said({ priority: 'P1' }), said({ priority: 'P2', group: 'user ada', spoke: spoke('D') }));
    const none = { suppressed: 0, raised: 0, priorityUp: 0, priorityDown: 0, grouped: 0, undecidedNow: 0 };
    expect(Object.fromEntries(counts)).toEqual({
      A: { ...none, rule: 'A', spokeThen: 2, speaksNow: 2, priorityUp: 1, priorityDown: 1 },
      B: { ...none, rule: 'B', spokeThen: 0, speaksNow: 1, priorityDown: 1 },
      C: { ...none, rule: 'C', spokeThen: 0, speaksNow: 1, suppressed: 1 },
      D: { ...none, rule: 'D', spokeThen: 0, speaksNow: 1, grouped: 1 },
    });
  });
});
