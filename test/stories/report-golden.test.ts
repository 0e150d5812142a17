import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { TenantId } from '../../src/domain/alert.ts';
import { openReport, type ReportAsk, type ReportFormat } from '../../src/reports/make-report.ts';
import { lifelikeAlerts } from '../report-facts.ts';
import { makeReport, reportRig } from '../report-rig.ts';

/** `UPDATE_GOLDEN=1` writes what the reports say now; look at what changed before it is committed. */
const UPDATE = process.env.UPDATE_GOLDEN === '1';
const FIXTURES = join(import.meta.dirname, '../fixtures/reports');

const contoso = 'contoso' as TenantId;
const at = (written: string) => Date.parse(written);

const ASKS: Readonly<Record<string, ReportAsk>> = {
  'daily-contoso': { scope: contoso, kind: 'daily', from: at('2026-11-23T12:00:00Z') },
  'daily-so-far': { scope: contoso, kind: 'daily', from: at('2026-11-24T12:00:00Z') },
  'daily-nobody-looked': { scope: 'tailspin' as TenantId, kind: 'daily', from: at('2026-11-23T12:00:00Z') },
  'weekly-contoso': { scope: contoso, kind: 'weekly', from: at('2026-10-14T12:00:00Z') },
  'monthly-contoso': { scope: contoso, kind: 'monthly', from: at('2026-10-14T12:00:00Z') },
  'monthly-pseudonymised': { scope: contoso, kind: 'monthly', from: at('2026-10-14T12:00:00Z'), pseudonymise: true },
  'weekly-all': { scope: 'all', kind: 'weekly', from: at('2026-11-18T12:00:00Z') },
};

const each = Object.entries(ASKS);

function golden(name: string, text: string): void {
  const path = join(FIXTURES, name);
  if (UPDATE) {
    mkdirSync(FIXTURES, { recursive: true });
    writeFileSync(path, text);
  }
  expect(text).toBe(readFileSync(path, 'utf8'));
}

async function bytesOf(ask: ReportAsk, format: ReportFormat): Promise<Uint8Array> {
  return (await makeReport(reportRig(), { ...ask, format })).bytes;
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

describe('a report of a ledger that does not change', () => {
  it.each(each)('says the same text as ever: %s', async (name, ask) => {
    golden(`${name}.txt`, strFromU8(await bytesOf(ask, 'text')));
  });

  it.each(each)('gives the same tables as ever: %s', async (name, ask) => {
    const files = unzipSync(await bytesOf(ask, 'csv'));
    golden(
      `${name}.csv.txt`,
      Object.entries(files)
        .map(([file, bytes]) => `--- ${file}\n${strFromU8(bytes).replaceAll('\r\n', '\n')}`)
        .join(''),
    );
  });

  it.each([each[0], each[6]].flatMap((one) => (one ? [one] : [])))(
    'gives the same numbers as ever: %s',
    async (name, ask) => {
      golden(`${name}.json.txt`, strFromU8(await bytesOf(ask, 'json')));
    },
  );

  it.each(['text', 'html', 'pdf', 'csv', 'json'] as const)(
    'has the same bytes when it is made twice, as %s',
    async (format) => {
      for (const name of ['daily-contoso', 'monthly-contoso', 'weekly-all']) {
        const ask = ASKS[name];
        if (!ask) throw new Error('not reached');
        expect(hashOf(await bytesOf(ask, format))).toBe(hashOf(await bytesOf(ask, format)));
      }
    },
  );
});

describe('a report as JSON', () => {
  const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../docs/report.schema.json'), 'utf8'));
  const validate = new Ajv({ strict: false, allErrors: true, formats: { 'date-time': true } }).compile(schema);

  it.each(each)('is as its schema says, and nothing is in it that the schema does not name: %s', async (_, ask) => {
    validate(JSON.parse(strFromU8(await bytesOf(ask, 'json'))));
    // Both branches of a choice are told; the one that was meant is what is looked at.
    const meant = ask.scope === 'all' ? '#/definitions/overview' : '#/definitions/tenant';
    expect((validate.errors ?? []).filter(({ schemaPath }) => schemaPath.startsWith(meant))).toEqual([]);
    expect(validate.errors ?? []).toEqual([]);
  });
});

describe('a report of a period that has ended', () => {
  it('stays as it was first told, whatever is recorded later', async () => {
    const rig = reportRig('2026-11-02T08:00:00Z');
    const ask = { scope: contoso, kind: 'monthly', from: at('2026-10-14T12:00:00Z'), format: 'text' } as const;
    const first = await makeReport(rig, ask);
    await rig.clock.advance(20 * 86_400_000);
    expect(hashOf((await makeReport(rig, ask)).bytes)).toBe(hashOf(first.bytes));
  });

  it('stays as it was first told, whatever targets and tenants the configuration has later', async () => {
    const rig = reportRig('2026-11-02T08:00:00Z');
    const period = { kind: 'monthly', from: at('2026-10-14T12:00:00Z'), format: 'text' } as const;
    const told = async (parts: typeof rig) =>
      Promise.all(
        ([contoso, 'all'] as const).map(async (scope) => hashOf((await makeReport(parts, { ...period, scope })).bytes)),
      );
    const first = await told(rig);
    const counting = { ...rig.counting, sla: { high: { resolveMs: 1 } }, inStep: false };
    expect(await told({ ...rig, counting, tenants: [contoso] })).toEqual(first);
  });

  it('says what was recorded since in a new revision, under a name of its own', async () => {
    const rig = reportRig('2026-11-02T08:00:00Z');
    const ask = { scope: contoso, kind: 'monthly', from: at('2026-10-14T12:00:00Z') } as const;
    const first = await openReport(rig, ask);
    await rig.clock.advance(20 * 86_400_000);
    const second = await openReport(rig, { ...ask, revise: true });
    expect([first.revision, second.revision]).toEqual([1, 2]);
    expect(second.asOf).toBe(rig.clock.now());
    expect((await first.file({ format: 'text' })).fileName).toBe('2026-10-monthly.txt');
    expect((await second.file({ format: 'text' })).fileName).toBe('2026-10-monthly-r2.txt');
    expect((await openReport(rig, ask)).asOf).toBe(second.asOf);
    // The overview has the same revision, though nobody asked for one of it.
    expect(await openReport(rig, { ...ask, scope: 'all' })).toMatchObject({ revision: 2, asOf: second.asOf });
  });

  it('is told with the clock of another zone as another period', async () => {
    const rig = reportRig('2026-11-02T08:00:00Z');
    const ask = { scope: contoso, kind: 'daily', from: at('2026-10-31T12:00:00Z') } as const;
    await openReport(rig, ask);
    await openReport({ ...rig, counting: { ...rig.counting, timezone: 'Asia/Tokyo' } }, ask);
    expect(rig.editions).toMatchObject({ made: [{ revision: 1 }, { revision: 1 }] });
  });
});

describe('a report of a period that has not ended', () => {
  it('is told as of what was recorded last, says so, and is not frozen', async () => {
    const rig = reportRig('2026-10-14T12:00:00Z');
    const { paper, asOf, revision } = await openReport(rig, { scope: contoso, kind: 'monthly', from: rig.clock.now() });
    expect({ period: paper.period, revision }).toEqual({ period: 'October 2026, so far', revision: undefined });
    expect(paper.blocks[0]).toMatchObject({ block: 'notice', title: 'Provisional' });
    expect(asOf).toBeLessThanOrEqual(rig.clock.now());
    expect(rig.editions).toMatchObject({ made: [] });
  });
});

describe('a pseudonymised report', () => {
  it.each(['text', 'html', 'csv', 'json'] as const)('names nobody, as %s', async (format) => {
    const ask = { scope: contoso, kind: 'monthly', from: at('2026-10-14T12:00:00Z'), pseudonymise: true } as const;
    const { bytes } = await makeReport(reportRig(), { ...ask, format });
    const text =
      format === 'csv'
        ? Object.values(unzipSync(bytes))
            .map((file) => strFromU8(file))
            .join('')
        : strFromU8(bytes);
    expect(text).toContain('User 01');
    const users = new Set(
      lifelikeAlerts({ from: '2026-10-01T00:00:00Z', to: '2026-11-01T00:00:00Z', perDay: 4 }).flatMap(
        (alert) => alert.users,
      ),
    );
    expect(users.size).toBeGreaterThan(5);
    expect([...users].filter((user) => text.includes(user))).toEqual([]);
  });
});
