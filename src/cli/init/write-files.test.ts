import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addToEnvFile, writeWhole } from './write-files.ts';

let folder: string;
const at = (name: string) => join(folder, name);
const read = (name: string) => readFileSync(at(name), 'utf8');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'casewire-init-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('writing a file whole', () => {
  it('leaves the file alone in its folder', () => {
    expect(writeWhole(at('a.yaml'), 'new\n', 'new')).toEqual({});
    expect(readdirSync(folder)).toEqual(['a.yaml']);
    expect(read('a.yaml')).toBe('new\n');
  });

  it('never takes the place of one that came up meanwhile', () => {
    writeFileSync(at('a.yaml'), 'mine\n');
    expect(() => writeWhole(at('a.yaml'), 'new\n', 'new')).toThrow(/is there already; it was left as it is/);
    expect(readdirSync(folder)).toEqual(['a.yaml']);
    expect(read('a.yaml')).toBe('mine\n');
  });

  it('keeps the one whose place it takes, each under a name of its own', () => {
    writeFileSync(at('a.yaml'), 'first\n');
    expect(writeWhole(at('a.yaml'), 'second\n', 'replace')).toEqual({ keptAs: at('a.yaml.old') });
    expect(writeWhole(at('a.yaml'), 'third\n', 'replace')).toEqual({ keptAs: at('a.yaml.old.2') });
    expect(['a.yaml', 'a.yaml.old', 'a.yaml.old.2'].map(read)).toEqual(['third\n', 'first\n', 'second\n']);
    expect(readdirSync(folder)).toHaveLength(3);
  });

  it('follows a link to where the file really is', () => {
    mkdirSync(at('real'));
    writeFileSync(at('real/a.yaml'), 'first\n');
    symlinkSync(at('real/a.yaml'), at('a.yaml'));
    expect(writeWhole(at('a.yaml'), 'second\n', 'replace')).toEqual({ keptAs: at('a.yaml.old') });
    expect([read('real/a.yaml'), read('a.yaml.old')]).toEqual(['second\n', 'first\n']);
  });

  it('says so where there is no such folder', () => {
    expect(() => writeWhole(at('no/a.yaml'), '', 'new')).toThrow(/there is no folder/);
  });
});

describe('the env file', () => {
  it('is readable by its owner alone, also where it was not before', () => {
    writeFileSync(at('.env'), 'OTHER=1', { mode: 0o644 });
    addToEnvFile(at('.env'), new Map([['TOKEN', 'abc']]));
    expect(statSync(at('.env')).mode & 0o777).toBe(0o600);
    expect(parseEnv(read('.env'))).toEqual({ OTHER: '1', TOKEN: 'abc' });
    expect(readdirSync(folder)).toEqual(['.env']);
  });

  it.each(['a#b', "it's", 'say "x"', '`tick`', ' blank ', 'a=b', '$HOME', 'back\\n', '#', 'ÅTATT3x=ADB123', 'a\'b"c'])(
    'gives %j back as it was',
    (value) => {
      addToEnvFile(
        at('.env'),
        new Map([
          ['TOKEN', value],
          ['NEXT', 'x'],
        ]),
      );
      expect(parseEnv(read('.env'))).toEqual({ TOKEN: value, NEXT: 'x' });
    },
  );

  it('refuses what it could not give back, and says what to do', () => {
    expect(() => addToEnvFile(at('.env'), new Map([['TOKEN', ` '"\`#`]]))).toThrow(/TOKEN cannot be written into .env/);
    expect(readdirSync(folder)).toEqual([]);
  });
});
