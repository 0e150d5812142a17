import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Agreement, AlertSide, ClosingVerdict, IssueSide, SyncPolicy } from '../../domain/link.ts';
import type { SyncAction } from '../../domain/sync-action.ts';
import { type PairView, type Reconciliation, reconcile } from './reconcile.ts';

const NOW = Date.parse('2026-11-24T09:00:00Z');
const EARLY = NOW - 2_000;
const LATE = NOW - 1_000;

const FULL: SyncPolicy = {
  fromJira: {
    closeAlert: true,
    verdicts: new Map<string, ClosingVerdict>([["Won't Do", 'benign']]),
    otherwise: 'true_positive',
  },
  fromDefender: { transitionTo: 'Done' },
};

/** Every `done` issue of the table has a resolution that means `benign`, and every agreed closing was `benign`. */
const aPair = (over: Partial<PairView>): PairView => ({
  alert: { seen: 'open' },
  issue: { seen: 'open', status: 'To Do' },
  agreed: { alert: 'open', issue: 'open', at: 0 },
  policy: FULL,
  othersOpen: 0,
  reopens: true,
  ...over,
});
const done = { seen: 'done', status: 'Done', resolution: "Won't Do" } as const;
const todo = { seen: 'open', status: 'To Do' } as const;
const benign: AlertSide = { seen: 'closed', verdict: 'benign' };
const agreedOn = (alert: Agreement['alert'], issue: Agreement['issue']): Agreement => ({
  alert,
  issue,
  at: 0,
  ...(alert === 'closed' ? { verdict: 'benign' as const } : {}),
});

const ALERTS: Record<string, AlertSide> = {
  open: { seen: 'open' },
  closed: benign,
  'other verdict': { seen: 'closed', verdict: 'false_positive' },
  gone: { seen: 'gone' },
  unknown: { seen: 'unknown', why: 'no answer' },
};
const ISSUES: Record<string, IssueSide> = {
  open: todo,
  done,
  gone: { seen: 'gone', why: 'deleted' },
  hidden: { seen: 'hidden', why: '403', mend: 'grant it' },
  unknown: { seen: 'unknown', why: 'no answer' },
};
const AGREED = ['open', 'closed', 'gone'].flatMap((alert) =>
  ['open', 'done', 'gone'].map((issue) => `${alert}/${issue}`),
);
const LATER = ['alert', 'issue', 'not known', 'ours'];

const DONE: Record<string, (action: SyncAction) => boolean> = {
  'close the alert': (action) => action.do === 'close-alert' && action.verdict === 'benign',
  'reopen the alert': (action) => action.do === 'reopen-alert',
  'move the issue': (action) => action.do === 'move-issue' && action.to === 'Done',
  'reopen the issue': (action) => action.do === 'reopen-issue',
  ...Object.fromEntries(
    [
      ['tell of the closing', 'alert-closed'],
      ['tell of the reopening', 'alert-reopened'],
      ['tell of the new verdict', 'verdict-changed'],
      ['tell that it is gone', 'alert-gone'],
      ['tell which counts', 'disputed'],
    ].map(([words, kind]) => [words, (action: SyncAction) => action.do === 'tell-issue' && action.news.kind === kind]),
  ),
};

interface Row {
  cells: string;
  alerts: readonly string[];
  issues: readonly string[];
  agreed: readonly string[];
  later: readonly string[];
  what: readonly string[];
  then: string;
}

/** The table of docs/lifecycle.md, with its words for several spelled out. */
const ROWS: readonly Row[] = readFileSync(join(import.meta.dirname, '../../../docs/lifecycle.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| (open|closed|other|gone|unknown|known)/.test(line))
  .map((line) => {
    const [alert = '', issue = '', agreed = '', later = '', what = '', then = ''] = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    return {
      cells: line,
      alerts: alert
        .split(', ')
        .flatMap((word) => (word === 'known' ? ['open', 'closed', 'other verdict', 'gone'] : [word])),
      issues: issue === 'any' ? Object.keys(ISSUES) : [issue],
      agreed: agreed.split(', ').flatMap((word) => AGREED.filter((pair) => fits(word, pair))),
      later: later === '' ? LATER : later.split(', '),
      what: what === 'nothing' ? [] : what.split('; '),
      then,
    };
  });

function fits(word: string, pair: string): boolean {
  if (word === 'one gone') return pair.includes('gone');
  if (word === 'any/gone') return pair.endsWith('/gone');
  return word === 'any' || word === pair;
}

interface Combination {
  alert: string;
  issue: string;
  agreed: string;
  later: string;
}

const COMBINATIONS: readonly Combination[] = Object.keys(ALERTS).flatMap((alert) =>
  Object.keys(ISSUES).flatMap((issue) =>
    AGREED.flatMap((agreed) =>
      // An open alert does not say when it was opened, so that it is never known to be the later.
      LATER.filter((later) => alert !== 'open' || later !== 'alert').map((later) => ({ alert, issue, agreed, later })),
    ),
  ),
);

function toPair({ alert, issue, agreed, later }: Combination): PairView {
  const alertSide = ALERTS[alert] as AlertSide;
  const issueSide = ISSUES[issue] as IssueSide;
  const [agreedAlert, agreedIssue] = agreed.split('/') as [Agreement['alert'], Agreement['issue']];
  const timed = later === 'alert' || later === 'issue';
  return aPair({
    alert: alertSide.seen === 'closed' && timed ? { ...alertSide, at: later === 'alert' ? LATE : EARLY } : alertSide,
    issue:
      issueSide.seen === 'open' || issueSide.seen === 'done'
        ? {
            ...issueSide,
            own: later === 'ours',
            ...(timed ? { changedAt: later === 'alert' ? EARLY : LATE } : {}),
          }
        : issueSide,
    agreed: agreedOn(agreedAlert, agreedIssue),
  });
}

const rowsOf = ({ alert, issue, agreed, later }: Combination) =>
  ROWS.filter(
    (row) =>
      row.alerts.includes(alert) &&
      row.issues.includes(issue) &&
      row.agreed.includes(agreed) &&
      row.later.includes(later),
  );

const words = (action: SyncAction) => Object.entries(DONE).find(([, is]) => is(action))?.[0] ?? JSON.stringify(action);

describe('the table of the lifecycle', () => {
  it('has one row for every combination of alert, issue and agreement', () => {
    const odd = COMBINATIONS.filter((one) => rowsOf(one).length !== 1);
    expect(odd.map((one) => `${rowsOf(one).length} rows for ${JSON.stringify(one)}`)).toEqual([]);
    expect(COMBINATIONS.length).toBeGreaterThan(700);
  });

  it.each(ROWS)('$cells', (row) => {
    const mine = COMBINATIONS.filter((one) => rowsOf(one).includes(row));
    expect(mine).not.toEqual([]);
    for (const one of mine) {
      const pair = toPair(one);
      const { actions, agreed } = reconcile(pair, NOW);
      expect([one, actions.map(words)]).toEqual([one, row.what]);
      const then = agreed ? `${agreed.alert}/${agreed.issue}` : 'unchanged';
      const unchanged = then === 'unchanged' && row.then === `${pair.agreed.alert}/${pair.agreed.issue}`;
      if (!unchanged) expect([one, then]).toEqual([one, row.then]);
      if (agreed) expect(agreed.at).toBe(NOW);
    }
  });
});

describe('what the configuration changes', () => {
  const { fromJira, fromDefender } = FULL;
  const result = (over: Partial<PairView>) => reconcile(aPair(over), NOW).actions.map(words);
  const closed = agreedOn('closed', 'done');

  it('leaves alerts alone without fromJira, or when it is not to close any', () => {
    for (const policy of [
      { ...(fromDefender ? { fromDefender } : {}) },
      { ...FULL, ...(fromJira ? { fromJira: { ...fromJira, closeAlert: false } } : {}) },
    ]) {
      expect(result({ issue: done, policy })).toEqual([]);
      expect(result({ alert: benign, agreed: closed, policy })).toEqual([]);
      expect(result({ alert: benign, agreed: closed, policy, reopens: false })).toEqual([]);
      expect(result({ alert: benign, issue: done, policy })).toEqual(['tell of the closing']);
    }
  });

  it('leaves issues alone without fromDefender, except to say which counts', () => {
    const policy = { ...(fromJira ? { fromJira } : {}) };
    expect(result({ alert: benign, policy })).toEqual([]);
    expect(result({ issue: done, agreed: closed, policy })).toEqual([]);
    expect(result({ alert: benign, agreed: agreedOn('open', 'done'), policy })).toEqual([
      'tell which counts',
      'reopen the alert',
    ]);
  });

  it('only tells issues without a transition', () => {
    const policy = { ...FULL, fromDefender: {} };
    expect(result({ alert: benign, policy })).toEqual(['tell of the closing']);
    expect(result({ issue: done, agreed: closed, policy })).toEqual(['tell of the reopening']);
  });

  it('tells of an alert that its source cannot reopen', () => {
    const [action] = reconcile(aPair({ alert: benign, agreed: closed, reopens: false }), NOW).actions;
    expect(action).toEqual({ do: 'tell-issue', news: { kind: 'alert-stays-closed' } });
  });

  it('moves an issue of several alerts when the last of them is closed', () => {
    expect(result({ alert: benign, othersOpen: 1 })).toEqual(['tell of the closing']);
    expect(result({ alert: benign, othersOpen: 0 })).toEqual(['tell of the closing', 'move the issue']);
  });

  it('keeps the other alerts of an issue closed when we reopened it for one', () => {
    const reopened = { alert: benign, agreed: closed, othersOpen: 1 };
    expect(result({ ...reopened, issue: { ...todo, own: true } })).toEqual([]);
    expect(result({ ...reopened, issue: { ...todo, own: false } })).toEqual(['reopen the alert']);
    expect(reconcile(aPair({ ...reopened, issue: todo }), NOW).needsHistory).toBe(true);
    // A person may share our account; alone, the alert gave us no cause.
    expect(result({ ...reopened, othersOpen: 0, issue: { ...todo, own: true } })).toEqual(['reopen the alert']);
  });
});

describe('a pair', () => {
  const actionsOf = (over: Partial<PairView>) => reconcile(aPair(over), NOW).actions;

  it("closes its alert with the verdict of the issue's resolution, whatever its case", () => {
    const verdictOf = (resolution?: string) => {
      const issue: IssueSide = { seen: 'done', status: 'Done', ...(resolution === undefined ? {} : { resolution }) };
      const [action] = actionsOf({ issue });
      return action?.do === 'close-alert' ? action.verdict : undefined;
    };
    expect(["Won't Do", "WON'T DO ", 'Fixed', undefined].map(verdictOf)).toEqual([
      'benign',
      'benign',
      'true_positive',
      'true_positive',
    ]);
  });

  it('tells who closed the alert, when and how', () => {
    expect(actionsOf({ alert: { seen: 'closed', verdict: 'benign', at: EARLY, by: 'ada' } })[0]).toEqual({
      do: 'tell-issue',
      news: { kind: 'alert-closed', verdict: 'benign', at: EARLY, by: 'ada' },
    });
  });

  it('takes a closing without a verdict for no new verdict', () => {
    const alert: AlertSide = { seen: 'closed', verdict: 'unspecified' };
    const { actions, agreed } = reconcile(aPair({ alert, issue: done, agreed: agreedOn('closed', 'done') }), NOW);
    expect([actions, agreed]).toEqual([[], undefined]);
  });

  it('asks for the history where who moved the issue decides, and no longer once that is known', () => {
    const apart = { alert: { ...benign, at: LATE }, agreed: agreedOn('open', 'done') };
    expect(reconcile(aPair({ ...apart, issue: todo }), NOW).needsHistory).toBe(true);
    expect(reconcile(aPair({ ...apart, issue: { ...todo, own: false } }), NOW).needsHistory).toBe(false);
    expect(reconcile(aPair({ issue: done }), NOW).needsHistory).toBe(false);
  });

  it('says why the issue counted where nobody knows which was later', () => {
    const [tell] = actionsOf({ alert: benign, issue: { ...todo, own: false }, agreed: agreedOn('open', 'done') });
    expect(tell).toMatchObject({ news: { winner: 'issue', why: expect.stringContaining('not known') } });
  });
});

describe('whatever a pair looks like', () => {
  const at = fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined });
  const verdict = fc.constantFrom('true_positive', 'false_positive', 'benign', 'unspecified');
  const lean: { requiredKeys: [] } = { requiredKeys: [] };
  const alert = fc.oneof(
    fc.constant({ seen: 'open' }),
    fc.tuple(verdict, fc.record({ at, by: fc.constant('ada') }, lean)).map(([said, more]) => ({
      seen: 'closed',
      verdict: said,
      ...more,
    })),
    fc.constantFrom(ALERTS.gone, ALERTS.unknown),
  );
  const moved = fc.record({ changedAt: at, own: fc.boolean() }, lean);
  const issue = fc.oneof(
    moved.map((more) => ({ ...todo, ...more })),
    fc
      .tuple(moved, fc.constantFrom("won't do", 'Fixed'))
      .map(([more, resolution]) => ({ ...done, resolution, ...more })),
    fc.constantFrom(ISSUES.gone, ISSUES.hidden, ISSUES.unknown),
  );
  const agreed = fc
    .tuple(fc.constantFrom('open', 'closed', 'gone'), fc.constantFrom('open', 'done', 'gone'), verdict)
    .map(([a, i, v]) => ({ alert: a, issue: i, at: 0, ...(a === 'closed' ? { verdict: v } : {}) }));
  const policy = fc.record(
    {
      fromJira: fc.boolean().map((closeAlert) => ({ ...FULL.fromJira, closeAlert })),
      fromDefender: fc.constantFrom({}, { transitionTo: 'Done' }),
    },
    lean,
  );
  const pairs = fc.record({
    alert,
    issue,
    agreed,
    policy,
    othersOpen: fc.nat(2),
    reopens: fc.boolean(),
  }) as fc.Arbitrary<PairView>;

  const dealtWith = (pair: PairView, found: Reconciliation, holds: Agreement | undefined): PairView => {
    const applied = found.agreed === holds ? found.actions.reduce(apply, pair) : pair;
    return { ...applied, agreed: holds ?? pair.agreed };
  };

  function apply(pair: PairView, action: SyncAction): PairView {
    switch (action.do) {
      case 'close-alert':
        return { ...pair, alert: { seen: 'closed', verdict: action.verdict, at: NOW, by: 'casewire' } };
      case 'reopen-alert':
        return { ...pair, alert: { seen: 'open' } };
      case 'move-issue':
        return { ...pair, issue: { ...done, changedAt: NOW, own: true } };
      case 'reopen-issue':
        return { ...pair, issue: { ...todo, changedAt: NOW, own: true } };
      case 'tell-issue':
        return pair;
    }
  }

  it('its second comparison has nothing to do', () => {
    fc.assert(
      fc.property(pairs, (pair) => {
        const found = reconcile(pair, NOW);
        const again = reconcile(dealtWith(pair, found, found.agreed), NOW + 1);
        expect([again.actions, again.agreed]).toEqual([[], undefined]);
      }),
      { numRuns: 3_000 },
    );
  });

  it('what was refused is not tried again', () => {
    fc.assert(
      fc.property(pairs, (pair) => {
        const found = reconcile(pair, NOW);
        if (found.actions.length === 0) return;
        const again = reconcile({ ...pair, agreed: found.asSeen }, NOW + 1);
        expect([again.actions, again.agreed]).toEqual([[], undefined]);
      }),
      { numRuns: 3_000 },
    );
  });

  it('a write that was done and not yet agreed on is not answered', () => {
    fc.assert(
      fc.property(pairs, (pair) => {
        const found = reconcile(pair, NOW);
        const killed = found.actions.reduce(apply, pair);
        const writes = reconcile(killed, NOW + 1).actions.filter(({ do: what }) => what !== 'tell-issue');
        expect(writes).toEqual([]);
      }),
      { numRuns: 3_000 },
    );
  });

  it('nothing is done to a side that is gone, hidden or unknown', () => {
    fc.assert(
      fc.property(pairs, (pair) => {
        const acts = reconcile(pair, NOW).actions.map(({ do: what }) => what);
        const there = { alert: ['open', 'closed'], issue: ['open', 'done'] };
        if (!there.issue.includes(pair.issue.seen) || pair.alert.seen === 'unknown') expect(acts).toEqual([]);
        if (pair.alert.seen === 'gone') expect(acts.filter((what) => what !== 'tell-issue')).toEqual([]);
        if (!pair.policy.fromJira?.closeAlert)
          expect(acts.filter((what) => what === 'close-alert' || what === 'reopen-alert')).toEqual([]);
        if (!pair.policy.fromDefender?.transitionTo)
          expect(acts.filter((what) => what === 'move-issue' || what === 'reopen-issue')).toEqual([]);
      }),
      { numRuns: 3_000 },
    );
  });
});
