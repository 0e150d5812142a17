import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anAlertLine, scored, unchecked } from '../../test/alert-lines.ts';
import { HandClock } from '../../test/hand-clock.ts';
import type { DedupKey, TenantId } from '../domain/alert.ts';
import { openLog } from './log.ts';
import { LOG_ROWS, type LogLevel } from './log-events.ts';
import { Redactor } from './redact.ts';

const tenant = 'contoso' as TenantId;
const key = 'contoso/1' as DedupKey;

function rig(level: LogLevel = 'info') {
  const written: string[] = [];
  const redactor = new Redactor();
  redactor.add('open-sesame');
  const destination = { write: (line: string) => void written.push(line) };
  const log = openLog({ destination, clock: new HandClock(), redactor, level });
  return { log, written, lines: () => written.map((line) => JSON.parse(line)) };
}

describe('the log', () => {
  it('writes one line an event, with the time of the clock and the ids to follow the alert by', () => {
    const { log, written } = rig();
    log.note({ event: 'intent-committed', tenant, key, attempt: 2 });
    expect(written).toEqual([
      '{"level":"info","time":"2026-11-23T07:00:00.000Z","event":"intent-committed","tenant":"contoso","key":"contoso/1","attempt":2}\n',
    ]);
  });

  it('tells of a settled alert its ids and its issue, and not what people wrote', () => {
    const { log, written, lines } = rig();
    log.note({
      event: 'settled',
      line: anAlertLine({ why: 'refused: Impossible travel activity of jane@contoso.com' }),
    });
    expect(lines()[0]).toEqual({
      level: 'info',
      time: '2026-11-23T07:00:00.000Z',
      event: 'settled',
      tenant: 'contoso',
      alert: '64a0000000000000000000a1',
      key: 'contoso/64a0000000000000000000a1',
      outcome: 'raised',
      severity: 'high',
      issue: 'SOC-12',
      project: 'SOC',
      why: 'refused: [text] of [text]',
    });
    expect(written.join()).not.toMatch(/Impossible|jane|203\.0/);
  });

  it.each([
    ['a mail address', 'no user ada.l@contoso.co.uk here'],
    ['an IPv4 address', 'no route for 198.51.100.7, it says'],
    ['an IPv6 address', 'no route for 2001:db8::7:1 here'],
  ])('takes %s out of a sentence above debug', (_, says) => {
    const { log, lines } = rig();
    log.note({ event: 'warning', tenant, says });
    expect(lines()[0].says).toMatch(/^no (user|route for) \[address\],? (here|it says)$/);
  });

  it('leaves the address of a service, a time and a version as they are', () => {
    const { log, lines } = rig();
    const says = 'Jira at http://127.0.0.1:8080 (10.3.2) did not answer until 12:34:56';
    log.note({ event: 'warning', says });
    expect(lines()[0].says).toBe(says);
  });

  it('keeps the words of a refusal for debug: they repeat what is refused', () => {
    const event = { event: 'create-answered', tenant, key, outcome: 'refused', why: 'no such user: Ada' } as const;
    const [quiet, verbose] = [rig(), rig('debug')];
    quiet.log.note(event);
    verbose.log.note(event);
    expect(quiet.written.join()).not.toContain('Ada');
    expect(verbose.lines()[0]).toMatchObject({ outcome: 'refused', refusal: 'no such user: Ada' });
  });

  it("writes people's text at debug", () => {
    const { log, lines } = rig('debug');
    log.note({ event: 'settled', line: anAlertLine({}) });
    log.note({ event: 'looked-up', finding: scored('203.0.113.7', 87) });
    expect(lines()[0]).toMatchObject({ title: 'Impossible travel activity', users: 'jane@contoso.com' });
    expect(lines()[1]).toMatchObject({ level: 'debug', address: '203.0.113.7', score: 87 });
  });

  it('writes nothing of a look-up above debug', () => {
    const { log, written } = rig();
    log.note({ event: 'looked-up', finding: unchecked('203.0.113.7') });
    expect(written).toEqual([]);
  });

  it('writes no secret', () => {
    const { log, written } = rig();
    log.note({ event: 'poll-failed', tenant, why: 'said "open-sesame"', mend: 'open-sesame', waiting: false });
    expect(written.join()).not.toContain('sesame');
    expect(written.join()).toContain('[redacted]');
  });

  it('escapes what a terminal would obey, and gives the text back to who parses it', () => {
    const { log, written, lines } = rig();
    const says = 'a\u001b[2J\u009b2J\u202e\r\n{"event":"forged"}\u2028b';
    log.note({ event: 'warning', tenant, says });
    expect(written).toHaveLength(1);
    expect(written[0]?.trimEnd()).not.toMatch(/[\p{Cc}\u202e\u2028]/u);
    expect(lines()[0]).toMatchObject({ event: 'warning', says });
  });

  it('cuts what is longer than anybody reads', () => {
    const { log, lines } = rig();
    log.note({ event: 'warning', says: 'x'.repeat(100_000) });
    expect(lines()[0].says).toHaveLength(2_001);
  });

  it('is documented event by event, with level and fields', () => {
    const text = readFileSync(join(resolve(import.meta.dirname, '../..'), 'docs/logs.md'), 'utf8');
    const documented = [...text.matchAll(/^\| `([\w-]+)` \| (.*?) \| (.*?) \| (.*?) \|$/gm)].map(
      ([, event, , fields = '', debug = '']) => [event, names(fields), names(debug)],
    );
    const built = Object.entries(LOG_ROWS).map(([event, { fields, text = [] }]) => [event, fields, text]);
    expect(documented).toEqual(built);
  });
});

function names(cell: string): string[] {
  return [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name ?? '');
}
