import { describe, expect, it } from 'vitest';
import { proposePriorities } from './propose-priorities.ts';

function proposed(...names: string[]): string[] {
  const by = proposePriorities(names.map((name, index) => ({ id: String(index), name })));
  return Object.values(by).map((option) => option?.name ?? 'none');
}

describe('the proposed priorities', () => {
  it.each<[string[], string[]]>([
    [
      ['Highest', 'High', 'Medium', 'Low', 'Lowest'],
      ['High', 'Medium', 'Low', 'Lowest'],
    ],
    [
      ['Blocker', 'Critical', 'Major', 'Normal', 'Minor', 'Trivial'],
      ['Major', 'Normal', 'Minor', 'Trivial'],
    ],
    [
      ['P1', 'P2', 'P3', 'P4'],
      ['P1', 'P2', 'P3', 'P4'],
    ],
    [
      ['P0', 'P1', 'P2', 'P3', 'P4'],
      ['P1', 'P2', 'P3', 'P4'],
    ],
    [
      ['Urgent', 'Later'],
      ['Urgent', 'Urgent', 'Later', 'Later'],
    ],
    [['Only'], []],
    [[], []],
  ])('of %j are, from high to informational, %j', (names, by) => {
    expect(proposed(...names)).toEqual(by);
  });
});
