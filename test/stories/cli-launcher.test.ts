import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const launcher = join(root, 'bin/casewire');
let folder: string;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'casewire-launcher-')));
});
afterAll(() => rmSync(folder, { recursive: true }));

function start(command: string, args: string[], { cwd = folder, path = process.env.PATH ?? '' } = {}) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', env: { PATH: path } });
  return { status, stdout, stderr };
}

/** A checkout without dependencies, and a PATH on which `node` claims to be of this version. */
function aBareCheckoutWithNode(version: string | undefined): { command: string; path: string } {
  const checkout = mkdtempSync(join(folder, 'checkout-'));
  mkdirSync(join(checkout, 'bin'));
  mkdirSync(join(checkout, 'path'));
  cpSync(launcher, join(checkout, 'bin/casewire'));
  if (version !== undefined) {
    writeFileSync(join(checkout, 'path/node'), `#!/bin/sh\n[ "$1" = -p ] && echo ${version} || echo "ran $*"\n`);
    chmodSync(join(checkout, 'path/node'), 0o755);
  }
  for (const tool of ['sh', 'dirname', 'readlink']) {
    const found = spawnSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).stdout.trim();
    if (found.startsWith('/')) symlinkSync(found, join(checkout, 'path', tool));
  }
  return { command: join(checkout, 'bin/casewire'), path: join(checkout, 'path') };
}

describe('bin/casewire', () => {
  it('works from any directory, and through links to links', () => {
    mkdirSync(join(folder, 'a dir'));
    symlinkSync(launcher, join(folder, 'a dir/first'));
    symlinkSync('first', join(folder, 'a dir/second'));
    const direct = start(launcher, ['--version']);
    expect(direct).toEqual({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+/), stderr: '' });
    expect(start(join(folder, 'a dir/second'), ['--version'])).toEqual(direct);
  });

  it('says in one line that Node is too old', () => {
    const { command, path } = aBareCheckoutWithNode('18.20.4');
    const { status, stderr } = start(command, ['run'], { path });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^casewire needs Node\.js 24 or later; this is 18\.20\.4 \(.*\)\. In .* run: npm ci\n$/);
  });

  it('says in one line that there is no Node', () => {
    const { command, path } = aBareCheckoutWithNode(undefined);
    const { status, stderr } = start(command, ['run'], { path });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^casewire needs Node\.js 24 or later; none was found\. In .* run: npm ci\n$/);
  });

  it('takes the Node on the PATH when it is new enough', () => {
    const { command, path } = aBareCheckoutWithNode('26.1.0');
    expect(start(command, ['run', '--json'], { path }).stdout).toMatch(/^ran .*src\/cli\/entry\.ts run --json\n$/);
  });
});

describe('the script for bash', () => {
  const bash = spawnSync('bash', ['-c', 'true']).status === 0;

  it.skipIf(!bash)('completes commands and flags (skipped where there is no bash)', () => {
    symlinkSync(launcher, join(folder, 'casewire'));
    const script = [
      'source <(casewire completion bash)',
      'COMP_WORDS=(casewire held d); COMP_CWORD=2; _casewire; echo "$COMPREPLY"',
      'COMP_WORDS=(casewire run --wa); COMP_CWORD=2; _casewire; echo "$COMPREPLY"',
      'complete -p casewire',
    ].join('\n');
    const { stdout } = start('bash', ['-c', script], { path: `${folder}:${process.env.PATH}` });
    expect(stdout.split('\n')).toEqual(['drop', '--wait', 'complete -o default -F _casewire casewire', '']);
  });
});
