import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ScriptedAsker } from '../../../test/scripted-asker.ts';
import { Redactor } from '../../observe/redact.ts';
import { UsageError } from '../usage-error.ts';
import { Secrets, variableFor } from './secrets.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'casewire-secrets-'));
  writeFileSync(join(folder, 'token'), 'from-a-file\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

function open(env: Record<string, string> = {}, given: Record<string, string> = {}) {
  const redactor = new Redactor();
  return { redactor, secrets: new Secrets({ env, given, folder, redactor }) };
}

describe('the place of a secret', () => {
  it.each(['env:TOKEN', 'file:token', 'keyvault:https://acme.vault.azure.net/secrets/jira'])('may be %s', (place) => {
    expect(open({ TOKEN: 'x' }).secrets.placeOf('--flag', place)).toBe(place);
  });

  it.each(['a-literal-secret', 'env:', 'TOKEN', ''])('is not "%s", which is not repeated', (given) => {
    const { secrets } = open({ TOKEN: 'x' });
    expect(() => secrets.placeOf('--flag', given)).toThrow(UsageError);
    expect(() => secrets.placeOf('--flag', given)).toThrow(
      /^--flag takes the place of a secret, never the secret itself$/,
    );
  });

  it.each<[string, RegExp]>([
    ['env:TOKEM', /TOKEM is not set; did you mean TOKEN\?/],
    ['file:absent', /there is no such file/],
    ['keyvault:http://acme.example/x', /is not a secret's address/],
  ])('%s is refused where nothing is found', (place, says) => {
    expect(() => open({ TOKEN: 'x' }).secrets.placeOf('--flag', place)).toThrow(says);
  });
});

describe('a secret that a person types', () => {
  const ask = (secrets: Secrets, script: ConstructorParameters<typeof ScriptedAsker>[0]) =>
    secrets.ask(new ScriptedAsker(script), { flag: '--flag', question: 'API token', variable: 'TOKEN' });

  it('is kept in the variable, and out of all that is said', async () => {
    const { secrets, redactor } = open();
    expect(await ask(secrets, [[/API token/, 'typed-secret']])).toBe('env:TOKEN');
    expect(secrets.env.TOKEN).toBe('typed-secret');
    expect(redactor.clean('it is typed-secret')).not.toContain('typed-secret');
    expect([...secrets.unsetIn(`token: \${env:TOKEN}`)]).toEqual([['TOKEN', 'typed-secret']]);
  });

  it('takes another variable where that one is taken', async () => {
    const { secrets } = open({ TOKEN: 'other' });
    const place = await ask(secrets, [
      [/TOKEN is set/, false],
      [/API token/, 'typed-secret'],
    ]);
    expect(place).toBe('env:TOKEN_2');
    expect([...secrets.unsetIn(`a: \${env:TOKEN}\nb: \${env:TOKEN_2}`).keys()]).toEqual(['TOKEN_2']);
  });

  it('is forgotten when it was wrong', async () => {
    const { secrets } = open();
    secrets.forget(await ask(secrets, [[/API token/, 'wrong-one']]));
    expect(secrets.env.TOKEN).toBeUndefined();
    expect(await ask(secrets, [[/API token/, 'right-one']])).toBe('env:TOKEN');
  });

  it('may be told by its place instead', async () => {
    const { secrets } = open();
    expect(await ask(secrets, [[/API token/, 'file:token']])).toBe('file:token');
    expect(secrets.unsetIn(`token: \${file:token}`).size).toBe(0);
  });
});

describe('a variable for a tenant', () => {
  it.each([
    ['contoso', 'CONTOSO_TOKEN'],
    ['lab-7.eu', 'LAB_7_EU_TOKEN'],
    ['365-lab', 'TENANT_365_LAB_TOKEN'],
    ['-x', '_X_TOKEN'],
    ['Zürich', 'ZURICH_TOKEN'],
    ['東京', 'TENANT_130016B2_TOKEN'],
  ])('named %s is %s', (tenant, name) => {
    expect(variableFor(tenant, 'TOKEN')).toBe(name);
    expect(name).toMatch(/^[A-Za-z_]\w*$/);
  });

  it('is one of its own in scripts that share no letter with it', () => {
    expect(variableFor('東京', 'TOKEN')).not.toBe(variableFor('大阪', 'TOKEN'));
  });
});
