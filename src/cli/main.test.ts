import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Pipe } from '../../test/terminal.ts';
import { answer } from './main.ts';

/** Types the words in-process, as through pipes. */
async function type(...words: string[]) {
  const [out, err] = [new Pipe(), new Pipe()];
  const code = await answer(words, { stdout: out.screen({}), stderr: err.screen({}), env: {} });
  return { code, out: out.written, err: err.written };
}

const TOKEN = `"\${file:token}"`;

let folder: string;
let config: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'casewire-cli-'));
  config = join(folder, 'casewire.yaml');
  writeFileSync(
    config,
    [
      'store: ./casewire.db',
      'jira:',
      '  edition: cloud',
      '  url: http://127.0.0.1:9',
      `  auth: { email: soc@contoso.com, token: ${TOKEN} }`,
      'ticket: { project: SOC, issueType: Task }',
      'tenants:',
      `  contoso: { source: defender-cloud-apps, url: "http://127.0.0.1:9", auth: { token: ${TOKEN} } }`,
      `  fabrikam: { source: defender-cloud-apps, url: "http://127.0.0.1:9", auth: { token: ${TOKEN} } }`,
    ].join('\n'),
  );
  writeFileSync(join(folder, 'token'), 'secret-of-a-test');
});
afterAll(() => rmSync(folder, { recursive: true }));

const COMMANDS = [
  'init',
  'run',
  'serve',
  'plan',
  'sync',
  'check',
  'explain',
  'held',
  'status',
  'rules',
  'report',
  'schema',
  'demo',
  'completion',
];

describe('--help', () => {
  it.each(['', ...COMMANDS, 'held list', 'held retry', 'held drop'])(
    'shows "%s" with an example in 80 columns',
    async (command) => {
      const { code, out, err } = await type(...command.split(' ').filter(Boolean), '--help');
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toMatch(/Examples?: |First look: /);
      expect(out).toContain('--config FILE');
      for (const line of out.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
    },
  );

  it('is what no words at all show', async () => {
    expect((await type()).out).toBe((await type('--help')).out);
  });
});

describe('--version', () => {
  it('is the version of the package', async () => {
    expect(await type('--version')).toEqual({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\S*\n$/), err: '' });
  });
});

describe('a usage error', () => {
  it.each<[string[], RegExp]>([
    [['rnu'], /no command "rnu"; did you mean run\?/],
    [['statsu'], /did you mean status\?/],
    [['frobnicate'], /no command "frobnicate"; casewire --help lists them/],
    [['--cofnig', 'x', 'run'], /no flag --cofnig; did you mean --config\?/],
    [['run', '--tenat', 'x'], /no flag --tenat; did you mean --tenant\?/],
    [['run', '--wait', '5'], /"5": a duration is a number and a unit/],
    [['run', '--wait'], /--wait needs a value|wait/],
    [['run', 'contoso'], /"contoso" is one word too many/],
    [['run', '--config'], /--config needs a file/],
    [['held', 'rety'], /did you mean retry\?/],
    [['held', 'drop', 'x'], /why/],
    [['held', 'drop', 'x', '--why', ' '], /say why in a few words/],
    [['explain'], /TENANT is missing/],
    [['explain', 'contoso'], /ALERT is missing/],
    [['demo', '--port', '70000'], /a port is a number from 0 to 65535/],
    [['completion', 'csh'], /no completion for "csh"/],
    [['plan', '--replay', 'thirty'], /a duration is a number and a unit/],
    [['\u001b[2Jrun'], /no command "run"/],
  ])('%j is told in words, with code 2', async (words, said) => {
    const { code, out, err } = await type(...words);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(said);
    expect(err).not.toContain('\u001b');
  });
});

describe('--config', () => {
  it.each([
    ['before the command', () => ['--config', config, 'run', '--tenant', 'contso']],
    ['after it', () => ['run', '--config', config, '--tenant', 'contso']],
    ['as one word', () => ['run', '--tenant', 'contso', `--config=${config}`]],
  ])('is taken %s', async (_, words) => {
    const { code, err } = await type(...words());
    expect(code).toBe(2);
    expect(err).toMatch(/no tenant "contso"; did you mean contoso\?/);
  });

  it('that names no file is an error of the configuration', async () => {
    const { code, err } = await type('status', '--config', join(folder, 'absent.yaml'));
    expect(code).toBe(2);
    expect(err).toMatch(/absent\.yaml/);
  });

  it('that is wrong in several places is told whole', async () => {
    const wrong = join(folder, 'wrong.yaml');
    writeFileSync(wrong, 'stor: x\ntenants: {}\nlimits: { newTicketsPerTenantPerHour: -1 }\n');
    const { code, err } = await type('run', '--config', wrong);
    expect(code).toBe(2);
    expect(err).toMatch(/wrong\.yaml:1:1 .*stor/);
    expect(err).toMatch(/wrong\.yaml:3:/);
    expect(err).toMatch(/\d problems; nothing was tried\.\n$/);
  });
});

describe('completion', () => {
  it('says how to install it', async () => {
    const { code, out } = await type('completion');
    expect(code).toBe(0);
    for (const shell of ['bash', 'zsh', 'fish']) expect(out).toContain(`casewire completion ${shell}`);
  });

  it.each([
    [['ru'], ['run', 'rules']],
    [['--config', 'x', 'sta'], ['status']],
    [['run', '--t'], ['--tenant']],
    [['held', 're'], ['retry']],
    [['rep'], ['report']],
    [['report', 'm'], ['monthly']],
    [['report', 'daily', '--format', 'p'], ['pdf']],
    [['held', 'drop', '--w'], ['--why']],
    [['--config', ''], []],
  ])('of %j proposes %j', async (words, proposed) => {
    const { code, out } = await type('__complete', ...words);
    expect(code).toBe(0);
    expect(out.split('\n').filter(Boolean)).toEqual(proposed);
  });
});

describe('schema', () => {
  it('prints a JSON Schema', async () => {
    const { out } = await type('schema');
    expect(JSON.parse(out)).toMatchObject({ type: 'object', properties: { tenants: {} } });
  });
});
