import { readFileSync } from 'node:fs';

/** The package's version, from its own manifest: two folders up both in the checkout and in the package. */
export function version(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
