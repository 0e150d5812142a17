import { describe, expect, it } from 'vitest';
import type { AlertId, DedupKey, TenantId } from '../../domain/alert.ts';
import type { ReplayReport, RulesReport } from '../../domain/replay.ts';
import { widthOf } from '../../domain/text/width.ts';
import { type Paper, uncoloured } from '../text/paper.ts';
import { renderReplay } from './render-replay.ts';
import { renderRules } from './render-rules.ts';

const TERMINAL: Paper = { columns: 80, terminal: true, style: uncoloured };
const NOW = Date.parse('2026-11-23T07:00:00Z');
const DAY = 86_400_000;
const HOSTILE = `Rule\n\u001b[2J${'なにか '.repeat(30)}\u202e${'x'.repeat(100)}`;

function expectTidy(lines: readonly string[]): void {
  for (const line of lines) {
    expect(widthOf(line), line).toBeLessThanOrEqual(80);
    expect(line).not.toMatch(/[\p{Cc}\u202e]/u);
  }
}

describe('renderRules', () => {
  const last = { key: 'contoso/1' as DedupKey, title: 'Leaked credentials', seenAt: NOW - DAY };
  const report: RulesReport = {
    from: NOW - 30 * DAY,
    at: NOW,
    rules: [
      { rule: 'Staff', spoke: 3, suppressed: 0, undecided: 2, last, configured: true, when: 'true', says: 'label vip' },
      { rule: 'Silent', spoke: 0, suppressed: 0, undecided: 0, configured: true, when: 'false', says: 'label x' },
      { rule: 'Old', spoke: 0, suppressed: 0, undecided: 0, last, configured: true, when: 'false', says: 'label y' },
      { rule: HOSTILE, spoke: 1, suppressed: 1, undecided: 0, last, configured: false },
    ],
  };

  it('marks the silent, the undecided and those that are gone, within the width', () => {
    const lines = renderRules(report, TERMINAL);
    expectTidy(lines);
    const text = lines.join('\n');
    expect(text).toMatch(/^Staff +3 +0 +2\n/m);
    expect(text).toContain('last on contoso/1 "Leaked credentials" at 2026-11-22 07:00:00 UTC');
    expect(text.match(/has never spoken/g)).toHaveLength(1);
    expect(text.match(/has not spoken lately/g)).toHaveLength(1);
    expect(text.match(/no longer in the configuration/g)).toHaveLength(1);
    expect(text.match(/could not be decided on some alerts/g)).toHaveLength(1);
  });

  it('says so where there are no rules', () => {
    expect(renderRules({ ...report, rules: [] }, TERMINAL)).toHaveLength(1);
  });
});

describe('renderReplay', () => {
  const report: ReplayReport = {
    from: NOW - 30 * DAY,
    at: NOW,
    alerts: 1_200,
    changed: 60,
    changes: Array.from({ length: 60 }, (_, i) => ({
      key: `contoso/${i}` as DedupKey,
      tenant: 'contoso' as TenantId,
      alertId: String(i) as AlertId,
      title: HOSTILE,
      severity: 'high',
      createdAt: NOW,
      before: { outcome: 'ticket', why: 'x', priority: 'High', project: 'SOC', spoke: [], undecided: [] },
      after: { outcome: 'suppressed', why: 'by rule "Lab": not ticketed', spoke: [], undecided: [] },
      rules: ['Lab'],
    })),
    rules: [
      {
        rule: 'Lab',
        spokeThen: 0,
        speaksNow: 60,
        undecidedNow: 0,
        suppressed: 60,
        raised: 2,
        priorityUp: 0,
        priorityDown: 0,
        grouped: 0,
      },
    ],
    tickets: { before: 1_200, after: 1_142 },
  };

  it('shows the differences by rule, then the first alerts, then the sum, within the width', () => {
    const lines = renderReplay(report, TERMINAL);
    expectTidy(lines);
    const text = lines.join('\n');
    expect(text).toMatch(/^Lab +0 +60 +0 +\+2 −60 +0 +0$/m);
    expect(text).toContain('was a ticket in SOC, priority High; would be suppressed (by rule "Lab":');
    expect(text).toContain('and 20 more: casewire plan --replay --json');
    expect(text.replaceAll('\n', ' ')).toContain('1,200 tickets then, 1,142 now.');
    expect(lines.at(-1)).toBe('Nothing was written.');
  });
});
