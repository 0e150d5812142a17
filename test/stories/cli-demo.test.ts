import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Cli } from '../../src/cli/cli.ts';
import { demo as play } from '../../src/cli/commands/demo.ts';
import { systemClock } from '../../src/observe/clock.ts';
import { Redactor } from '../../src/observe/redact.ts';
import { Terminal } from '../terminal.ts';

const launcher = resolve(import.meta.dirname, '../../bin/casewire');
const folder = mkdtempSync(join(tmpdir(), 'casewire-demo-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

function demo(...flags: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const env = { ...process.env, TMPDIR: folder };
  const child = spawn(launcher, ['demo', ...flags], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  return new Promise((ended, failed) => {
    child.on('error', failed);
    child.on('close', (code) => ended({ code, stdout, stderr }));
  });
}

describe('casewire demo without a terminal', () => {
  it('lets the weeks before pass, raises fifteen issues, then none, then adds two alerts to an issue, tells the month, ends by itself and leaves nothing behind', async () => {
    const { code, stdout, stderr } = await demo('--latency', '0ms');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^\S+ to \S+: \d{3} alerts$/m);
    expect(stdout.match(/^raised /gm)).toHaveLength(15);
    expect(stdout).toContain('rule Leaked credentials: spoke on 1 alert\n');
    expect(stdout.match(/^rule Busy scanner address: spoke on \d alerts$/m)).not.toBeNull();
    expect([...stdout.matchAll(/^done .*?(\d+) raised · \d+ already known/gm)].map(([, raised]) => raised)).toEqual([
      '15',
      '0',
      '0',
    ]);
    expect(stdout.match(/^attached SOC-\d+ contoso .* "Impossible travel activity"/gm)).toHaveLength(2);
    expect(stdout).toMatch(/^Monthly report: contoso, [\s\S]+\[ok\] All of it was read/m);
    expect(readdirSync(folder)).toEqual([]);
  }, 120_000);
});

describe('casewire demo on a terminal', () => {
  it('writes the report as a file, serves the console until Ctrl-C, and removes all that it made', async () => {
    const terminal = new Terminal(120);
    const [stdout, redactor] = [terminal.screen(), new Redactor()];
    const about = { clock: systemClock, random: Math.random, redactor, env: {}, verbose: false, exitCode: 0 };
    const cli = { ...about, stdout, stderr: stdout, stdin: process.stdin, process, configFile: undefined } as Cli;
    const ended = play.call(cli, { latency: 0 });
    await Promise.race([ended, terminal.shows('Ctrl-C ends the demo')]);
    const said = terminal.lines().join('\n');
    const [, report = '', pages] =
      /^(\/.*\/contoso\/\d{4}-\d\d-monthly\.(?:pdf|html))(?: \((\d+) pages\))?$/m.exec(said) ?? [];
    expect(existsSync(report)).toBe(true);
    if (report.endsWith('.pdf')) {
      expect(readFileSync(report, 'latin1')).toMatch(/^%PDF-/);
      expect(Number(pages)).toBeGreaterThan(3);
    }
    const [, origin = ''] = /the console +(http:\/\/127\.0\.0\.1:\d+)\//.exec(said) ?? [];
    expect(await (await fetch(`${origin}/`)).text()).toContain('3 tenants');
    process.emit('SIGINT');
    await ended;
    expect(cli.exitCode).toBe(0);
    expect(existsSync(report)).toBe(false);
    await expect(fetch(`${origin}/`)).rejects.toThrow();
  }, 120_000);
});
