import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, type Plugin } from 'rolldown';
import { FONTS, packedName } from './src/reports/render/fonts/font-list.ts';

/** Native, or large and optional. */
export const NOT_BUNDLED = ['better-sqlite3', /^@azure\//, '@myriaddreamin/typst-ts-node-compiler'];

/**
 * One file per command instead of hundreds of modules: reading them is most of what a start costs. better-sqlite3 is
 * native and stays a dependency; what Key Vault and the PDF of reports need is large and stays optional.
 */
export default defineConfig({
  input: 'src/cli/entry.ts',
  platform: 'node',
  external: NOT_BUNDLED,
  logLevel: 'warn',
  plugins: [licences(), fonts()],
  output: { dir: 'dist/cli', format: 'esm', cleanDir: true, comments: { legal: true } },
});

/** Puts the licences of all that was bundled beside it, as they ask. */
function licences(): Plugin {
  return {
    name: 'licences',
    generateBundle(_, bundle) {
      const modules = Object.values(bundle).flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []));
      const folders = modules.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(id)?.[0] ?? []);
      const texts = [...new Set(folders)].sort().map(licenceOf);
      this.emitFile({ type: 'asset', fileName: 'LICENSES.txt', source: texts.join('\n\n----\n\n') });
    },
  };
}

/** Puts the fonts of a PDF beside the bundle, with their licences. */
function fonts(): Plugin {
  return {
    name: 'fonts',
    generateBundle() {
      for (const font of FONTS) {
        const source = readFileSync(join('node_modules', font.from, font.file));
        this.emitFile({ type: 'asset', fileName: `fonts/${packedName(font)}`, source });
      }
      const folders = [...new Set(FONTS.map(({ from }) => from))];
      const texts = folders.map((from) => readFileSync(join('node_modules', from, 'LICENSE_FONT'), 'utf8').trim());
      this.emitFile({
        type: 'asset',
        fileName: 'fonts/LICENSES.txt',
        source: [...new Set(texts)].join('\n\n----\n\n'),
      });
    },
  };
}

function licenceOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = existsSync(folder) && readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? readFileSync(join(folder, file), 'utf8').trim() : `License: ${license}`;
  return `${name} ${version}\n\n${text}`;
}
