import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const [, annex = ''] = readFileSync(join(root, 'docs/when-it-fails.md'), 'utf8').split('## Which test covers what\n');
const rows = [...annex.matchAll(/^\| (\w+) \| (.+?) \| (.+) \|$/gm)].map(([, mark = '', , covered = '']) => ({
  mark,
  covered: covered.split('<br>'),
}));

/** The tests that a row names, each with its file. */
function testsOf(covered: readonly string[]): { file: string; name: string }[] {
  return covered.flatMap((part) => {
    const [, file, name] = /^`([^`]+\.test\.ts)`: (.+)$/.exec(part) ?? [];
    return file === undefined || name === undefined ? [] : [{ file, name }];
  });
}

describe('the guide to what happens when it fails', () => {
  it('has each fault once, in order', () => {
    const numbers = rows.map(({ mark }) => Number(mark)).filter((number) => !Number.isNaN(number));
    expect(numbers).toEqual(Array.from({ length: 75 }, (_, n) => n + 1));
    const letters = rows.map(({ mark }) => mark).filter((mark) => /^[a-z]$/.test(mark));
    expect(letters).toEqual(letters.toSorted());
    expect(new Set(letters).size).toBe(rows.length - numbers.length);
  });

  it('names a test for each, or says why there is none', () => {
    const bare = rows.filter(
      ({ covered }) => testsOf(covered).length === 0 && !covered[0]?.startsWith('not covered: '),
    );
    expect(bare.map(({ mark }) => mark)).toEqual([]);
  });

  it('names tests that are there', () => {
    const tests = rows.flatMap(({ covered }) => testsOf(covered));
    expect(tests.length).toBeGreaterThan(100);
    const missing = tests.filter(({ file, name }) => !isThere(file, name));
    expect(missing.map(({ file, name }) => `${file}: ${name}`)).toEqual([]);
  });
});

/** As the whole text of a literal that a test is made with. */
function isThere(file: string, name: string): boolean {
  const path = join(root, file);
  if (!existsSync(path)) return false;
  const text = readFileSync(path, 'utf8');
  return ["'", '"', '`'].some((quote) => new RegExp(`[(\\s]${escaped(`${quote}${name}${quote}`)},`).test(text));
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
