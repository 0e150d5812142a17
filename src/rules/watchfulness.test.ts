import { describe, expect, it } from 'vitest';
import type { TenantId } from '../domain/alert.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../domain/time.ts';
import type { TenantVitals, Vitals, Warning } from '../domain/vitals.ts';
import { changesOf, quietTenants, warningsOf } from './watchfulness.ts';

const NOW = Date.parse('2026-11-23T07:00:00Z');
const tenant = 'contoso' as TenantId;
const limits = {
  silenceAfterMs: 48 * HOUR_MS,
  tenants: new Map([[tenant, { everyMs: 5 * MINUTE_MS, reconcileWindowMs: 10 * MINUTE_MS }]]),
};

const well: TenantVitals = {
  tenant,
  polledAt: NOW - MINUTE_MS,
  newestAlert: NOW - HOUR_MS,
  open: 0,
  unknown: 0,
  heldBy: {},
  heldLately: 0,
  notesOpen: 0,
  hintsWaiting: 0,
};

function told(more: Partial<TenantVitals>, rest: Partial<Vitals> = {}): readonly Warning[] {
  return warningsOf({ at: NOW, tenants: [{ ...well, ...more }], sweeps: [], credentials: [], ...rest }, limits);
}

const kinds = (warnings: readonly Warning[]) => warnings.map(({ kind }) => kind);

/** Days before the newest alert, as days since 1970. */
const days = (newest: number, ...ago: number[]) => ago.map((n) => Math.floor(newest / DAY_MS) - n);

describe('watchfulness', () => {
  it('says nothing while all is well', () => {
    expect(told({})).toEqual([]);
  });

  it.each<[string, Warning['kind'], Partial<TenantVitals>, Partial<TenantVitals>]>([
    ['a reading that failed', 'reading-failed', { failure: '401' }, {}],
    [
      'a tenant that was not read for more than three times `every`',
      'not-read',
      { polledAt: NOW - 15 * MINUTE_MS - 1 },
      { polledAt: NOW - 15 * MINUTE_MS },
    ],
    [
      'alerts that wait for more than an hour',
      'alerts-wait',
      { open: 2, openSince: NOW - HOUR_MS - 1 },
      { open: 2, openSince: NOW - HOUR_MS },
    ],
    [
      'a create that is looked for longer than an hour',
      'unknown-creates',
      { unknown: 1, oldestUnknown: NOW - HOUR_MS - 1 },
      { unknown: 1, oldestUnknown: NOW - HOUR_MS },
    ],
    ['held alerts', 'held', { heldBy: { refused: 1 } }, { heldBy: { refused: 0 } }],
    ['a held queue that grew by more than ten within a day', 'held-grows', { heldLately: 11 }, { heldLately: 10 }],
    [
      'notes that are not on their issues after an hour',
      'notes-waiting',
      { notesOpen: 1, oldestNote: NOW - HOUR_MS - 1 },
      { notesOpen: 1, oldestNote: NOW - HOUR_MS },
    ],
    ['a stop by the guard', 'sync-stopped', { syncStopped: '40 of 50 alerts' }, {}],
    [
      'issues that webhooks named and that wait for longer than half a minute',
      'hints-waiting',
      { hintsWaiting: 2, oldestHint: NOW - 30_001 },
      { hintsWaiting: 2, oldestHint: NOW - 30_000 },
    ],
    [
      'a link that could not be synced',
      'sync-refused',
      { syncRefused: { count: 1, issue: 'SOC-1', why: 'no road' } },
      {},
    ],
    ['a sync that failed', 'sync-failed', { syncFailure: '403' }, {}],
    ['differences in the audit', 'audit-differs', { auditDifferences: { missing: 1 } }, { auditDifferences: {} }],
  ])('tells %s, and not a moment before', (_, kind, more, less) => {
    const [warning, ...others] = told(more);
    expect(others).toEqual([]);
    expect(warning).toMatchObject({ kind, tenant });
    expect(warning?.mend).toMatch(/^casewire /);
    expect(told(less)).toEqual([]);
  });

  it('tells of a tenant that was never read, and of a failure instead of the time since', () => {
    const { polledAt: _, ...unread } = well;
    const told = (own: TenantVitals) => warningsOf({ at: NOW, tenants: [own], sweeps: [], credentials: [] }, limits);
    expect(told(unread)[0]).toMatchObject({ kind: 'not-read', says: 'has not been read yet' });
    expect(kinds(told({ ...unread, failure: 'refused' }))).toEqual(['reading-failed']);
  });

  it('looks for a lost create as long as the site says', () => {
    const patient = {
      ...limits,
      tenants: new Map([[tenant, { everyMs: HOUR_MS, reconcileWindowMs: 5 * HOUR_MS }]]),
    };
    const of = (age: number) =>
      warningsOf(
        { at: NOW, tenants: [{ ...well, unknown: 1, oldestUnknown: NOW - age }], sweeps: [], credentials: [] },
        patient,
      );
    expect(of(10 * HOUR_MS)).toEqual([]);
    expect(kinds(of(10 * HOUR_MS + 1))).toEqual(['unknown-creates']);
  });

  it('names a tenant of the ledger that the configuration lacks while links of it are open', () => {
    const of = (links: number) =>
      warningsOf(
        { at: NOW, tenants: [], besides: [{ tenant: 'gone' as TenantId, links }], sweeps: [], credentials: [] },
        limits,
      );
    expect(of(0)).toEqual([]);
    expect(of(3)).toMatchObject([{ kind: 'not-configured', tenant: 'gone', says: expect.stringContaining('3 links') }]);
  });

  it('tells the most urgent first', () => {
    expect(kinds(told({ heldBy: { refused: 1 }, failure: '401', syncFailure: '403' }))).toEqual([
      'reading-failed',
      'held',
      'sync-failed',
    ]);
  });
});

describe('silence', () => {
  const newest = NOW - 48 * HOUR_MS - 1;
  const daily = days(newest, 5, 4, 3, 2, 1, 0);

  it('is told of a tenant that had alerts on five of the fourteen days before', () => {
    const silent = { newestAlert: newest, activeDays: daily };
    expect(told(silent)).toMatchObject([{ kind: 'silent', says: 'no alert for 2 d 0 h, and it normally has some' }]);
    expect(told({ ...silent, newestAlert: newest + 1 })).toEqual([]);
    expect(told({ ...silent, activeDays: daily.slice(-5) })).toHaveLength(1);
    expect(told({ ...silent, activeDays: daily.slice(-4) })).toEqual([]);
  });

  it('is not a weekend of a tenant whose alerts come on working days', () => {
    // Friday 16:00; the weekend before lay between two days of alerts three days apart.
    const friday = Date.parse('2026-11-20T16:00:00Z');
    const activeDays = days(friday, 8, 7, 4, 3, 2, 1, 0);
    const at = (instant: string) =>
      warningsOf(
        {
          at: Date.parse(instant),
          tenants: [{ ...well, polledAt: Date.parse(instant), newestAlert: friday, activeDays }],
          sweeps: [],
          credentials: [],
        },
        limits,
      );
    expect(at('2026-11-23T09:00:00Z')).toEqual([]);
    expect(kinds(at('2026-11-23T16:00:01Z'))).toEqual(['silent']);
  });

  it('is asked about only where it is long enough, and never where it is switched off', () => {
    const at = NOW;
    const tenants = [well, { ...well, newestAlert: newest }, { tenant }];
    expect(quietTenants({ at, tenants }, limits.silenceAfterMs)).toEqual([tenants[1]]);
    expect(quietTenants({ at, tenants }, 0)).toEqual([]);
    const off = { ...limits, silenceAfterMs: 0 };
    const own = { ...well, newestAlert: 0, activeDays: daily };
    expect(warningsOf({ at, tenants: [own], sweeps: [], credentials: [] }, off)).toEqual([]);
  });
});

describe('what runs out', () => {
  const certificate = { subject: 'tenant contoso', what: 'the certificate AB12…', mend: 'upload a new one' };

  it.each([
    [NOW + 14 * DAY_MS + 1, undefined],
    [NOW + 14 * DAY_MS, 'the certificate AB12… ends in 14 d 0 h'],
    [NOW - HOUR_MS, 'the certificate AB12… ended 60 min ago'],
  ])('is a credential (%s)', (endsAt, says) => {
    expect(told({}, { credentials: [{ ...certificate, tenant, endsAt }] })[0]?.says).toBe(says);
  });

  it('is a credential of nobody in particular, each told by itself', () => {
    const credentials = ['jira default', 'abuseipdb'].map((subject) => ({ ...certificate, subject, endsAt: NOW }));
    const both = told({}, { credentials });
    expect(both.map(({ says }) => says)).toEqual([
      'jira default: the certificate AB12… ended 0 ms ago',
      'abuseipdb: the certificate AB12… ended 0 ms ago',
    ]);
    expect(changesOf(both.slice(0, 1), both).began).toEqual(both.slice(1));
  });

  it.each([
    [1000, 100, []],
    [1000, 99, ['quota-ends']],
    [1000, 0, ['quota-ends']],
    [0, 0, []],
  ])('is a day of %i look-ups with %i left', (dailyBudget, left, kinds_) => {
    expect(kinds(told({}, { quota: { dailyBudget, used: dailyBudget - left, left } }))).toEqual(kinds_);
  });
});

describe('changes of what is not well', () => {
  const held: Warning = { kind: 'held', tenant, says: '1 held', mend: 'casewire held' };

  it('are told once, whatever their words, and once when they are over', () => {
    expect(changesOf([], [held])).toEqual({ began: [held], ended: [] });
    expect(changesOf([held], [{ ...held, says: '2 held' }])).toEqual({ began: [], ended: [] });
    expect(changesOf([held], [])).toEqual({ began: [], ended: [held] });
  });

  it('are told by tenant and by kind', () => {
    const other: Warning = { ...held, tenant: 'fabrikam' as TenantId };
    const failed: Warning = { ...held, kind: 'reading-failed' };
    expect(changesOf([held], [other, failed])).toEqual({ began: [other, failed], ended: [held] });
  });
});
