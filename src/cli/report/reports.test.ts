import { describe, expect, it } from 'vitest';
import {
  anAlertLine,
  anUnraisedLine,
  aPassSummary,
  aTenantSummary,
  scored,
  unchecked,
} from '../../../test/alert-lines.ts';
import { HandClock, until } from '../../../test/hand-clock.ts';
import { Pipe, Terminal } from '../../../test/terminal.ts';
import type { AlertId, TenantId } from '../../domain/alert.ts';
import type { AlertLine } from '../../domain/outcome.ts';
import { widthOf } from '../../domain/text/width.ts';
import { JsonReport } from './json-report.ts';
import { LineReport } from './line-report.ts';
import { TerminalReport } from './terminal-report.ts';

const CONTOSO = 'contoso' as TenantId;
const HOSTILE = 'Impossible\n\u001b[2Jtravel \u202eevil\u0007 日本語日本語日本語日本語日本語日本語日本語日本語';

const settled = (line: AlertLine) => ({ event: 'settled' as const, line });

function onATerminal(tenants: readonly string[] = ['contoso', 'fabrikam'], columns = 80) {
  const terminal = new Terminal(columns);
  const clock = new HandClock();
  const report = new TerminalReport({
    out: terminal.screen(),
    kind: 'run',
    clock,
    tenants: tenants as readonly TenantId[],
    verbose: undefined,
  });
  const redraw = async () => {
    await until(() => clock.sleeping().length > 0);
    clock.advance(100);
    await Promise.resolve();
    await Promise.resolve();
  };
  return { terminal, report, redraw };
}

describe('on a terminal', () => {
  it('draws each of few tenants in place', async () => {
    const { terminal, report, redraw } = onATerminal();
    expect(terminal.lines()).toEqual(['contoso   waits for its turn', 'fabrikam  waits for its turn']);
    report.note({ event: 'poll-started', tenant: CONTOSO });
    report.note({ event: 'page-admitted', tenant: CONTOSO, read: 12, fresh: 5 });
    await redraw();
    expect(terminal.lines()).toEqual(['contoso   reading… 12 read · 5 new · 0 raised', 'fabrikam  waits for its turn']);
    report.note({ event: 'poll-ended', tenant: CONTOSO });
    report.note(settled(anAlertLine()));
    await redraw();
    expect(terminal.lines()).toEqual(['contoso   12 read · 5 new · 1 raised', 'fabrikam  waits for its turn']);
    expect(terminal.cursorHidden).toBe(true);
    report.abandon();
    expect(terminal.cursorHidden).toBe(false);
  });

  it('sums many tenants up, and names the troubled ones', async () => {
    const names = Array.from({ length: 500 }, (_, i) => `tenant-${i}`);
    const { terminal, report, redraw } = onATerminal(names);
    for (const name of names.slice(0, 100))
      report.note({ event: 'poll-failed', tenant: name as TenantId, why: HOSTILE, waiting: false });
    await redraw();
    const lines = terminal.lines();
    expect(lines[0]).toBe('100 of 500 tenants read · 0 new · 0 raised · 100 in trouble');
    expect(lines[1]).toMatch(/^tenant-0 {4}failed: Impossible travel evil/);
    expect(lines.at(-1)).toBe('and 96 more in trouble');
    expect(lines).toHaveLength(6);
    report.abandon();
  });

  it('draws at most once per tick, whatever happens in between', async () => {
    const { terminal, report, redraw } = onATerminal();
    const before = terminal.written.length;
    for (let i = 0; i < 1000; i++) report.note({ event: 'page-admitted', tenant: CONTOSO, read: 1, fresh: 1 });
    expect(terminal.written.length).toBe(before);
    await redraw();
    expect(terminal.lines()).toHaveLength(2);
    report.abandon();
  });

  it('finds its place again when the terminal became narrower', async () => {
    const { terminal, report, redraw } = onATerminal(['contoso']);
    report.note({ event: 'poll-failed', tenant: CONTOSO, why: 'x'.repeat(60), waiting: false });
    await redraw();
    terminal.columns = 40;
    report.note({ event: 'page-admitted', tenant: CONTOSO, read: 1, fresh: 1 });
    const before = terminal.written.length;
    await redraw();
    // 77 columns of text fill two rows of 40.
    expect(terminal.written.slice(before)).toMatch(/^\r\u001b\[2A/);
    report.abandon();
  });

  it('keeps what is said above the frame', () => {
    const { terminal, report } = onATerminal();
    report.stopping();
    expect(terminal.lines()[0]).toMatch(/^Stopping: /);
    expect(terminal.lines().slice(1)).toEqual(['contoso   waits for its turn', 'fabrikam  waits for its turn']);
    report.abandon();
  });

  it('ends with a table, reasons, mends and totals, all within 80 columns', () => {
    const { terminal, report } = onATerminal();
    const findings = [unchecked('198.51.100.3'), scored('203.0.113.7', 87), scored('2001:db8::7', 12)];
    report.note(settled(anAlertLine({ findings, users: ['jane@contoso.com', 'bob@contoso.com'] })));
    report.note(settled(anAlertLine({ title: HOSTILE, tenant: 'fabrikam', priority: 'Highest', findings: [] })));
    report.note(settled(anUnraisedLine({ outcome: 'held', why: `${HOSTILE} https://docs.example/${'p'.repeat(20)}` })));
    report.note(settled(anUnraisedLine({ outcome: 'suppressed', why: 'closed in Defender before it was first seen' })));
    report.end(
      aPassSummary(
        [
          aTenantSummary({ read: 5, fresh: 3, raised: 2, held: 1, suppressed: 1 }),
          aTenantSummary({ tenant: 'fabrikam', failure: { why: HOSTILE, mend: 'renew the token', waiting: false } }),
        ],
        { warnings: ['odd'], siteFailures: [{ site: 'default', why: 'refused', mend: 'look at it' }] },
      ),
    );
    const lines = terminal.lines().map((line) => line.replaceAll('\u0000', ''));
    for (const line of lines) expect(widthOf(line), line).toBeLessThanOrEqual(80);
    expect(lines).toContain('SOC-12  High      contoso   Impossible travel activity       jane@contoso.com +1');
    expect(lines).toContain('        https://acme.example/browse/SOC-12  203.0.113.7 score 87 +2');
    expect(lines).toContain('  → renew the token');
    expect(lines.at(-2)).toBe('2 raised · 2 already known · 1 suppressed · 1 held · 0 waiting');
    expect(lines.at(-1)).toBe('in 0.52 s with 33 API calls: AbuseIPDB 12, Defender for Cloud Apps 3, Jira 18');
    expect(terminal.obeyed.filter((sequence) => !sequence.startsWith('\u001b]8;;'))).toEqual([]);
    expect(terminal.obeyed).toContain('\u001b]8;;https://acme.example/browse/SOC-12\u001b\\');
    expect(terminal.cursorHidden).toBe(false);
  });

  it('says of a plan what would be, where and why', () => {
    const terminal = new Terminal();
    const tenants = [CONTOSO];
    const out = terminal.screen();
    const report = new TerminalReport({ out, kind: 'plan', clock: new HandClock(), tenants, verbose: undefined });
    const findings = [unchecked('203.0.113.7'), unchecked('198.51.100.3')];
    report.note(settled(anUnraisedLine({ outcome: 'would-raise', findings })));
    report.end(aPassSummary([aTenantSummary({ read: 1, fresh: 1, raised: 1 })]));
    expect(terminal.lines().slice(2, 6)).toEqual([
      'Would raise: 1',
      '  contoso/64a0000000000000000000a1  high  Impossible travel activity',
      '    SOC / IT Help, priority High (priority from severity high)',
      '    jane@contoso.com · 203.0.113.7, 198.51.100.3 (not looked up)',
    ]);
    expect(terminal.lines().at(-1)).toBe('Nothing was written. To do it: casewire run');
  });

  it('shows with --verbose what each mapped field of a planned ticket would hold, within its columns', () => {
    const terminal = new Terminal();
    const [out, verbose] = [terminal.screen(), new Pipe().screen({})];
    const report = new TerminalReport({ out, kind: 'plan', clock: new HandClock(), tenants: [CONTOSO], verbose });
    const fields = { 'Affected User': 'ada@contoso.com', Customer: '', [HOSTILE]: `${HOSTILE} ${'x'.repeat(400)}` };
    report.note(settled(anUnraisedLine({ outcome: 'would-raise', fields })));
    report.end(aPassSummary([aTenantSummary({ read: 1, fresh: 1, raised: 1 })]));
    expect(terminal.lines()).toContain('    "Affected User": "ada@contoso.com"');
    expect(terminal.lines()).toContain('    "Customer": (empty)');
    expect(terminal.lines().filter((line) => line.includes('xxxx')).length).toBeLessThan(6);
    expect(terminal.lines().filter((line) => widthOf(line) > 80)).toEqual([]);
    expect(terminal.obeyed.filter((sequence) => sequence.includes('2J'))).toEqual([]);
  });

  it('says of an issue that was found how it came about', () => {
    const { terminal, report } = onATerminal();
    report.note(settled(anAlertLine({ outcome: 'adopted', why: "found after its create's answer was lost" })));
    report.end(aPassSummary([aTenantSummary({ raised: 1 })]));
    expect(terminal.lines()).toContain("        found after its create's answer was lost");
  });

  it('counts what is beyond forty rows, and keeps no more than them', () => {
    const { terminal, report } = onATerminal();
    for (let i = 0; i < 3000; i++) report.note(settled(anAlertLine({ alertId: `a${i}` })));
    report.end(aPassSummary([aTenantSummary({ read: 3000, fresh: 3000, raised: 3000 })]));
    expect(terminal.lines().filter((line) => line.startsWith('SOC-12'))).toHaveLength(40);
    expect(terminal.lines()).toContain('and 2,960 more: casewire status, or run with --json');
  });

  it('colours only where colours are wanted', () => {
    const terminal = new Terminal();
    const clock = new HandClock();
    const report = new TerminalReport({
      out: terminal.screen({}),
      kind: 'run',
      clock,
      tenants: [],
      verbose: undefined,
    });
    report.note(settled(anAlertLine()));
    report.end(aPassSummary([aTenantSummary({ raised: 1 })]));
    expect(terminal.obeyed).toContain('\u001b[31m');
  });
});

describe('through a pipe', () => {
  function throughAPipe(kind: 'run' | 'plan' = 'run') {
    const pipe = new Pipe();
    const report = new LineReport({ out: pipe.screen({}), kind, verbose: undefined });
    return { pipe, report, lines: () => pipe.written.trimEnd().split('\n') };
  }

  it('writes one plain line per event', () => {
    const { report, lines } = throughAPipe();
    report.note({ event: 'poll-started', tenant: CONTOSO });
    report.note(settled(anAlertLine()));
    report.note(settled(anUnraisedLine({ outcome: 'held', why: 'priority "Hgih" is not one of the project' })));
    report.note({
      event: 'poll-failed',
      tenant: CONTOSO,
      why: 'answered 401',
      mend: 'renew the token',
      waiting: false,
    });
    const failure = { why: 'answered 401', mend: 'renew the token', waiting: false };
    report.end(aPassSummary([aTenantSummary({ read: 2, fresh: 2, raised: 1, held: 1, failure })]));
    expect(lines()).toEqual([
      'raised SOC-12 contoso high "Impossible travel activity" jane@contoso.com 1 address (max score 87) https://acme.example/browse/SOC-12',
      'held contoso/64a0000000000000000000a1 high "Impossible travel activity" jane@contoso.com 1 address (max score 87): priority "Hgih" is not one of the project',
      'failed tenant contoso: answered 401 Mend: renew the token',
      'done 1 raised · 0 already known · 0 suppressed · 1 held · 0 waiting in 0.52 s with 33 API calls: AbuseIPDB 12, Defender for Cloud Apps 3, Jira 18',
    ]);
  });

  it('tells what waits once for each cause, with how many and the first of them', () => {
    const { report, lines } = throughAPipe();
    const waiting = (n: number, why: string) =>
      report.note(settled(anUnraisedLine({ outcome: 'waiting', alertId: `a${n}` as AlertId, why })));
    waiting(0, 'its answer was lost');
    for (let n = 1; n <= 7; n++) waiting(n, 'Jira asked to wait 60 s');
    report.end(aPassSummary([aTenantSummary({ waiting: 10 })]));
    expect(lines().slice(0, 3)).toEqual([
      'waiting 7 alerts: Jira asked to wait 60 s (contoso/a1, contoso/a2, contoso/a3, contoso/a4, contoso/a5 and 2 more)',
      'waiting 1 alert: its answer was lost (contoso/a0)',
      'waiting 2 more alerts',
    ]);
  });

  it('names a failure that no event told', () => {
    const { report, lines } = throughAPipe();
    report.end(aPassSummary([aTenantSummary({ failure: { why: 'another process reads it', waiting: true } })]));
    expect(lines()[0]).toBe('delayed tenant contoso: another process reads it');
  });

  it('never lets foreign text begin a line or reach the terminal behind the pipe', () => {
    const { pipe, report, lines } = throughAPipe();
    report.note(settled(anAlertLine({ title: 'x\nraised SOC-99 "forged"', users: [HOSTILE], notes: ['a\u001b[2Jb'] })));
    expect(lines()).toHaveLength(1);
    expect(pipe.written).not.toMatch(/\u001b|\u202e|\u0007/);
  });

  it('says what a plan would do, where and why', () => {
    const { report, lines } = throughAPipe('plan');
    report.note(settled(anUnraisedLine({ outcome: 'would-raise', findings: [unchecked('203.0.113.7', 'not asked')] })));
    expect(lines()[0]).toBe(
      'would raise contoso/64a0000000000000000000a1 high "Impossible travel activity" jane@contoso.com 1 address (not checked: not asked) in SOC / IT Help, priority High: priority from severity high',
    );
  });
});

describe('through a pipe with --verbose', () => {
  it('tells below each planned ticket what its mapped fields would hold', () => {
    const [pipe, err] = [new Pipe(), new Pipe()];
    const report = new LineReport({ out: pipe.screen({}), kind: 'plan', verbose: err.screen({}) });
    const fields = { 'Affected User': 'ada@contoso.com', 'IP Report': 'one\nfield contoso/b "forged"', Customer: '' };
    report.note(settled(anUnraisedLine({ outcome: 'would-raise', fields })));
    const [first, ...rest] = pipe.written.trimEnd().split('\n');
    expect(first).toMatch(/^would raise /);
    expect(rest).toEqual([
      'field contoso/64a0000000000000000000a1 "Affected User": "ada@contoso.com"',
      'field contoso/64a0000000000000000000a1 "IP Report": "one field contoso/b \\"forged\\""',
      'field contoso/64a0000000000000000000a1 "Customer": (empty)',
    ]);
    expect(err.written).toBe('');
  });
});

describe('as JSON', () => {
  it('writes one document, alert by alert', () => {
    const pipe = new Pipe();
    const report = new JsonReport({ out: pipe.screen({}), err: new Pipe().screen({}), kind: 'run', verbose: false });
    report.note(settled(anAlertLine({ title: HOSTILE })));
    const early = pipe.written;
    report.note(settled(anUnraisedLine({ outcome: 'held', why: 'refused' })));
    report.end(aPassSummary([aTenantSummary({ read: 3, fresh: 2, raised: 1, held: 1 })]), 1);
    expect(early).toContain('SOC-12');
    expect(pipe.written).not.toMatch(/[\u001b\u202e\u0007]/);
    const document = JSON.parse(pipe.written);
    expect(document).toMatchObject({
      command: 'run',
      alerts: [
        { outcome: 'raised', title: HOSTILE, createdAt: '2026-11-22T03:04:05.000Z', ticket: { key: 'SOC-12' } },
        { outcome: 'held', why: 'refused' },
      ],
      totals: { raised: 1, alreadyKnown: 1, attached: 0, suppressed: 0, held: 1, waiting: 0 },
      tenants: [{ tenant: 'contoso', read: 3 }],
      calls: { Jira: 18 },
      durationMs: 523,
      stopped: false,
      exitCode: 1,
    });
  });

  it('is whole when there was nothing', () => {
    const pipe = new Pipe();
    const report = new JsonReport({ out: pipe.screen({}), err: new Pipe().screen({}), kind: 'plan', verbose: false });
    report.end(aPassSummary([]), 0);
    expect(JSON.parse(pipe.written)).toMatchObject({ command: 'plan', alerts: [], exitCode: 0 });
  });
});
