import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findIpAddresses } from './ip-addresses.ts';
import { findMailAddresses } from './mail-addresses.ts';
import { toPlainText } from './plain-text.ts';
import { toScanText } from './scan-text.ts';

interface Case {
  id: string;
  input: string;
  expected: { ips: string[]; emails: string[]; networks?: string[] };
}

const file = join(resolve(import.meta.dirname, '../../..'), '../shared/samples/extraction-cases.json');
const absent = !existsSync(file);
const cases: readonly Case[] = absent ? [] : JSON.parse(readFileSync(file, 'utf8')).cases;

describe.skipIf(absent)(`the published extraction cases${absent ? ` (skipped: ${file} is not there)` : ''}`, () => {
  it.each(cases)('$id', ({ input, expected }) => {
    const text = toScanText(toPlainText(input));
    const { addresses, networks } = findIpAddresses(text);
    expect({
      ips: addresses.toSorted(),
      emails: findMailAddresses(text).toSorted(),
      networks: networks.toSorted(),
    }).toEqual({
      ips: expected.ips.toSorted(),
      emails: expected.emails.toSorted(),
      networks: (expected.networks ?? []).toSorted(),
    });
  });
});
