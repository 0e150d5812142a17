import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { initWith } from '../../src/cli/commands/init.ts';
import type { InitFlags } from '../../src/cli/init/init-flags.ts';
import { Cancelled } from '../../src/cli/init/questions/asker.ts';
import { answer } from '../../src/cli/main.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { systemClock } from '../../src/observe/clock.ts';
import { Redactor } from '../../src/observe/redact.ts';
import { CLOUD_APPS_RESOURCE } from '../../src/simulators/cloud-apps-sim.ts';
import { type EntraSim, startEntraSim } from '../../src/simulators/entra-sim.ts';
import { startGraphSim } from '../../src/simulators/graph-sim.ts';
import { type Scene, startScene } from '../../src/simulators/scene.ts';
import { CTRL_C, type Scripted, ScriptedAsker } from '../scripted-asker.ts';
import { Pipe } from '../terminal.ts';

let folder: string;
let scene: Scene;

const file = () => join(folder, 'casewire.yaml');
const written = () => readFileSync(file(), 'utf8');
const SECRETS = /simulated-[a-z-]+/;

/** Types the words in-process, as through pipes. */
async function type(words: readonly string[], more: { env?: Record<string, string>; stdin?: string } = {}) {
  const [out, err] = [new Pipe(), new Pipe()];
  const code = await answer(['--config', file(), 'init', ...words], {
    stdout: out.screen({}),
    stderr: err.screen({}),
    stdin: Readable.from([more.stdin ?? '']),
    env: more.env ?? scene.env,
  });
  return { code, out: out.written, err: err.written };
}

function jiraFlags(edition: 'cloud' | 'datacenter'): string[] {
  return [
    ...['--jira-url', scene.jira.url, '--edition', edition],
    ...(edition === 'cloud' ? ['--email', 'soc@example.com'] : []),
    ...['--jira-secret-from', 'env:JIRA_TOKEN', '--project', 'SOC', '--issue-type', 'IT Help'],
  ];
}

function tenantFlags(...names: readonly ('contoso' | 'fabrikam')[]): string[] {
  return names.flatMap((name) => [
    ...['--tenant', `${name}=${scene.cloudApps.urlOf(name)}`],
    ...['--token-from', `${name}=env:${name.toUpperCase()}_TOKEN`],
  ]);
}

const abuseFlags = () => ['--abuseipdb-key-from', 'env:ABUSEIPDB_KEY', '--abuseipdb-url', scene.abuseipdb.url];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'casewire-init-'));
});
afterEach(async () => {
  expect(scene.jira.unexpected).toEqual([]);
  expect(scene.cloudApps.unexpected).toEqual([]);
  await scene.stop();
  rmSync(folder, { recursive: true });
});

async function start(edition: 'cloud' | 'datacenter' = 'cloud') {
  scene = await startScene({ clock: systemClock, edition });
}

describe.each(['cloud', 'datacenter'] as const)('init by flags against Jira of edition %s', (edition) => {
  it('writes a file that loads, whose check is all well and whose run raises the alerts', async () => {
    await start(edition);
    const { code, out, err } = await type([
      ...jiraFlags(edition),
      ...tenantFlags('contoso', 'fabrikam'),
      ...abuseFlags(),
    ]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('All is well.');
    expect(out).toContain('SOC / IT Help: 6 mapped fields fit the create screen');
    expect(out + written()).not.toMatch(SECRETS);
    expect(readdirSync(folder)).toEqual(['casewire.yaml']);
    const loaded = await loadConfig({ file: file(), cwd: folder, env: scene.env });
    expect(loaded).toMatchObject({ ok: true, config: { tenants: [{ tenant: 'contoso' }, { tenant: 'fabrikam' }] } });
    const [runOut, runErr] = [new Pipe(), new Pipe()];
    const outside = { stdout: runOut.screen({}), stderr: runErr.screen({}), env: scene.env };
    expect(await answer(['--config', file(), 'run'], outside)).toBe(0);
    const [issue] = scene.jira.issues();
    expect(issue?.fields).toMatchObject({ customfield_10107: expect.stringMatching(/^https?:/) });
  });
});

describe('init where nobody can be asked', () => {
  it('names all missing flags at once, and tries nothing', async () => {
    await start();
    const { code, err } = await type([
      '--jira-url',
      'https://acme.atlassian.net',
      '--tenant',
      'contoso=https://x.example',
    ]);
    expect(code).toBe(2);
    for (const flag of ['--email', '--jira-secret-from', '--project', '--issue-type', '--token-from contoso='])
      expect(err).toContain(flag);
    expect(err).not.toContain('--edition');
    expect(scene.jira.journal).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('takes no secret as a flag, and does not repeat it', async () => {
    await start();
    const flags = [...jiraFlags('cloud'), ...tenantFlags('contoso')];
    const { code, err } = await type(flags.map((word) => (word === 'env:JIRA_TOKEN' ? 'hunter2-the-token' : word)));
    expect(code).toBe(2);
    expect(err).toContain('--jira-secret-from takes the place of a secret, never the secret itself');
    expect(err).not.toContain('hunter2');
  });

  it.each<[string, string[], RegExp]>([
    ['an unset variable', ['--jira-secret-from', 'env:JIRA_TOKNE'], /JIRA_TOKNE is not set; did you mean JIRA_TOKEN\?/],
    ['a project that is absent', ['--project', 'NOPE'], /--project NOPE: there is no such project/],
    ['an issue type that is absent', ['--issue-type', 'IT Hlep'], /Did you mean "IT Help"\?/],
    ['a field that is absent', ['--field', 'Custmer=x'], /Did you mean "Customer"\?/],
    ['a field of an ambiguous name', ['--field', 'Team=x'], /customfield_10130, customfield_10131/],
    ['a template that is wrong', ['--field', 'Customer={{ alert.ulr }}'], /did you mean alert\.url\?/],
    ['a priority that is absent', ['--priority', 'high=Hihg'], /Did you mean "High"\?/],
    ['a severity that is absent', ['--priority', 'severe=High'], /Severities: high, medium/],
    ['an edition that is none', ['--edition', 'server'], /it is cloud or datacenter/],
  ])('refuses %s, and writes nothing', async (_, flags, says) => {
    await start();
    const named = flags[0] ?? '';
    const others = jiraFlags('cloud');
    const at = others.indexOf(named);
    if (at >= 0) others.splice(at, 2);
    const { code, err } = await type([...others, ...tenantFlags('contoso'), ...flags]);
    expect(err).toMatch(says);
    expect(code).toBe(2);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('fails with a mend when Jira does not accept the token', async () => {
    await start();
    const { code, err } = await type([...jiraFlags('cloud'), ...tenantFlags('contoso')], {
      env: { ...scene.env, JIRA_TOKEN: 'wrong' },
    });
    expect(code).toBe(3);
    expect(err).toMatch(/answered \/myself with 401/);
    expect(err).toMatch(/→ check the credentials/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('writes the file and ends with 1 when the check finds a fault in a tenant', async () => {
    await start();
    const { code, out } = await type([...jiraFlags('cloud'), ...tenantFlags('contoso')], {
      env: { ...scene.env, CONTOSO_TOKEN: 'wrong' },
    });
    expect(code).toBe(1);
    expect(out).toMatch(/ERROR tenant contoso: .* Mend: /);
    expect(written()).toContain('contoso:');
  });

  it('names every field that Jira requires, with its options, and fills them by flags', async () => {
    await start();
    const screen = scene.jira.issueType('SOC', 'IT Help');
    for (const id of ['customfield_10120', 'customfield_10123']) screen.required.add(id);
    const flags = [...jiraFlags('cloud'), ...tenantFlags('contoso')];
    const { code, err } = await type(flags);
    expect(code).toBe(2);
    expect(err).toContain('--field "Customer=VALUE" is missing: SOC / IT Help requires it; one of: contoso, fabrikam');
    expect(err).toContain('--field "Abuse score=VALUE" is missing');
    const mended = await type([...flags, '--field', 'customer=contoso', '--field', 'Abuse score=0']);
    expect(mended).toMatchObject({ code: 0, err: '' });
    expect(written()).toContain('Customer: "contoso"   # customfield_10120, select, required');
  });

  it('leaves a file that is there alone, unless told to take its place', async () => {
    await start();
    writeFileSync(file(), 'mine: true\n');
    const flags = [...jiraFlags('cloud'), ...tenantFlags('contoso')];
    const refused = await type(flags);
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(/is there already; nothing was changed\n.*--config FILE.*--overwrite/);
    expect(written()).toBe('mine: true\n');
    expect(scene.jira.journal).toEqual([]);
    expect(await type([...flags, '--overwrite'])).toMatchObject({ code: 0 });
    expect(readFileSync(`${file()}.old`, 'utf8')).toBe('mine: true\n');
    expect(written()).toContain('contoso');
  });

  it('takes secrets from stdin, and keeps them in .env for the owner alone when told to', async () => {
    await start();
    const stdin = Object.entries({ ...scene.env, NOT_USED: 'x' })
      .map(([name, value]) => `${name}=${value}\n`)
      .join('');
    const flags = [...jiraFlags('cloud'), ...tenantFlags('contoso'), '--secrets-stdin'];
    const { code, out } = await type(flags, { env: {}, stdin });
    expect(code).toBe(0);
    expect(out).toContain('Before the next command, set: CONTOSO_TOKEN, JIRA_TOKEN\n');
    expect(readdirSync(folder)).toEqual(['casewire.yaml']);
    expect(await type([...flags, '--overwrite', '--env-file'], { env: {}, stdin })).toMatchObject({ code: 0 });
    expect(readFileSync(join(folder, '.env'), 'utf8')).toBe(
      `CONTOSO_TOKEN=${scene.env.CONTOSO_TOKEN}\nJIRA_TOKEN=${scene.env.JIRA_TOKEN}\n`,
    );
    expect(statSync(join(folder, '.env')).mode & 0o777).toBe(0o600);
    expect(await loadConfig({ file: file(), cwd: folder, env: {} })).toMatchObject({ ok: true });
  });

  it('prints one JSON document with --json', async () => {
    await start();
    const { code, out, err } = await type([...jiraFlags('cloud'), ...tenantFlags('contoso'), '--json']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({ command: 'init', file: file(), errors: 0, unset: [] });
  });

  describe('with one app of Entra', () => {
    const CLIENT = '66666666-7777-4888-8999-000000000000';
    const TENANT = '11111111-2222-4333-8444-000000000001';
    const SECRET = 'simulated-app-secret';
    let entra: EntraSim;

    beforeEach(async () => {
      await start();
      entra = await startEntraSim({ clock: systemClock });
      scene.cloudApps.entra = entra;
      Object.assign(scene.cloudApps.tenants.get('contoso') ?? {}, { tenantId: TENANT, token: 'no-legacy-token' });
    });
    afterEach(async () => {
      expect(entra.unexpected).toEqual([]);
      await entra.stop();
    });

    const app = (roles: Record<string, string[]>) =>
      entra.addApp(TENANT, CLIENT, { secrets: [{ value: SECRET }], roles });
    const appFlags = () => ['--client-id', CLIENT, '--client-secret-from', 'env:APP', '--authority', entra.url];
    const env = () => ({ ...scene.env, APP: SECRET });

    it('reads the alerts of Defender for Cloud Apps', async () => {
      app({ [CLOUD_APPS_RESOURCE]: ['Investigation.Read'] });
      const tenant = ['--tenant', `contoso=${scene.cloudApps.urlOf('contoso')}`];
      const missing = await type([...jiraFlags('cloud'), ...tenant, '--client-id', CLIENT]);
      expect(missing.err).toContain('--client-secret-from env:NAME (or --certificate FILE)');
      expect(missing.err).toContain('--tenant-id contoso=TENANT_ID');
      const flags = [...jiraFlags('cloud'), ...tenant, ...appFlags(), '--tenant-id', `contoso=${TENANT}`];
      const { code, out } = await type(flags, { env: env() });
      expect(code).toBe(0);
      expect(out).toContain(`signed in to Entra as app ${CLIENT}`);
      expect(written()).toContain(`clientSecret: \${env:APP}`);
    });

    it('reads the alerts of Microsoft Graph', async () => {
      const graph = await startGraphSim({
        clock: systemClock,
        tenants: Object.fromEntries(scene.cloudApps.tenants),
        callerOf: (header) => {
          const issued = entra.bearer(header, graph.origin);
          return issued && { tenant: 'contoso', roles: issued.roles };
        },
      });
      try {
        app({ [graph.origin]: ['SecurityAlert.Read.All'] });
        const tenant = ['--source', 'graph', '--tenant', `contoso=${TENANT}`, '--graph', graph.url];
        const { code, out, err } = await type([...jiraFlags('cloud'), ...tenant, ...appFlags()], { env: env() });
        expect({ code, err }).toEqual({ code: 0, err: '' });
        expect(out).toContain('All is well.');
        expect(written()).toContain('source: graph');
        expect(graph.unexpected).toEqual([]);
      } finally {
        await graph.stop();
      }
    });
  });
});

interface AskOptions {
  flags?: InitFlags;
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal;
}

describe('init with a person who answers', () => {
  async function ask(
    script: readonly Scripted[],
    { flags = {}, env = {}, signal = new AbortController().signal }: AskOptions = {},
  ) {
    const asker = new ScriptedAsker(script);
    const [out, err] = [new Pipe(), new Pipe()];
    const [stdout, stderr] = [out.screen({}), err.screen({})];
    const cli = {
      process: { stdout, stderr, env },
      ...{ stdout, stderr, env, stdin: Readable.from([]), clock: systemClock, random: () => 0.5 },
      ...{ redactor: new Redactor(), configFile: file(), verbose: false, exitCode: 0 },
    };
    const failure = await initWith(cli, flags, asker, signal).then(
      () => undefined,
      (error: unknown) => error,
    );
    return { asker, code: cli.exitCode, out: out.written, failure };
  }

  const site = (): Scripted[] => [
    [/Where is your Jira/, scene.jira.url],
    [/Which Jira is it/, 'Cloud'],
    [/Mail address/, 'soc@example.com'],
    [/API token of this account/, 'simulated-jira-token'],
  ];
  const ticket: Scripted[] = [
    [/Which project/, 'SOC  Security Operations'],
    [/Which type of issue of SOC/, 'IT Help'],
    [/high → High, medium → Medium/, true],
    [/Fill these fields so/, 'Yes, so'],
  ];
  const tenant = (): Scripted[] => [
    [/short name/, 'contoso'],
    [/Where are the alerts/, 'Defender for Cloud Apps'],
    [/API URL/, scene.cloudApps.urlOf('contoso')],
    [/How is contoso signed in/, 'By a legacy API token'],
    [/API token of contoso/, 'simulated-contoso-token'],
  ];
  const end: Scripted[] = [
    [/Another tenant/, false],
    [/AbuseIPDB/, false],
    [/Keep JIRA_TOKEN, CONTOSO_TOKEN in/, true],
  ];

  it('writes what was answered, keeps the secrets beside it and ends with the check', async () => {
    await start();
    const { asker, code, out, failure } = await ask([...site(), ...ticket, ...tenant(), ...end]);
    expect(failure).toBeUndefined();
    expect(asker.left).toEqual([]);
    expect(code).toBe(0);
    expect(out).toContain('All is well.');
    expect(statSync(join(folder, '.env')).mode & 0o777).toBe(0o600);
    expect(written()).not.toMatch(SECRETS);
    expect(await loadConfig({ file: file(), cwd: folder, env: {} })).toMatchObject({ ok: true });
  });

  it('asks again for a token that Jira does not accept, and for that alone', async () => {
    await start();
    const wrong = site().map(
      ([question, answer]): Scripted => [question, String(answer).startsWith('simulated') ? 'wrong' : answer],
    );
    const again = site().slice(2);
    const { asker, failure } = await ask([...wrong, ...again, ...ticket, ...tenant(), ...end]);
    expect(failure).toBeUndefined();
    expect(asker.heard.some((line) => line.startsWith('bad: ') && line.includes('→ check the credentials'))).toBe(true);
    expect(readFileSync(join(folder, '.env'), 'utf8')).toContain('JIRA_TOKEN=simulated-jira-token');
  });

  it('refuses an answer that the file could not hold, and asks again', async () => {
    await start();
    const { asker } = await ask([
      [/Where is/, 'http://jira.acme.example'],
      [/Where is/, CTRL_C],
    ]);
    expect(asker.heard).toEqual([expect.stringMatching(/refused: .*is not encrypted; use https/)]);
  });

  it('asks again for a tenant whose alerts cannot be read', async () => {
    await start();
    const wrong = tenant().map(
      ([question, answer]): Scripted => [question, String(answer).startsWith('simulated') ? 'wrong' : answer],
    );
    const script = [...wrong, [/What about contoso/, 'Answer again'] as const, ...tenant()];
    const { asker, failure } = await ask([...site(), ...ticket, ...script, ...end]);
    expect(failure).toBeUndefined();
    expect(asker.heard.join('\n')).toMatch(/bad: .*answered 401[\s\S]*→ make a new API token/);
    expect(readFileSync(join(folder, '.env'), 'utf8')).toContain('CONTOSO_TOKEN=simulated-contoso-token');
  });

  it('keeps the secret of an app for the tenants that it serves, when another is answered again', async () => {
    await start();
    const entra = await startEntraSim({ clock: systemClock });
    scene.cloudApps.entra = entra;
    const clientId = '66666666-7777-4888-8999-000000000000';
    const ids = { contoso: '11111111-2222-4333-8444-000000000001', fabrikam: '11111111-2222-4333-8444-000000000002' };
    for (const [name, tenantId] of Object.entries(ids)) {
      Object.assign(scene.cloudApps.tenants.get(name) ?? {}, { tenantId, token: 'no-legacy-token' });
      const roles = { [CLOUD_APPS_RESOURCE]: name === 'contoso' ? ['Investigation.Read'] : [] };
      entra.addApp(tenantId, clientId, { secrets: [{ value: 'simulated-app-secret' }], roles });
    }
    const byApp = (name: 'contoso' | 'fabrikam'): Scripted[] => [
      [/short name/, name],
      [/Where are the alerts/, 'Defender for Cloud Apps'],
      [/API URL/, scene.cloudApps.urlOf(name)],
      [/signed in to/, 'By an app of Entra'],
      [/Tenant ID/, ids[name]],
      [/Application \(client\) ID/, clientId],
    ];
    const script: Scripted[] = [
      ...[...site(), ...ticket, ...byApp('contoso')],
      [/proves that it is the app/, 'A client secret'],
      [/Client secret/, 'simulated-app-secret'],
      [/Another tenant/, true],
      ...byApp('fabrikam'),
      [/What about fabrikam/, 'Answer again'],
      ...byApp('fabrikam'),
      [/What about fabrikam/, 'Keep it so, and mend it elsewhere'],
      ...end.slice(0, 2),
      [/Keep JIRA_TOKEN, CASEWIRE_CLIENT_SECRET in/, true],
    ];
    const { asker, code, failure } = await ask(script, { flags: { authority: entra.url } });
    await entra.stop();
    expect({ failure, code, left: asker.left }).toEqual({ failure: undefined, code: 1, left: [] });
    expect(asker.heard.join('\n')).toContain('the app has no permission to read alerts');
    expect(written().match(/clientSecret: \$\{env:CASEWIRE_CLIENT_SECRET\}/g)).toHaveLength(2);
  });

  it('uses a variable that is set, when told so', async () => {
    await start();
    const asked = (script: readonly Scripted[]) =>
      script.map(
        ([question, answer]): Scripted =>
          String(answer).startsWith('simulated') ? [/_TOKEN is set/, true] : [question, answer],
      );
    const script = [...asked(site()), ...ticket, ...asked(tenant()), ...end.slice(0, 2)];
    const { asker, failure } = await ask(script, { env: scene.env });
    expect(failure).toBeUndefined();
    expect(asker.left).toEqual([]);
    expect(readdirSync(folder)).toEqual(['casewire.yaml']);
  });

  it('lets other fields be chosen, and fills what Jira requires', async () => {
    await start();
    scene.jira.issueType('SOC', 'IT Help').required.add('customfield_10120');
    const fields: Scripted[] = [
      ...ticket.slice(0, 3),
      [/Fill these fields so/, 'Choose other fields'],
      [/takes: Alert URL/, 'Alert URI'],
      [/takes: Alert summary/, 'None'],
      [/takes: Alert description/, 'None'],
      [/takes: Affected user/, 'Alert title'],
      [/takes: IP/, 'Tags'],
      [/takes: Reported IPs/, 'IP Report'],
      [/requires "Customer"/, 'fabrikam'],
    ];
    const { failure, code } = await ask([...site(), ...fields, ...tenant(), ...end]);
    expect({ failure, code }).toEqual({ failure: undefined, code: 0 });
    expect(written()).toMatch(/Alert title: "\{\{ alert.users/);
    expect(written()).toContain('Customer: "fabrikam"');
    expect(written()).toContain('# Alert summary: no field takes it');
  });

  it.each([3, 7, 12])('writes nothing when it is ended at question %i', async (count) => {
    await start();
    const script = [...site(), ...ticket, ...tenant(), ...end].slice(0, count);
    const [question] = script.at(-1) ?? [/./];
    const { failure } = await ask([...script.slice(0, -1), [question, CTRL_C]]);
    expect(failure).toBeInstanceOf(Cancelled);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('writes nothing when a signal comes while Jira is asked', async () => {
    await start();
    const stop = new AbortController();
    scene.jira.onRequest = ({ path }) => path.includes('createmeta') && stop.abort();
    const { failure } = await ask([...site(), ...ticket.slice(0, 2)], { signal: stop.signal });
    expect(failure).toMatchObject({ written: undefined });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('says what is written when a signal comes while it is checked', async () => {
    await start();
    const stop = new AbortController();
    scene.jira.onRequest = ({ path }) => path.includes('mypermissions') && stop.abort();
    const { failure } = await ask([...site(), ...ticket, ...tenant(), ...end], { signal: stop.signal });
    expect(failure).toMatchObject({ written: file() });
    expect(readdirSync(folder).toSorted()).toEqual(['.env', 'casewire.yaml']);
  });

  it('asks what to do about a file that is there', async () => {
    await start();
    writeFileSync(file(), 'mine: true\n');
    const other = join(folder, 'other.yaml');
    const script: Scripted[] = [
      [/is there already/, 'Write another file'],
      [/Which file/, other],
      ...[...site(), ...ticket, ...tenant(), ...end],
    ];
    const { failure } = await ask(script);
    expect(failure).toBeUndefined();
    expect(written()).toBe('mine: true\n');
    expect(readFileSync(other, 'utf8')).toContain('contoso:');
  });

  it('leaves a file that came up while it asked', async () => {
    await start();
    const script: Scripted[] = [...site(), ...ticket, ...tenant(), ...end];
    const asker = new ScriptedAsker(script);
    const confirm = asker.confirm.bind(asker);
    asker.confirm = async (question) => {
      if (/Keep /.test(question.question)) writeFileSync(file(), 'somebody else\n');
      return confirm(question);
    };
    const [stdout, stderr] = [new Pipe().screen({}), new Pipe().screen({})];
    const cli = {
      process: { stdout, stderr, env: {} },
      ...{ stdout, stderr, env: {}, stdin: Readable.from([]), clock: systemClock, random: () => 0.5 },
      ...{ redactor: new Redactor(), configFile: file(), verbose: false, exitCode: 0 },
    };
    await expect(initWith(cli, {}, asker, new AbortController().signal)).rejects.toThrow(
      /is there already; it was left as it is/,
    );
    expect(written()).toBe('somebody else\n');
  });
});
