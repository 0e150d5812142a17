import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answer } from '../../src/cli/main.ts';
import { systemClock } from '../../src/observe/clock.ts';
import type { SimAlert } from '../../src/simulators/cloud-apps-sim.ts';
import { CliScene } from '../cli-scene.ts';
import { Pipe, Terminal } from '../terminal.ts';

let scene: CliScene;
let today: string;
let yesterday: string;

beforeAll(async () => {
  scene = await CliScene.start(3);
  today = new Date(systemClock.now()).toISOString().slice(0, 10);
  yesterday = new Date(systemClock.now() - 86_400_000).toISOString().slice(0, 10);
  for (const [tenant, alerts] of Object.entries({ contoso: 1, fabrikam: 2 })) {
    const [record] = scene.cloudApps.tenants.get(tenant)?.alerts ?? [];
    // Yesterday has an alert, whatever the time of day.
    scene.cloudApps.insertLate(
      tenant,
      { ...(record as SimAlert), _id: `5c000000000000000000090${alerts}` },
      30 * 3_600_000,
    );
  }
  await scene.type('run');
});
afterAll(() => scene.stop());

/** Types the words in-process, on a pipe or a terminal. */
async function type(words: readonly string[], out: Terminal = new Pipe()) {
  const err = new Pipe();
  const config = ['--config', join(scene.folder, 'casewire.yaml')];
  const code = await answer([...config, ...words], { stdout: out.screen({}), stderr: err.screen({}), env: {} });
  return { code, out: out.written, err: err.written };
}

describe('casewire report after a run', () => {
  it('tells a tenant in text of 80 columns on a pipe', async () => {
    const { code, out, err } = await type(['report', 'daily', '--date', today, '--tenant', 'contoso']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^Daily report: contoso, .*, so far\n/);
    expect(out).toMatch(/\nAlerts +3\b/);
    expect(out).toMatch(/\nIssues made +4\b/);
    for (const line of out.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  it('gives several tenants an overview, as JSON too', async () => {
    const { code, out } = await type(['report', 'daily', '--date', today, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      schema: 'casewire-report/1',
      report: 'overview',
      soFar: true,
      totals: { tenants: 2, alerts: 6, issues: 8 },
    });
  });

  it('says of a month in which nobody looked that nobody looked', async () => {
    const { code, out } = await type(['report', 'monthly', '--date', '2020-02', '--tenant', 'contoso']);
    expect(code).toBe(0);
    expect(out).toContain('[!!] Nobody looked');
    expect(out).toContain('February 2020');
  });

  it('writes an overview and a report of each tenant into a folder, each whole', async () => {
    const folder = join(scene.folder, 'reports');
    const { code, out } = await type([
      'report',
      'monthly',
      '--date',
      '2020-02',
      '--format',
      'html',
      '--out',
      `${folder}/`,
    ]);
    expect(code).toBe(0);
    // Nothing was read then: what nobody knows is not fixed.
    const written = ['', 'contoso/', 'fabrikam/'].map((name) => `${name}2020-02-monthly-provisional.html`);
    expect(out).toBe(written.map((name) => `${join(folder, name)}\n`).join(''));
    expect(readdirSync(join(folder, 'contoso'))).toEqual(['2020-02-monthly-provisional.html']);
    for (const name of written)
      expect(readFileSync(join(folder, name), 'utf8')).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
  });

  it('takes the format from the end of the file, and makes a revision only where it is asked to', async () => {
    const file = join(scene.folder, 'out.json');
    const words = ['report', 'daily', '--date', yesterday, '--tenant', 'fabrikam', '--out', file];
    const revisionOf = async (...more: string[]) => {
      expect(await type([...words, ...more])).toEqual({ code: 0, out: `${file}\n`, err: '' });
      return JSON.parse(readFileSync(file, 'utf8')).revision;
    };
    expect([await revisionOf(), await revisionOf(), await revisionOf('--revise'), await revisionOf()]).toEqual([
      1, 1, 2, 2,
    ]);
    // A folder of reports is one revision, not one for each of them.
    const folder = join(scene.folder, 'revised');
    const all = ['report', 'daily', '--date', yesterday, '--format', 'json', '--revise', '--out', `${folder}/`];
    expect(await type(all)).toMatchObject({ code: 0 });
    const names = ['', 'contoso/', 'fabrikam/'].map((name) => join(folder, `${name}${yesterday}-daily-r3.json`));
    const told = names.map((name) => JSON.parse(readFileSync(name, 'utf8')));
    expect(told.map(({ revision }) => revision)).toEqual([3, 3, 3]);
    expect(new Set(told.map(({ asOf }) => asOf)).size).toBe(1);
  });

  it('gives one table as CSV, and all in an archive', async () => {
    const words = ['report', 'daily', '--date', today, '--tenant', 'contoso', '--format', 'csv'];
    const { out } = await type([...words, '--table', 'high-severity']);
    expect(out.split('\r\n')[0]).toBe('raised,alert,alert_url,users,issue,issue_url,state,found_to_be');
    const zip = await type(words);
    expect(Object.keys(unzipSync(Buffer.from(zip.out, 'latin1')))).toContain('about.csv');
  });

  it('gives a PDF to a pipe', async () => {
    const { code, out } = await type(['report', 'daily', '--date', today, '--tenant', 'contoso', '--format', 'pdf']);
    expect(code).toBe(0);
    expect(out).toMatch(/^%PDF-1\.\d/);
  });
});

describe('casewire report that cannot be', () => {
  it.each([
    [['report'], /KIND is missing/],
    [['report', 'yearly'], /KIND cannot be "yearly": it is daily or weekly or monthly/],
    [['report', 'daily', '--date', '2999-01-01'], /--date cannot be 2999-01-01: it has not begun/],
    [['report', 'daily', '--date', '2026-W44'], /a daily report takes a day, 2026-10-31/],
    [['report', 'monthly', '--date', '2026-13'], /a monthly report takes a month, 2026-10/],
    [['report', 'monthly', '--tenant', 'contso'], /no tenant "contso"; did you mean contoso\?/],
    [['report', 'monthly', '--tenant', 'contoso', '--tenant', 'fabrikam'], /several tenants are several reports/],
    [['report', 'monthly', '--json', '--format', 'pdf'], /ask for two formats/],
    [['report', 'monthly', '--format', 'docx'], /it is text or html or pdf or csv or json/],
    [['report', 'monthly', '--table', 'users', '--format', 'pdf'], /--table is of --format csv alone/],
    [['report', 'monthly', '--out', 'report.csv'], /a report has many tables, and a CSV file holds one/],
    [
      ['report', 'monthly', '--tenant', 'contoso', '--format', 'csv', '--table', 'user'],
      /no table "user"; did you mean users\?/,
    ],
  ])('%j is told in words, with code 2', async (words, said) => {
    const { code, out, err } = await type(words);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(said);
  });

  it.each([
    ['pdf', /a PDF is not for a terminal\nName a file: --out report\.pdf/],
    ['csv', /a zip archive is not for a terminal\n.*one table: --table users/],
  ])('as %s on a terminal is refused, with what to type', async (format, said) => {
    const { code, err } = await type(['report', 'daily', '--tenant', 'contoso', '--format', format], new Terminal());
    expect(code).toBe(2);
    expect(err).toMatch(said);
  });

  it('leaves a file that was there as it is when it cannot be written anew', async () => {
    writeFileSync(join(scene.folder, 'plain'), 'kept');
    const below = join(scene.folder, 'plain', 'report.txt');
    const { code, err } = await type(['report', 'daily', '--tenant', 'contoso', '--out', below]);
    expect(code).toBe(2);
    expect(err).toContain(`${below} cannot be written`);
    expect(existsSync(below)).toBe(false);
    expect(readFileSync(join(scene.folder, 'plain'), 'utf8')).toBe('kept');
  });
});
