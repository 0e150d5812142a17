import { buildCommand } from '@stricli/core';
import type { Cli } from '../cli.ts';
import { docs, duration, type JsonFlags, json, type TenantFlags, tenant, toggle } from './flags.ts';

export interface RunFlags extends TenantFlags {
  wait?: number | undefined;
}

export interface PlanFlags extends TenantFlags {
  replay?: number | undefined;
}

export interface SyncFlags extends TenantFlags {
  yes?: boolean | undefined;
  dryRun?: boolean | undefined;
}

export const run = buildCommand<RunFlags, [], Cli>({
  loader: async () => (await import('../commands/run.ts')).run,
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
    'and left to the next run, or waited for with --wait. When they are due, it also',
    'scans for duplicate issues (hourly) and reconciles tenants (daily).',
    'Ends with 1 while any alert is held, or something needs attention.',
    '',
    'Examples: casewire run',
    '          casewire run --tenant contoso --tenant fabrikam --wait 15m',
    '          casewire run --json > pass.json',
  ),
});

export const serve = buildCommand<JsonFlags, [], Cli>({
  loader: async () => (await import('../commands/serve.ts')).serve,
  parameters: {
    flags: {
      json: toggle('One JSON document a line, as without a terminal'),
    },
  },
  docs: docs(
    'run and sync for ever: each tenant on its own clock',
    'Does what run does, and sync if the configuration has it, until it is stopped:',
    "each tenant every `every`, what waits when its time has come, Jira's webhooks at",
    'once. Reports are made when their period has ended. Console, health, metrics and',
    'webhooks are at `service.listen` (127.0.0.1:8484).',
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
  loader: async () => (await import('../commands/plan.ts')).plan,
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
  loader: async () => (await import('../commands/sync.ts')).sync,
  parameters: {
    flags: {
      tenant,
      yes: toggle('Also do plans that are unusually large'),
      dryRun: toggle('Print what would be done; write nothing'),
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
