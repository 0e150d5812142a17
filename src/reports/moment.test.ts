import { describe, expect, it } from 'vitest';
import type { TenantId } from '../domain/alert.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../domain/time.ts';
import type { TenantCoverage } from '../ledger/facts/facts-port.ts';
import { type PeriodStandingAsk, standingOf } from './moment.ts';
import { periodNamed } from './periods/periods.ts';

const period = periodNamed('daily', 'UTC', '2026-11-23');
if (!period) throw new Error('not reached');
const { from, to } = period;

const names = (...tenants: string[]) => tenants as TenantId[];

function known(tenant: string, more: Partial<TenantCoverage> = {}): TenantCoverage {
  return { tenant: tenant as TenantId, since: from - DAY_MS, readTo: to + 1, syncedTo: to + 1, present: true, ...more };
}

function judge(coverage: readonly TenantCoverage[], more: Partial<PeriodStandingAsk> = {}) {
  const configured = names('contoso', 'fabrikam');
  return standingOf({ period: period ?? never(), now: to + HOUR_MS, configured, coverage, inStep: true, ...more });
}

function never(): never {
  throw new Error('not reached');
}

describe('a period', () => {
  const both = [known('contoso'), known('fabrikam')];

  it.each<[string, readonly TenantCoverage[], Partial<PeriodStandingAsk>, string | undefined]>([
    ['that has not ended', both, { now: to - 1 }, 'The period has not ended.'],
    ['that all tenants were read and synced past', both, { now: to }, undefined],
    [
      'that one tenant was not read past',
      [known('contoso'), known('fabrikam', { readTo: to - 1, syncedTo: to - 1 })],
      {},
      'Not read past 24 Nov 2026 00:00 yet: fabrikam. It is fixed at 24 Nov 2026 06:00 at the latest.',
    ],
    [
      'that one tenant was not synced past',
      [known('contoso'), known('fabrikam', { syncedTo: to - 1 })],
      {},
      'Issues not synced past 24 Nov 2026 00:00 yet: fabrikam. It is fixed at 24 Nov 2026 06:00 at the latest.',
    ],
    ['whose issues nobody syncs', [known('contoso'), known('fabrikam', { syncedTo: 0 })], { inStep: false }, undefined],
    [
      'that nobody was read past, days later',
      [known('contoso', { readTo: to - 1 }), known('fabrikam', { readTo: to - 1 })],
      { now: to + 9 * DAY_MS },
      "No tenant was read past the period's end, 24 Nov 2026 00:00, yet.",
    ],
    [
      'before anything was read, years later',
      [known('contoso', { since: to + DAY_MS }), known('fabrikam', { since: to })],
      { now: to + 900 * DAY_MS },
      'Nothing of this period was read: no tenant was read before its end.',
    ],
    [
      'of an empty ledger',
      [],
      { now: to + DAY_MS },
      'Nothing of this period was read: no tenant was read before its end.',
    ],
    [
      'past which only a tenant was read that is no longer configured',
      [known('contoso', { readTo: from }), known('fabrikam', { readTo: from }), known('old')],
      { now: to + DAY_MS },
      "No tenant was read past the period's end, 24 Nov 2026 00:00, yet.",
    ],
  ])('%s', (_, coverage, more, provisional) => {
    expect(judge(coverage, more).provisional).toBe(provisional);
  });

  it('is fixed six hours after its end without those that are not known, and names them', () => {
    const coverage = [
      known('contoso', { syncedTo: from + 5 }),
      known('fabrikam', { readTo: from + 7, syncedTo: from + 8 }),
    ];
    const now = to + 6 * HOUR_MS;
    expect(judge(coverage, { now: now - 1 }).provisional).toContain('at the latest');
    expect(judge(coverage, { now })).toEqual({
      tenants: names('contoso', 'fabrikam'),
      missing: [
        { tenant: 'contoso', lacks: ['issues'], issuesTo: from + 5 },
        { tenant: 'fabrikam', lacks: ['alerts', 'issues'], alertsTo: from + 7, issuesTo: from + 8 },
      ],
    });
  });

  it('has the tenants that were read in it and are no longer configured, and waits for none of them', () => {
    const gone = known('gone', { readTo: to - HOUR_MS, syncedTo: to - MINUTE_MS });
    const longGone = known('long-gone', { readTo: from - DAY_MS, present: false });
    expect(judge([known('contoso'), known('fabrikam'), gone, longGone, known('moved')])).toEqual({
      tenants: names('contoso', 'fabrikam', 'gone', 'moved'),
      missing: [
        {
          tenant: 'gone',
          lacks: ['alerts', 'issues'],
          alertsTo: to - HOUR_MS,
          issuesTo: to - MINUTE_MS,
          removed: true,
        },
      ],
    });
  });

  it('names a tenant that came after it, of which nothing in it is known', () => {
    const coverage = [known('contoso'), known('fabrikam', { since: to + DAY_MS, readTo: to + 2 * DAY_MS })];
    expect(judge(coverage, { now: to + 3 * DAY_MS })).toMatchObject({
      missing: [{ tenant: 'fabrikam', lacks: ['alerts', 'issues'] }],
    });
  });
});
