import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';

const launcher = resolve(import.meta.dirname, '../../bin/casewire');
const folder = mkdtempSync(join(tmpdir(), 'casewire-demo-test-'));
afterEach(() => rmSync(folder, { recursive: true }));

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
