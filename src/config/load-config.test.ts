import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { USUAL_PRIORITIES } from '../rules/policy.ts';
import { loadConfig } from './load-config.ts';
import { formatProblem } from './problems.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'casewire-config-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const ENV = { JIRA_TOKEN: 'jira-token-value', ABUSE_KEY: 'abuse-key-value', CONTOSO_TOKEN: 'contoso-token-value' };

const JIRA = `jira:
  edition: cloud
  url: https://acme.atlassian.net
  auth: { email: soc@acme.example, token: "\${env:JIRA_TOKEN}" }
`;

const CONTOSO = `tenants:
  contoso:
    source: defender-cloud-apps
    url: https://contoso.us2.portal.cloudappsecurity.com
    auth: { token: "\${env:CONTOSO_TOKEN}" }
`;

const TICKET = 'ticket: { project: SOC, issueType: Task }\n';

function write(name: string, content: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), content);
}

function load(source: string, env: Record<string, string> = ENV) {
  write('casewire.yaml', source);
  return loadConfig({ cwd: folder, env });
}

async function configOf(source: string, env?: Record<string, string>) {
  const result = await load(source, env);
  expect(result.ok ? [] : result.problems.map(formatProblem)).toEqual([]);
  if (!result.ok) throw new Error('not reached');
  return result.config;
}

async function problemsOf(source: string, env?: Record<string, string>): Promise<string[]> {
  const result = await load(source, env);
  return result.ok ? [] : result.problems.map((problem) => formatProblem(problem).replaceAll(folder, '.'));
}

describe('a configuration', () => {
  it('is loaded whole, with every default', async () => {
    expect(await configOf(JIRA + TICKET + CONTOSO)).toEqual({
      file: join(folder, 'casewire.yaml'),
      store: { kind: 'sqlite', path: join(folder, 'casewire.db'), name: join(folder, 'casewire.db') },
      sites: [
        {
          site: 'default',
          edition: 'cloud',
          url: 'https://acme.atlassian.net',
          auth: { kind: 'email-token', email: 'soc@acme.example', token: 'jira-token-value' },
          reconcileWindowMs: 600_000,
        },
      ],
      tenants: [
        {
          tenant: 'contoso',
          source: 'defender-cloud-apps',
          url: 'https://contoso.us2.portal.cloudappsecurity.com',
          auth: { kind: 'token', token: 'contoso-token-value' },
          services: ['defender-cloud-apps', 'app-governance'],
          everyMs: 300_000,
          lookbackMs: 604_800_000,
          policy: {
            tenant: 'contoso',
            ticket: {
              site: 'default',
              project: 'SOC',
              issueType: 'Task',
              priority: USUAL_PRIORITIES,
              priorityIs: 'wished',
              labels: [],
              fields: {},
            },
            rules: [],
            newTicketsPerHour: 200,
          },
        },
      ],
      reports: { timezone: 'UTC', sla: {} },
      service: { listen: { host: '127.0.0.1', port: 8484 }, silenceAfterMs: 172_800_000 },
      secrets: ['jira-token-value', 'contoso-token-value', 'soc@acme.example:jira-token-value'],
    });
  });

  it('switches look-ups on with a key alone', async () => {
    const config = await configOf(`${JIRA + TICKET + CONTOSO}abuseipdb: { key: "\${env:ABUSE_KEY}" }\n`);
    expect(config.abuseipdb).toEqual({
      key: 'abuse-key-value',
      url: 'https://api.abuseipdb.com',
      maxAgeInDays: 90,
      dailyBudget: 1000,
      neverSend: [],
    });
    expect(config.secrets).toContain('abuse-key-value');
  });

  it('is frozen to its depth', async () => {
    const config = await configOf(JIRA + TICKET + CONTOSO);
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.tenants[0]?.policy.ticket.fields)).toBe(true);
  });

  it('reads ids and tenant names that look like numbers as text', async () => {
    const tenants = CONTOSO.replace('contoso:', '0042:');
    const config = await configOf(
      `${JIRA}ticket: { project: 10000, issueType: 10001, priority: { high: 1 } }\n${tenants}`,
    );
    expect(config.tenants[0]?.tenant).toBe('0042');
    expect(config.tenants[0]?.policy.ticket).toMatchObject({
      project: '10000',
      issueType: '10001',
      priority: { high: '1' },
      priorityIs: 'configured',
    });
  });

  it('takes anchors, a byte order mark and Windows line ends', async () => {
    const source = `\uFEFF${JIRA}ticket: &t { project: SOC, issueType: Task }\n${CONTOSO}    ticket: *t\n`;
    expect((await configOf(source.replaceAll('\n', '\r\n'))).tenants[0]?.policy.ticket.project).toBe('SOC');
  });

  it('takes a tenant named like a member of every object', async () => {
    const config = await configOf(JIRA + TICKET + CONTOSO.replace('contoso:', '__proto__:'));
    expect(config.tenants.map(({ tenant }) => tenant)).toEqual(['__proto__']);
  });

  it('with 5,000 tenants is loaded as well', async () => {
    const tenants = Array.from({ length: 5_000 }, (_, i) =>
      CONTOSO.replace('tenants:\n', '').replaceAll('contoso', `t${i}`),
    );
    const source = `${JIRA}${TICKET}tenants:\n${tenants.join('').replace(/env:T\d+/g, 'env:CONTOSO')}`;
    const config = await configOf(source.replaceAll(/\$\{env:\w+\}/g, `\${env:JIRA_TOKEN}`));
    expect(config.tenants).toHaveLength(5_000);
    expect(config.secrets).toEqual(['jira-token-value', 'soc@acme.example:jira-token-value']);
  }, 60_000);
});

describe('the file', () => {
  it('is the one that is named, else casewire.yaml, else what CASEWIRE_CONFIG names', async () => {
    write('named/one.yaml', JIRA + TICKET + CONTOSO);
    write('other/two.yaml', JIRA + TICKET + CONTOSO);
    const env = { ...ENV, CASEWIRE_CONFIG: join(folder, 'other/two.yaml') };
    const fileOf = async (file?: string) => {
      const result = await loadConfig({ cwd: folder, env, ...(file === undefined ? {} : { file }) });
      return result.ok && result.config.file.slice(folder.length + 1);
    };
    expect(await fileOf()).toBe('other/two.yaml');
    expect(await fileOf('named/one.yaml')).toBe('named/one.yaml');
    write('casewire.yaml', JIRA + TICKET + CONTOSO);
    expect(await fileOf()).toBe('casewire.yaml');
  });

  it('that is nowhere is a problem with its mend', async () => {
    const result = await loadConfig({ cwd: folder, env: {} });
    expect(result.ok || result.problems.map(formatProblem)).toEqual([
      `casewire.yaml:1:1: there is no configuration in ${folder}; name one with --config FILE or CASEWIRE_CONFIG, or write casewire.yaml here (docs/configure.md)`,
    ]);
  });

  it('that cannot be read is named', async () => {
    const result = await loadConfig({ cwd: folder, env: {}, file: 'absent.yaml' });
    expect(result.ok || result.problems.map(formatProblem)).toEqual([
      'absent.yaml:1:1: cannot be read: there is no such file',
    ]);
    mkdirSync(join(folder, 'casewire.yaml'));
    const usual = await loadConfig({ cwd: folder, env: {} });
    expect(usual.ok || usual.problems.map(formatProblem)).toEqual([
      'casewire.yaml:1:1: cannot be read: it is a folder',
    ]);
  });

  it('in another encoding is refused', async () => {
    writeFileSync(join(folder, 'casewire.yaml'), Buffer.from(`\uFEFF${JIRA}`, 'utf16le'));
    const result = await loadConfig({ cwd: folder, env: {} });
    expect(result.ok || result.problems.map(({ says }) => says)).toEqual(['is not UTF-8 text']);
  });

  it('decides where the ledger and the files of secrets are', async () => {
    write(
      'etc/casewire.yaml',
      `store: data/x.db\n${JIRA}${TICKET}${CONTOSO}`.replace('env:JIRA_TOKEN', 'file:jira-token'),
    );
    write('etc/jira-token', 'from a file\r\n\n');
    const result = await loadConfig({ cwd: folder, env: ENV, file: 'etc/casewire.yaml' });
    expect(result.ok && result.config.store.name).toBe(join(folder, 'etc/data/x.db'));
    expect(result.ok && result.config.secrets[0]).toBe('from a file');
  });
});

describe('references', () => {
  it('take what the environment lacks from .env beside the file', async () => {
    write('.env', '# tokens\nJIRA_TOKEN=from-dotenv\nCONTOSO_TOKEN="quoted value"\n');
    const config = await configOf(JIRA + TICKET + CONTOSO, { JIRA_TOKEN: 'from-environment' });
    expect(config.secrets).toEqual(expect.arrayContaining(['from-environment', 'quoted value']));
    expect(config.secrets).not.toContain('from-dotenv');
  });

  it('may stand in any text, alone or within it, and are secret only where a secret belongs', async () => {
    const source = `${JIRA.replace('acme.atlassian', `\${env:SITE}.atlassian`)}ticket: { project: "\${env:PROJECT}", issueType: Task }
abuseipdb: { key: "a-\${env:ABUSE_KEY}", dailyBudget: "\${env:BUDGET}" }
${CONTOSO}    every: \${env:EVERY}\n`;
    const config = await configOf(source, { ...ENV, SITE: 'fabrikam', PROJECT: 'FAB', BUDGET: '77', EVERY: '9m' });
    expect(config.sites[0]?.url).toBe('https://fabrikam.atlassian.net');
    expect(config.abuseipdb).toMatchObject({ key: 'a-abuse-key-value', dailyBudget: 77 });
    expect(config.tenants[0]).toMatchObject({ everyMs: 540_000, policy: { ticket: { project: 'FAB' } } });
    expect(config.secrets).toEqual(expect.arrayContaining(['abuse-key-value', 'a-abuse-key-value']));
    expect(config.secrets).not.toContain('fabrikam');
  });

  it.each([
    [`\${env:JIRA_TOKN}`, {}, 'environment variable JIRA_TOKN is not set; did you mean JIRA_TOKEN?'],
    [
      `\${env:NOWHERE}`,
      {},
      'environment variable NOWHERE is not set; set it, or write NOWHERE=… into a file .env beside the configuration',
    ],
    [`\${env:VOID}`, { VOID: '' }, 'environment variable VOID is empty'],
    [`\${file:absent}`, {}, 'file ./absent cannot be read: there is no such file'],
    [`\${file:.}`, {}, 'file . cannot be read: it is a folder'],
    [`\${file:void}`, {}, 'file ./void is empty'],
    [`\${file:two}`, {}, 'holds a line break or a control character; a secret is one line'],
    [
      `\${keyvault:https://v.vault.azure.net/keys/x}`,
      {},
      `\${keyvault:https://v.vault.azure.net/keys/x} is not a secret's address; write \${keyvault:https://VAULT.vault.azure.net/secrets/NAME}`,
    ],
    [`\${JIRA_TOKEN}`, {}, `\${JIRA_TOKEN} is not a reference; write \${env:JIRA_TOKEN}`],
    [`\${vault:x}`, {}, `\${vault:x} is not a reference; write \${env:NAME} or \${file:PATH}`],
    ['hunter2-hunter2', {}, `a secret must not stand in this file; write \${env:JIRA_AUTH_TOKEN} or \${file:PATH}`],
    ['12345678', {}, `a secret must not stand in this file; write \${env:JIRA_AUTH_TOKEN} or \${file:PATH}`],
  ])('that cannot be followed are a problem where they stand: %s', async (token, env, says) => {
    write('void', '\n');
    write('two', 'one\ntwo\n');
    const source = JIRA.replace(/auth: .*/, `auth:\n    email: soc@acme.example\n    token: ${token}`);
    expect(await problemsOf(source + TICKET + CONTOSO, { ...ENV, ...env })).toEqual([
      `casewire.yaml:6:12 jira.auth.token: ${says}`,
    ]);
  });

  it('of a Data Center password are refused as literals too, and no message shows one', async () => {
    const source = `jira:
  edition: datacenter
  url: https://soc:hunter2-url@jira.acme.example
  auth: { username: soc, password: hunter2-password, tokn: hunter2-unknown }
abuseipdb: { key: hunter2-key }
store: "\${env:STORE}"
${TICKET}tenants:
  contoso: { source: "\${env:STORE}", url: "https://x.example/?token=hunter2-query", auth: { token: [hunter2-list] } }
`;
    const problems = await problemsOf(source, { STORE: 'hunter2-env' });
    expect(problems).toHaveLength(7);
    expect(problems.join('\n')).not.toContain('hunter2');
  });

  it.each([
    'token: |hunter2',
    'token: !hunter2 x',
    'token: *hunter2',
    'token: @hunter2',
    'token: "hunter2',
    '? [hunter2]\n: x',
  ])('are not needed for YAML to keep a secret: %j', async (line) => {
    const problems = await problemsOf(`jira:\n  auth:\n    ${line}\n`, {});
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.join('\n')).not.toContain('hunter2');
  });
});
