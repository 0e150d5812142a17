import { describe, expect, it } from 'vitest';
import { aPassSummary, aTenantSummary } from '../../test/alert-lines.ts';
import type { PassSummary } from '../domain/outcome.ts';
import { exitCodeOf } from './exit-code.ts';

const DOWN = { why: 'answered 401', waiting: false };
const LATER = { why: 'throttled', waiting: true };

function aPass(tenants: Parameters<typeof aTenantSummary>[0][], more: Partial<PassSummary> = {}): PassSummary {
  return aPassSummary(tenants.map(aTenantSummary), more);
}

const SYNC_FAILED = { kind: 'sync-failed', says: 'sync failed: 401', mend: 'casewire check' } as const;

const jiraDown = { siteFailures: [{ site: 'default', why: 'refused' }] };

describe('the exit code of a pass', () => {
  it.each<[string, PassSummary, number]>([
    ['is 0 when everything was raised', aPass([{ raised: 5 }, { raised: 2 }]), 0],
    ['is 0 when there was nothing to do', aPass([{ read: 5 }, {}]), 0],
    ['is 0 with suppressed alerts and warnings', aPass([{ suppressed: 3 }], { warnings: ['odd'] }), 0],
    ['is 1 when something is held', aPass([{ raised: 5, held: 1 }]), 1],
    ['is 1 when something is held by an earlier pass', aPass([{ read: 5, heldInAll: 2 }]), 1],
    ['is 1 when something needs attention', aPass([{}], { attention: [SYNC_FAILED] }), 1],
    ['is 1 when something waits', aPass([{ raised: 5, waiting: 1 }]), 1],
    ['is 1 when one tenant of two failed', aPass([{ raised: 5 }, { failure: DOWN }]), 1],
    ['is 1 when a tenant was throttled', aPass([{ failure: LATER }]), 1],
    ['is 1 when every tenant failed but older alerts were raised', aPass([{ failure: DOWN, raised: 1 }]), 1],
    ['is 3 when every tenant failed', aPass([{ failure: DOWN }, { failure: DOWN }]), 3],
    ['is 3 when every Jira failed with alerts left to raise', aPass([{ fresh: 2, waiting: 2 }], jiraDown), 3],
    ['is 1 when Jira failed after some were raised', aPass([{ raised: 1, waiting: 2 }], jiraDown), 1],
    ['is 1 when Jira failed and nothing was to be raised', aPass([{}], jiraDown), 1],
  ])('%s', (_, summary, code) => {
    expect(exitCodeOf(summary, ['default'])).toBe(code);
  });

  it('is 1 when one Jira of two failed', () => {
    expect(exitCodeOf(aPass([{ waiting: 2 }], jiraDown), ['default', 'second'])).toBe(1);
  });
});
