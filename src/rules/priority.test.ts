import { describe, expect, it } from 'vitest';
import { raisedPriority } from './priority.ts';

const usual = { high: 'High', medium: 'Medium', low: 'Low', informational: 'Lowest' };
const own = { high: 'P1', medium: 'P2', low: 'P3', informational: 'P3' };

describe('a raised priority', () => {
  it.each([
    ['goes up the ladder of Jira', usual, 'high', undefined, 1, 'Highest'],
    ['goes up two steps', usual, 'low', undefined, 2, 'High'],
    ['ends at the top', usual, 'high', undefined, 4, 'Highest'],
    ['goes down', usual, 'high', undefined, -2, 'Low'],
    ['starts at what a rule gave', usual, 'low', 'High', 1, 'Highest'],
    ['goes up the ladder of the mapping where its names are its own', own, 'low', undefined, 1, 'P2'],
    ['ends at the top of the mapping', own, 'high', undefined, 1, 'P1'],
    ['leaves one that is not on the ladder', own, 'low', 'Blocker', 1, 'Blocker'],
    ['takes that of a higher severity where the own has none', { high: 'P1' }, 'medium', undefined, 1, 'P1'],
    ['leaves it to the project where no severity has one', {}, 'medium', undefined, 1, undefined],
  ] as const)('%s', (_what, mapping, severity, given, by, priority) => {
    expect(raisedPriority({ mapping, severity, given, by })).toBe(priority);
  });
});
