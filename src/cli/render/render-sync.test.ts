import { describe, expect, it } from 'vitest';
import type { SyncLine, SyncSummary, TenantSync } from '../../domain/sync-outcome.ts';
import { syncExitCode } from '../commands/sync.ts';
import { uncoloured } from '../text/paper.ts';
import { renderSyncEnd, syncLine } from './render-sync.ts';

const line: SyncLine = {
  tenant: 'contoso' as never,
  alertId: 'a1' as never,
  key: 'contoso/a1' as never,
  title: 'Odd \u202etravel\u001b[2J',
  ticket: { id: '1', key: 'SOC-1', url: 'https://acme.example/browse/SOC-1' },
  deed: 'close-alert',
  ending: 'done',
  why: 'its issue is Done',
};
const none = {
  watched: 4,
  changed: 0,
  closed: 0,
  reopened: 0,
  moved: 0,
  movedBack: 0,
  told: 0,
  updated: 0,
  waiting: 0,
  refused: 0,
};

function summaryOf(...tenants: Partial<TenantSync>[]): SyncSummary {
  const named = tenants.map((one, n) => ({ ...none, tenant: `t${n}` as never, ...one }));
  return { tenants: named, warnings: [], calls: {}, startedAt: 0, durationMs: 10, stopped: false };
}

const paper = { columns: Number.POSITIVE_INFINITY, terminal: false, style: uncoloured };

describe('a line of sync', () => {
  it.each([
    ['close-alert', 'done', 'closed contoso/a1 "Odd travel" with SOC-1: its issue is Done'],
    ['move-issue', 'refused', 'cannot move SOC-1 with contoso/a1 "Odd travel": its issue is Done'],
    ['reopen-alert', 'waits', 'waits to reopen contoso/a1 "Odd travel" with SOC-1: its issue is Done'],
    ['tell-issue', 'would', 'would tell SOC-1 with contoso/a1 "Odd travel": its issue is Done'],
  ] as const)('that is to %s and is %s', (deed, ending, says) => {
    expect(syncLine({ ...line, deed, ending })).toBe(says);
  });
});

describe('the end of sync', () => {
  it('says how to go on where a plan was stopped', () => {
    const summary = summaryOf({ stopped: 'it would change 25 of 30 watched alerts' });
    const text = renderSyncEnd({ summary, planned: [{ ...line, ending: 'would' }], dryRun: false }, paper).join('\n');
    expect(text).toContain('would close contoso/a1');
    expect(text).toContain('casewire sync --tenant t0 --yes');
    expect(text).not.toContain('nothing to do');
  });

  it('counts what was done and leaves out what was not', () => {
    const summary = summaryOf({ closed: 1, told: 2 }, { moved: 1 });
    const text = renderSyncEnd({ summary, planned: [], dryRun: false }, paper).join('\n');
    expect(text).toContain('8 pairs watched · 1 alert closed · 1 issue moved · 2 comments\n');
  });
});

describe('the exit code of sync', () => {
  it.each([
    [0, {}],
    [0, { closed: 3 }],
    [1, { waiting: 1 }],
    [1, { refused: 1 }],
    [1, { stopped: 'too many' }],
    [1, { failure: { why: 'busy', waiting: true } }],
    [3, { failure: { why: 'down', waiting: false } }],
  ] as const)('is %i for %o', (code, tenant) => {
    expect(syncExitCode(summaryOf(tenant))).toBe(code);
  });

  it('is 1 when one of two tenants failed, and when a signal stopped it', () => {
    expect(syncExitCode(summaryOf({ failure: { why: 'down', waiting: false } }, {}))).toBe(1);
    expect(syncExitCode({ ...summaryOf({}), stopped: true })).toBe(1);
  });
});
