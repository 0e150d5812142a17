import { buildCommand } from '@stricli/core';
import { parseDuration } from '../domain/time.ts';
import type { Cli } from './cli.ts';
import type { InitFlags } from './init/init-flags.ts';

export interface TenantFlags {
  tenant?: readonly string[] | undefined;
  json?: boolean | undefined;
}

export interface JsonFlags {
  json?: boolean | undefined;
}

export interface RunFlags extends TenantFlags {
  wait?: number | undefined;
}

export interface ServeFlags {
  json?: boolean | undefined;
}

export interface PlanFlags extends TenantFlags {
  replay?: number | undefined;
}

export interface SyncFlags extends TenantFlags {
  yes?: boolean | undefined;
  dryRun?: boolean | undefined;
}

export interface DropFlags {
  why: string;
}

export interface DemoFlags {
  port?: number | undefined;
  latency?: number | undefined;
}

const text = (input: string): string => input;

/** Each command's help ends with what holds everywhere. */
function docs(brief: string, ...lines: string[]) {
  return { brief, fullDescription: [...lines, '', ALSO].join('\n') };
}

/** The flags of every command; they may stand before it too. */
export const ALSO = 'Also: --config FILE (else casewire.yaml, else $CASEWIRE_CONFIG), --verbose';

const json = {
  kind: 'boolean',
  brief: 'Print one JSON document (docs/json.md)',
  optional: true,
  withNegated: false,
} as const;

const tenant = {
  kind: 'parsed',
  parse: text,
  brief: 'Only this tenant; may be repeated',
  placeholder: 'NAME',
  optional: true,
  variadic: true,
} as const;

export const init = buildCommand<InitFlags, [], Cli>({
  loader: async () => (await import('./commands/init.ts')).init,
  parameters: {
    flags: {
      jiraUrl: {
        kind: 'parsed',
        parse: text,
        brief: 'Where Jira is',
        placeholder: 'URL',
        optional: true,
      },
      edition: {
        kind: 'parsed',
        parse: oneOf('cloud', 'datacenter'),
        brief: 'cloud or datacenter, if the URL does not tell',
        placeholder: 'WORD',
        optional: true,
      },
      email: {
        kind: 'parsed',
        parse: text,
        brief: 'Jira Cloud: mail address of the account',
        placeholder: 'ADDRESS',
        optional: true,
      },
      username: {
        kind: 'parsed',
        parse: text,
        brief: 'Data Center: the account, if by password',
        placeholder: 'NAME',
        optional: true,
      },
      jiraSecretFrom: {
        kind: 'parsed',
        parse: text,
        brief: 'Where the token or password stands',
        placeholder: 'PLACE',
        optional: true,
      },
      project: {
        kind: 'parsed',
        parse: text,
        brief: 'Key of the project that takes the alerts',
        placeholder: 'KEY',
        optional: true,
      },
      issueType: {
        kind: 'parsed',
        parse: text,
        brief: 'Type of issue',
        placeholder: 'NAME',
        optional: true,
      },
      priority: {
        kind: 'parsed',
        parse: text,
        brief: 'Other than proposed',
        placeholder: 'SEVERITY=NAME',
        optional: true,
        variadic: true,
      },
      field: {
        kind: 'parsed',
        parse: text,
        brief: 'What fills a Jira field',
        placeholder: 'NAME=TEMPLATE',
        optional: true,
        variadic: true,
      },
      mapping: { kind: 'boolean', brief: 'Fill the usual fields, found by name', optional: true, withNegated: true },
      tenant: {
        kind: 'parsed',
        parse: text,
        brief: 'Tenant and API URL (graph: tenant id)',
        placeholder: 'NAME=WHERE',
        optional: true,
        variadic: true,
      },
      source: {
        kind: 'parsed',
        parse: oneOf('defender-cloud-apps', 'graph'),
        brief: 'defender-cloud-apps or graph',
        placeholder: 'WORD',
        optional: true,
      },
      tokenFrom: {
        kind: 'parsed',
        parse: text,
        brief: 'Where the API token of a tenant stands',
        placeholder: 'NAME=PLACE',
        optional: true,
        variadic: true,
      },
      tenantId: {
        kind: 'parsed',
        parse: text,
        brief: 'Entra tenant, if an app signs in',
        placeholder: 'NAME=ID',
        optional: true,
        variadic: true,
      },
      clientId: {
        kind: 'parsed',
        parse: text,
        brief: 'The app that signs in',
        placeholder: 'ID',
        optional: true,
      },
      clientSecretFrom: {
        kind: 'parsed',
        parse: text,
        brief: 'Where its secret stands',
        placeholder: 'PLACE',
        optional: true,
      },
      certificate: {
        kind: 'parsed',
        parse: text,
        brief: 'Or its PEM file',
        placeholder: 'FILE',
        optional: true,
      },
      authority: {
        kind: 'parsed',
        parse: text,
        brief: 'Where Entra issues tokens',
        placeholder: 'URL',
        optional: true,
      },
      graph: {
        kind: 'parsed',
        parse: text,
        brief: 'Where Graph is',
        placeholder: 'URL',
        optional: true,
      },
      abuseipdbKeyFrom: {
        kind: 'parsed',
        parse: text,
        brief: 'Where the key of AbuseIPDB stands',
        placeholder: 'PLACE',
        optional: true,
      },
      abuseipdbUrl: {
        kind: 'parsed',
        parse: text,
        brief: 'Where AbuseIPDB is',
        placeholder: 'URL',
        optional: true,
      },
      secretsStdin: {
        kind: 'boolean',
        brief: 'Read secrets as NAME=VALUE lines from stdin',
        optional: true,
        withNegated: false,
      },
      envFile: { kind: 'boolean', brief: 'Keep typed or piped secrets in .env', optional: true, withNegated: true },
      overwrite: {
        kind: 'boolean',
        brief: 'Take the place of a file that is there',
        optional: true,
        withNegated: false,
      },
      json,
    },
  },
  docs: {
    ...docs(
      'Ask a few questions and write casewire.yaml',
      'Asks for Jira, tenants and AbuseIPDB, connects as it goes, offers what the',
      'project really has, writes a commented casewire.yaml and ends with check. A flag',
      'answers its question; without a terminal, flags answer them all. Secrets are',
      'never flags: a PLACE is env:NAME, file:PATH or keyvault:URL. Nothing is written',
      'before all is answered, and no file that is there is replaced unasked.',
      '',
      'Examples: casewire init',
      '          casewire init --jira-url https://acme.atlassian.net \\',
      '            --email soc@example.com --jira-secret-from env:JIRA_TOKEN \\',
      '            --project SOC --issue-type Task \\',
      '            --tenant contoso=https://contoso.us2.portal.cloudappsecurity.com \\',
      '            --token-from contoso=env:CONTOSO_TOKEN',
    ),
    customUsage: ['[FLAGS]'],
  },
});

export const run = buildCommand<RunFlags, [], Cli>({
  loader: async () => (await import('./commands/run.ts')).run,
  parameters: {
    flags: {
      tenant,
      wait: {
        kind: 'parsed',
        parse: duration,
        brief: 'Go on until nothing is pending, at most so long',
        placeholder: 'DURATION',
        optional: true,
      },
      json,
    },
  },
  docs: docs(
    'One pass: read the alerts, look up, decide, raise the issues',
    'One pass over the tenants: new alerts are read, their addresses looked up, their',
    'issues raised. What has to wait (throttled, or an answer that was lost) is named',
    'and left to the next run, or waited for with --wait.',
    '',
    'Examples: casewire run',
    '          casewire run --tenant contoso --tenant fabrikam --wait 15m',
    '          casewire run --json > pass.json',
  ),
});

export const serve = buildCommand<ServeFlags, [], Cli>({
  loader: async () => (await import('./commands/serve.ts')).serve,
  parameters: {
    flags: {
      json: {
        kind: 'boolean',
        brief: 'One JSON document a line, as without a terminal',
        optional: true,
        withNegated: false,
      },
    },
  },
  docs: docs(
    'run and sync for ever: each tenant on its own clock',
    'Does what run does, and sync if the configuration has it, until it is stopped:',
    "each tenant every `every`, what waits when its time has come, Jira's webhooks at",
    'once. Health, metrics and webhooks are at `service.listen` (127.0.0.1:8484).',
    'A changed configuration is taken up by itself, or at once on SIGHUP; one with',
    'mistakes is refused and the old one stays at work. Ctrl-C and SIGTERM let the',
    'step in hand finish and end it within ten seconds. It is safe beside run.',
    '',
    'Examples: casewire serve',
    '          casewire serve --json >> casewire.jsonl',
    '          curl http://127.0.0.1:8484/readyz',
  ),
});

export const plan = buildCommand<PlanFlags, [], Cli>({
  loader: async () => (await import('./commands/plan.ts')).plan,
  parameters: {
    flags: {
      tenant,
      replay: {
        kind: 'parsed',
        parse: duration,
        brief: 'What the present rules say of past alerts instead',
        placeholder: 'DURATION',
        optional: true,
      },
      json,
    },
  },
  docs: docs(
    'What run would do now, alert by alert; writes nothing',
    'Walks the same road as run up to its last step, and prints what would be raised,',
    'suppressed or held, and why. Writes nothing anywhere and spends no look-up.',
    'With --verbose also what each mapped field would hold.',
    'With --replay: what the present rules say of the alerts of that time in the',
    'ledger, next to what was said then; try a changed rule with it first.',
    '',
    'Examples: casewire plan --tenant contoso --verbose',
    '          casewire plan --replay 30d',
  ),
});

export const sync = buildCommand<SyncFlags, [], Cli>({
  loader: async () => (await import('./commands/sync.ts')).sync,
  parameters: {
    flags: {
      tenant,
      yes: {
        kind: 'boolean',
        brief: 'Also do plans that are unusually large',
        optional: true,
        withNegated: false,
      },
      dryRun: {
        kind: 'boolean',
        brief: 'Print what would be done; write nothing',
        optional: true,
        withNegated: false,
      },
      json,
    },
  },
  docs: docs(
    'One pass: keep alerts and issues in step, both ways',
    'An issue that is done closes its alert in Defender, with the verdict that its',
    'resolution stands for; an alert that was closed in Defender moves or tells its',
    'issue. It does what the configuration says under `sync`, and nothing without it:',
    '  sync: { fromJira: {}, fromDefender: { transitionTo: Done } }',
    'Look with --dry-run first. A plan that would change an unusual share of a',
    "tenant's alerts or issues is printed and not done (exit code 1); --yes does it.",
    '',
    'Examples: casewire sync --dry-run',
    '          casewire sync',
    '          casewire sync --tenant contoso --yes',
  ),
});

export const check = buildCommand<TenantFlags, [], Cli>({
  loader: async () => (await import('./commands/check.ts')).check,
  parameters: { flags: { tenant, json } },
  docs: docs(
    'Try configuration, credentials, permissions, projects, fields',
    'Tries everything that a run needs, for every tenant and every Jira, and says of',
    'each finding how to mend it.',
    '',
    'Example: casewire check --tenant contoso',
  ),
});

export const explain = buildCommand<JsonFlags, [string, string?], Cli>({
  loader: async () => (await import('./commands/explain.ts')).explain,
  parameters: {
    flags: { json },
    positional: {
      kind: 'tuple',
      parameters: [
        { parse: text, brief: 'Name of the tenant, or TENANT/ALERT', placeholder: 'TENANT' },
        { parse: text, brief: "The alert's id, as either service writes it", placeholder: 'ALERT', optional: true },
      ],
    },
  },
  docs: docs(
    'Everything known about one alert',
    'When it was seen, what was found and decided, its issue, each attempt to raise',
    'it, and what happened to both since then.',
    '',
    'Examples: casewire explain contoso 603f704aaf7417985bbf3b22',
    '          casewire explain contoso/ca603f704aaf7417985bbf3b22',
  ),
});

export const heldList = buildCommand<JsonFlags, [], Cli>({
  loader: async () => (await import('./commands/held.ts')).heldList,
  parameters: { flags: { json } },
  docs: docs('List what is held, and why', 'Held alerts have no issue yet.', '', 'Example: casewire held'),
});

export const heldRetry = buildCommand<JsonFlags, string[], Cli>({
  loader: async () => (await import('./commands/held.ts')).heldRetry,
  parameters: {
    flags: { json },
    positional: {
      kind: 'array',
      parameter: { parse: text, brief: 'TENANT/ALERT, or the id alone', placeholder: 'ID' },
    },
  },
  docs: docs(
    'Put held alerts back into the queue; all when none is named',
    'The next run takes them up again.',
    '',
    'Example: casewire held retry contoso/603f704aaf7417985bbf3b22',
  ),
});

export const heldDrop = buildCommand<DropFlags, [string], Cli>({
  loader: async () => (await import('./commands/held.ts')).heldDrop,
  parameters: {
    flags: { why: { kind: 'parsed', parse: reason, brief: 'Why no issue is wanted; it is kept', placeholder: 'TEXT' } },
    positional: {
      kind: 'tuple',
      parameters: [{ parse: text, brief: 'TENANT/ALERT, or the id alone', placeholder: 'ID' }],
    },
  },
  docs: docs(
    'Drop a held alert for good, with your reason',
    'Example: casewire held drop 603f704aaf7417985bbf3b22 --why "red team test"',
  ),
});

export const status = buildCommand<JsonFlags, [], Cli>({
  loader: async () => (await import('./commands/status.ts')).status,
  parameters: { flags: { json } },
  docs: docs(
    'Whether all is well, and if not, what to type',
    'Begins with what is not well and the command for it; below, how far each tenant',
    'is read, its alerts by state, detections of the last 30 days that have no',
    'category, look-ups left. Reads the ledger alone, with or without serve.',
    '',
    'Example: casewire status',
  ),
});

export const rules = buildCommand<JsonFlags, [], Cli>({
  loader: async () => (await import('./commands/rules.ts')).rules,
  parameters: { flags: { json } },
  docs: docs(
    'Each rule, how often it spoke lately, and on which alert last',
    'Counts the last 30 days in the ledger and marks the rules that never spoke and',
    'those that could not be decided; asks no service.',
    '',
    'Example: casewire rules',
  ),
});

export const schema = buildCommand<Record<never, never>, [], Cli>({
  loader: async () => (await import('./commands/schema.ts')).schema,
  parameters: {},
  docs: docs(
    'The JSON Schema of the configuration file',
    'For editors.',
    '',
    'Example: casewire schema > casewire.schema.json',
  ),
});

export const demo = buildCommand<DemoFlags, [], Cli>({
  loader: async () => (await import('./commands/demo.ts')).demo,
  parameters: {
    flags: {
      port: {
        kind: 'parsed',
        parse: wholeNumber,
        brief: 'Port of the simulated Jira [default = any free one]',
        placeholder: 'PORT',
        optional: true,
      },
      latency: {
        kind: 'parsed',
        parse: duration,
        brief: 'How long each simulated call takes',
        placeholder: 'DURATION',
        optional: true,
      },
    },
  },
  docs: docs(
    'Watch it work: three simulated tenants and a simulated Jira',
    'Needs no account and no network: simulators on this machine play a Monday',
    'morning with fifteen alerts. On a terminal the issues can be looked at in the',
    'browser until Ctrl-C.',
    '',
    'Example: casewire demo',
  ),
});

export const completion = buildCommand<Record<never, never>, [string?], Cli>({
  loader: async () => (await import('./commands/completion.ts')).completion,
  parameters: {
    positional: {
      kind: 'tuple',
      parameters: [{ parse: text, brief: 'bash, zsh or fish', placeholder: 'SHELL', optional: true }],
    },
  },
  docs: docs(
    'Completion for bash, zsh and fish',
    'Without a shell: says how to install it.',
    '',
    'Example: source <(casewire completion bash)',
  ),
});

/** For "did you mean". */
export const COMMAND_WORDS: readonly string[] = [
  'init',
  'run',
  'serve',
  'plan',
  'sync',
  'check',
  'explain',
  'held',
  'retry',
  'drop',
  'list',
  'status',
  'rules',
  'schema',
  'demo',
  'completion',
];

export const FLAG_WORDS: readonly string[] = [
  'config',
  'verbose',
  'help',
  'version',
  'tenant',
  'wait',
  'json',
  'replay',
  'yes',
  'dry-run',
  'why',
  'port',
  'latency',
  'jira-url',
  'edition',
  'email',
  'username',
  'jira-secret-from',
  'project',
  'issue-type',
  'priority',
  'field',
  'mapping',
  'source',
  'token-from',
  'tenant-id',
  'client-id',
  'client-secret-from',
  'certificate',
  'authority',
  'graph',
  'abuseipdb-key-from',
  'abuseipdb-url',
  'secrets-stdin',
  'env-file',
  'overwrite',
];

function oneOf<const T extends readonly string[]>(...words: T): (input: string) => T[number] {
  return (input) => {
    if (!words.includes(input)) throw new Error(`it is ${words.join(' or ')}`);
    return input;
  };
}

function duration(input: string): number {
  const ms = parseDuration(input);
  if (ms === undefined) throw new Error('a duration is a number and a unit, such as 90s, 15m or 2h');
  return ms;
}

function wholeNumber(input: string): number {
  const value = Number(input);
  if (!/^\d{1,5}$/.test(input) || value > 65_535) throw new Error('a port is a number from 0 to 65535');
  return value;
}

function reason(input: string): string {
  if (input.trim() === '') throw new Error('say why in a few words');
  return input.trim();
}
