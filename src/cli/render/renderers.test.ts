import { describe, expect, it } from 'vitest';
import { anAlertLine, scored, unchecked } from '../../../test/alert-lines.ts';
import type { CheckLine } from '../../domain/check.ts';
import type { AlertHistory, HeldAlert, StatusReport, TenantStatus } from '../../domain/outcome.ts';
import { widthOf } from '../../domain/text/width.ts';
import type { Warning } from '../../domain/vitals.ts';
import { type Paper, uncoloured } from '../text/paper.ts';
import { renderCheck } from './render-check.ts';
import { renderHeld } from './render-held.ts';
import { renderHistory } from './render-history.ts';
import { renderStatus } from './render-status.ts';

const TERMINAL: Paper = { columns: 80, terminal: true, style: uncoloured };
const PIPE: Paper = { columns: Number.POSITIVE_INFINITY, terminal: false, style: uncoloured };
const NOW = Date.parse('2026-11-23T07:00:00Z');
const HOSTILE = `Jira said:\n\u001b[2J${'なにか '.repeat(30)}\u202e${'x'.repeat(100)}`;

const withoutLinks = (line: string) => line.replaceAll(/\u001b\]8;;[^\u001b]*\u001b\\/g, '');

function expectTidy(lines: readonly string[]): void {
  for (const line of lines.map(withoutLinks)) {
    expect(widthOf(line), line).toBeLessThanOrEqual(80);
    expect(line).not.toMatch(/[\p{Cc}\u202e]/u);
  }
}

describe('renderCheck', () => {
  const checks: CheckLine[] = [
    { subject: 'jira default', level: 'ok', says: 'signed in as soc@contoso.com' },
    { subject: 'jira default', level: 'error', says: HOSTILE, mend: 'add the field to the create screen' },
    { subject: 'tenant contoso', level: 'warning', says: 'the clock is 40 s ahead' },
  ];

  it('groups by what was looked at, with each mend below its finding', () => {
    const lines = renderCheck(checks, TERMINAL);
    expectTidy(lines);
    expect(lines.slice(0, 2)).toEqual(['jira default', 'ok       signed in as soc@contoso.com']);
    expect(lines).toContain('         → add the field to the create screen');
    expect(lines.at(-1)).toBe('1 error, 1 warning.');
  });

  it('writes one line per finding through a pipe', () => {
    const lines = renderCheck(checks, PIPE);
    expect(lines).toHaveLength(4);
    expect(lines[1]).toMatch(/^ERROR jira default: Jira said: .* Mend: add the field to the create screen$/);
  });

  it('says so when all is well', () => {
    expect(renderCheck(checks.slice(0, 1), TERMINAL).at(-1)).toBe('All is well.');
  });
});

describe('renderHeld', () => {
  const { key, tenant, alertId, severity, createdAt } = anAlertLine();
  const held: HeldAlert = {
    ...{ key, tenant, alertId, severity, createdAt, title: HOSTILE, why: HOSTILE },
    reason: 'refused',
    heldAt: NOW - 3_600_000,
    retryAt: NOW + 600_000,
  };

  it('says why, since when, and when it is tried again', () => {
    const lines = renderHeld([held], TERMINAL, NOW);
    expectTidy(lines);
    expect(lines[1]).toMatch(/^ {4}refused: Jira said: /);
    expect(lines).toContain('    held for 60 min; tried again in 10 min');
  });

  it('writes one line per alert through a pipe', () => {
    const { retryAt: _, ...byHand } = held;
    const lines = renderHeld([held, byHand], PIPE, NOW);
    expect(lines).toHaveLength(4);
    expect(lines[1]).toMatch(/^contoso\/64a0000000000000000000a1 refused high "Jira said: .* by hand only: Jira said/);
  });

  it('says so when nothing is held', () => {
    expect(renderHeld([], TERMINAL, NOW)).toEqual(['Nothing is held.']);
  });
});

describe('renderCheck, what is to be copied', () => {
  const check: CheckLine = {
    subject: 'jira',
    level: 'warning',
    says: 'lacks',
    mend: 'add:',
    paste: ['Fraud', '  Phishing'],
  };

  it('stands below the mend, each on a line of its own, on a terminal and through a pipe', () => {
    expect(renderCheck([check], TERMINAL)).toEqual(
      expect.arrayContaining(['           Fraud', '             Phishing']),
    );
    expect(renderCheck([check], PIPE)).toEqual([
      'warning jira: lacks Mend: add:',
      '           Fraud',
      '             Phishing',
      '0 errors, 1 warning.',
    ]);
  });
});

describe('renderStatus', () => {
  const tenant = (name: string, more: Partial<TenantStatus> = {}): TenantStatus => ({
    tenant: name as TenantStatus['tenant'],
    polledAt: NOW - 300_000,
    counts: { raised: 1200, pending: 2, unknown: 1 },
    heldBy: {},
    ...more,
  });
  const report = (tenants: TenantStatus[], more: Partial<StatusReport> = {}): StatusReport => ({
    store: '/srv/casewire.db',
    at: NOW,
    tenants,
    warnings: [],
    clocks: { polledAt: NOW - 300_000, sweptAt: NOW - 900_000, auditedAt: NOW - 7_200_000 },
    audits: [],
    uncategorised: { days: 30, types: [] },
    ...more,
  });

  const warning = (name: string, more: Partial<Warning> = {}): Warning => ({
    kind: 'held',
    tenant: name as TenantStatus['tenant'],
    says: '2 held: 2 refused',
    mend: 'casewire held',
    ...more,
  });

  it('begins with whether all is well', () => {
    const lines = renderStatus(report([tenant('contoso')]), TERMINAL);
    expect(lines[0]).toBe('All is well.');
    expect(lines).toContain('Last read 5 min ago, swept 15 min ago, audited 2 h 00 min ago.');
  });

  it('begins with what is not well, each on one line with what to type, however long its words', () => {
    const failed = warning('fabrikam', {
      kind: 'reading-failed',
      says: HOSTILE,
      mend: 'casewire check --tenant fabrikam',
    });
    const lines = renderStatus(report([tenant('fabrikam')], { warnings: [failed, warning('contoso')] }), TERMINAL);
    expectTidy(lines);
    expect(lines[0]).toBe('2 things are not well:');
    expect(lines[1]).toMatch(/^fabrikam: Jira said: .*… → casewire check --tenant fabrikam$/);
    expect(lines[2]).toBe('contoso: 2 held: 2 refused → casewire held');
    expect(lines[3]).toBe('');
  });

  it('keeps what to type whole where the names are long', () => {
    const name = 'a-tenant-with-a-name-of-thirty';
    const mend = `renew it, then casewire check --tenant ${name}`;
    const lines = renderStatus(report([], { warnings: [warning(name, { mend, says: HOSTILE })] }), TERMINAL);
    expectTidy(lines);
    expect(lines[1]).toContain(mend);
  });

  it('tells the same trouble of many tenants on one line, and of each through a pipe', () => {
    const warnings = Array.from({ length: 500 }, (_, i) => warning(`t${i}`));
    const lines = renderStatus(report([], { warnings }), TERMINAL);
    expectTidy(lines);
    expect(lines[0]).toBe('1 thing is not well:');
    expect(lines[1]).toMatch(/^500 tenants hold alerts: t0, t1, .*… → casewire held$/);
    expect(lines[2]).toBe('');
    expect(renderStatus(report([], { warnings }), PIPE).filter((line) => line.includes('→'))).toHaveLength(500);
  });

  it('says how to begin where nothing was ever read', () => {
    const { polledAt: _, ...unread } = tenant('contoso', { oldestOpen: NOW - 7_200_000 });
    const lines = renderStatus(report([unread], { warnings: [warning('contoso')], clocks: {} }), TERMINAL);
    expect(lines[0]).toBe('Nothing has been read yet → casewire run');
    expect(lines[3]).toMatch(/^contoso +never +2 h 00 min/);
    expect(lines.join()).not.toContain('Last ');
  });

  it('shows the troubled tenants first, without what was dropped', () => {
    const counts = { held: 3, raised: 1 };
    const troubled = tenant('fabrikam', { counts, heldBy: { refused: 2, dropped: 1 } });
    const lines = renderStatus(report([tenant('contoso'), troubled], { warnings: [warning('fabrikam')] }), TERMINAL);
    expect(lines[4]).toMatch(/^fabrikam +5 min ago +– +0 +1 +0 +0 +2$/);
    expect(lines[5]).toMatch(/^contoso +5 min ago +– +3 +1,200 +0 +0 +0$/);
  });

  it('fits on one screen with three tenants in trouble, and with five hundred', () => {
    const types = Array.from({ length: 30 }, (_, i) => ({
      tenant: `t${i}` as TenantStatus['tenant'],
      type: `ACME: detection ${i} with a name as long as they come, and then some more of it`,
      alerts: 30 - i,
    }));
    const quota = { dailyBudget: 1000, used: 1000, left: 0, blockedUntil: NOW + 600_000, blockedWhy: 'spent' };
    const screen = (n: number) => {
      const tenants = Array.from({ length: n }, (_, i) => tenant(`t${i}`));
      const warnings = tenants.map(({ tenant: name }) => warning(name));
      return renderStatus(report(tenants, { warnings, uncategorised: { days: 30, types }, quota }), TERMINAL);
    };
    expectTidy(screen(3));
    expect(screen(3).length).toBeLessThanOrEqual(24);
    expect(screen(500).length).toBeLessThanOrEqual(30);
  });

  it('adds up the tenants beyond a screen, and lists all through a pipe', () => {
    const many = Array.from({ length: 500 }, (_, i) => tenant(`tenant-${i}`));
    const rest = renderStatus(report(many), TERMINAL).find((line) => line.includes('more'));
    expect(rest).toMatch(/^490 more +5 min ago +– +1,470 +588,000 +0 +0 +0$/);
    expect(renderStatus(report(many), PIPE).filter((line) => line.startsWith('tenant-'))).toHaveLength(500);
  });

  it('lists what is not categorised by detection, over all tenants, the most frequent first', () => {
    const contoso = 'contoso' as TenantStatus['tenant'];
    const fabrikam = 'fabrikam' as TenantStatus['tenant'];
    const types = [
      { tenant: contoso, type: 'ACME: door', alerts: 3 },
      { tenant: contoso, type: HOSTILE, alerts: 2 },
      { tenant: fabrikam, type: 'ACME: door', alerts: 1 },
    ];
    const lines = renderStatus(report([], { uncategorised: { days: 30, types } }), TERMINAL);
    expectTidy(lines);
    expect(lines.join(' ')).toContain('Without a category: 6 alerts of the last 30 days.');
    expect(lines).toContain('    4 ACME: door (contoso, fabrikam)');
  });

  it('says what is left of the look-ups, and why none is sent', () => {
    const quota = { dailyBudget: 1000, used: 1000, left: 0, blockedUntil: NOW + 600_000, blockedWhy: 'spent' };
    expect(renderStatus(report([], { quota }), TERMINAL).join(' ')).toContain(
      'AbuseIPDB look-ups today: 1,000 of 1,000 used, 0 left; none is sent for another 10 min (spent)',
    );
  });
});

describe('renderHistory', () => {
  const { outcome: _, ...line } = anAlertLine({
    title: HOSTILE,
    findings: [scored('203.0.113.7', 87), unchecked('198.51.100.3')],
    type: HOSTILE,
    category: {
      rsitClass: 'intrusion-attempts',
      rsitType: 'login-attempts',
      tactics: [{ id: 'TA0006', name: 'Credential Access' }],
      techniques: [
        { id: 'T1110', name: 'Brute Force' },
        { id: 'T9999', name: 'T9999' },
      ],
      phase: 'Detection and Analysis',
    },
    notes: [HOSTILE],
  });
  const history: AlertHistory = {
    line: { ...line, state: 'raised' },
    seenAt: NOW,
    settledAt: NOW + 1000,
    url: 'https://contoso.example/#/alerts/64a0000000000000000000a1',
    description: Array.from({ length: 40 }, () => HOSTILE).join('\n'),
    incomplete: ['timestamp'],
    attempts: [
      { attempt: 1, sentAt: NOW, outcome: 'unknown', outcomeAt: NOW + 500, detail: HOSTILE },
      { attempt: 2, sentAt: NOW + 600 },
    ],
    label: 'casewire-abc',
  };

  it('tells the whole way of an alert within 80 columns', () => {
    const lines = renderHistory(history, TERMINAL).map(withoutLinks);
    expectTidy(lines);
    expect(lines).toContain('State        raised');
    expect(lines).toContain('Category     intrusion-attempts/login-attempts');
    expect(lines).toContain('ATT&CK       TA0006 Credential Access; T1110 Brute Force, T9999');
    expect(lines).toContain('Issue        SOC-12');
    expect(lines).toContain('             https://acme.example/browse/SOC-12');
    expect(lines).toContain('Jira label   casewire-abc');
    expect(lines).toContain('Attempt 2    sent at 2026-11-23 07:00:00 UTC: no answer is known yet');
    expect(lines.join('\n')).toMatch(/203\.0\.113\.7 +score 87, 87 reports by 3 reporters within/);
    expect(lines.at(-1)).toMatch(/more lines: casewire explain --json/);
  });
});
