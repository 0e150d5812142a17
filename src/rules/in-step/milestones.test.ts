import { describe, expect, it } from 'vitest';
import type { IssueChange } from '../../domain/issue-change.ts';
import { toMilestones } from './milestones.ts';

const MINUTE = 60_000;
const at = (minutes: number) => minutes * MINUTE;

function change(minutes: number, field: string, rest: Partial<IssueChange> = {}): IssueChange {
  return { at: at(minutes), own: false, field, ...rest };
}

describe('the milestones of an issue', () => {
  it('begin with the first touch of a person: an assignee, or a status', () => {
    expect(toMilestones([change(1, 'priority'), change(2, 'assignee', { to: 'Mira' })], 0)).toEqual([
      { fact: 'acknowledged', by: 'assignee', at: at(2), turn: 1 },
    ]);
    expect(toMilestones([change(3, 'status', { done: false }), change(4, 'assignee', { to: 'Mira' })], 0)).toEqual([
      { fact: 'acknowledged', by: 'status', at: at(3), turn: 1 },
    ]);
  });

  it('hold no touch where an assignee was only taken away', () => {
    expect(toMilestones([change(1, 'assignee')], 0)).toEqual([]);
  });

  it('take what our account did for ours where Casewire does it, else for a person who shares it', () => {
    const own = { own: true };
    const walked = [
      change(1, 'status', { done: false, ...own }),
      change(2, 'status', { done: true, ...own }),
      change(9, 'status', { done: false, ...own }),
    ];
    expect(toMilestones(walked, 0).map(({ fact }) => fact)).toEqual(['resolved', 'reopened']);
    const worked = [change(1, 'status', { done: false, ...own }), change(30, 'status', { done: true, ...own })];
    expect(toMilestones(worked, 0)).toMatchObject([
      { fact: 'acknowledged', by: 'status', at: at(1) },
      { fact: 'resolved', at: at(30) },
    ]);
    expect(toMilestones([change(1, 'assignee', { to: 'Mira', ...own })], 0)).toMatchObject([{ fact: 'acknowledged' }]);
  });

  it('name each time that it went into and out of done, with the resolution of that time', () => {
    const history = [
      change(1, 'status', { done: true }),
      change(1, 'resolution', { to: 'False Positive' }),
      change(5, 'status', { done: true }),
      change(6, 'status', { done: false }),
      change(6, 'resolution'),
      change(8, 'status', { done: true }),
      change(9, 'resolution', { to: 'Done' }),
    ];
    expect(toMilestones(history, 0)).toEqual([
      { fact: 'acknowledged', by: 'status', at: at(1), turn: 1 },
      { fact: 'resolved', at: at(1), turn: 1, resolution: 'False Positive' },
      { fact: 'reopened', at: at(6), turn: 1 },
      { fact: 'resolved', at: at(8), turn: 2 },
    ]);
  });

  it('belong to an alert that the issue took up later only from then on', () => {
    const history = [
      change(1, 'assignee', { to: 'Mira' }),
      change(2, 'status', { done: true }),
      change(3, 'status', { done: false }),
      change(9, 'status', { done: true }),
    ];
    expect(toMilestones(history, at(5))).toEqual([
      { fact: 'acknowledged', by: 'assignee', at: at(5), turn: 1 },
      { fact: 'resolved', at: at(9), turn: 1 },
    ]);
  });

  it('say nothing of a status that is no more', () => {
    expect(toMilestones([change(1, 'status', { own: true }), change(2, 'labels')], 0)).toMatchObject([
      { fact: 'acknowledged', by: 'status' },
    ]);
  });
});
