import { describe, expect, it } from 'vitest';
import type { AlertSide, IssueSide, LeftOver, SyncPolicy } from '../../domain/link.ts';
import { isWorthATry, writeLeft } from './left-over.ts';

const policy: SyncPolicy = {
  fromJira: { closeAlert: true, verdicts: new Map([['false positive', 'false_positive']]), otherwise: 'benign' },
  fromDefender: { transitionTo: 'Done' },
};
const HOUR = 3_600_000;
const left = (what: LeftOver['what'], said = what.endsWith('issue') ? 'Done' : 'true'): LeftOver => ({
  what,
  why: 'no road',
  policy: said,
  seenTo: 900,
});
const agreed = (what: LeftOver['what'], said?: string) =>
  ({ alert: 'closed', issue: 'open', at: 1_000, left: left(what, said) }) as const;

describe('a refused write', () => {
  it.each([
    ['nothing has changed', undefined, 'Done', 1_000 + HOUR - 1, false],
    ['the issue is as it was', 900, 'Done', 2_000, false],
    ['the issue has changed, be it a second later', 901, 'Done', 2_000, true],
    ['the configuration names another status', undefined, 'Closed', 2_000, true],
    ['an hour is over', undefined, 'Done', 1_000 + HOUR, true],
  ])('when %s', (_when, updatedAt, said, now, worth) => {
    expect(isWorthATry(agreed('move-issue', said), { policy, updatedAt, now })).toBe(worth);
  });

  it('is tried when a person asks for it', () => {
    expect(isWorthATry(agreed('move-issue'), { policy, updatedAt: undefined, now: 2_000, asked: true })).toBe(true);
  });

  it('is none where nothing was refused', () => {
    expect(isWorthATry({ alert: 'closed', issue: 'open', at: 0 }, { policy, updatedAt: 1e9, now: 1e9 })).toBe(false);
  });

  const closed: AlertSide = { seen: 'closed', verdict: 'benign' };
  const open: AlertSide = { seen: 'open' };
  const done: IssueSide = { seen: 'done', status: 'Done', resolution: 'False Positive' };
  const todo: IssueSide = { seen: 'open', status: 'To Do' };

  it.each([
    ['move-issue', closed, todo, { do: 'move-issue', to: 'Done' }],
    ['move-issue', closed, done, undefined],
    ['move-issue', open, todo, undefined],
    ['reopen-issue', open, done, { do: 'reopen-issue' }],
    ['reopen-issue', open, todo, undefined],
    ['close-alert', open, done, { do: 'close-alert', verdict: 'false_positive' }],
    ['close-alert', closed, done, undefined],
    ['reopen-alert', closed, todo, { do: 'reopen-alert' }],
    ['reopen-alert', open, todo, undefined],
  ] as const)('%s of an alert %o and an issue %o', (what, alert, issue, write) => {
    const pair = { alert, issue, agreed: agreed(what), policy, othersOpen: 0, reopens: true };
    if (write) expect(writeLeft(pair)).toMatchObject(write);
    else expect(writeLeft(pair)).toBeUndefined();
  });

  it('waits while another alert of the issue is open', () => {
    const pair = { alert: closed, issue: todo, agreed: agreed('move-issue'), policy, othersOpen: 1, reopens: true };
    expect(writeLeft(pair)).toBeUndefined();
  });
});
