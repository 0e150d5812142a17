import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { NOT_BUNDLED } from '../../rolldown.config.ts';

const CACHE = resolve(import.meta.dirname, '../../node_modules/.cache');

/** Bundles `child.ts` for the life of this process: six starts a seed spend their time on the flow, not on imports. */
export async function bundleChild(): Promise<string> {
  mkdirSync(CACHE, { recursive: true });
  const dir = mkdtempSync(join(CACHE, 'casewire-chaos-'));
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
  const bundle = await rolldown({
    input: join(import.meta.dirname, 'child.ts'),
    platform: 'node',
    external: NOT_BUNDLED,
  });
  await bundle.write({ dir, format: 'esm' });
  // Node reads each module twice where no package says that it is one.
  writeFileSync(join(dir, 'package.json'), '{"type":"module"}');
  return join(dir, 'child.js');
}
