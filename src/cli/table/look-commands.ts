import { buildCommand } from '@stricli/core';
import type { Cli } from '../cli.ts';
import { docs, type JsonFlags, json, type TenantFlags, tenant, text } from './flags.ts';

export const check = buildCommand<TenantFlags, [], Cli>({
  loader: async () => (await import('../commands/check.ts')).check,
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
  loader: async () => (await import('../commands/explain.ts')).explain,
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

export const status = buildCommand<JsonFlags, [], Cli>({
  loader: async () => (await import('../commands/status.ts')).status,
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
  loader: async () => (await import('../commands/rules.ts')).rules,
  parameters: { flags: { json } },
  docs: docs(
    'Each rule, how often it spoke lately, and on which alert last',
    'Counts the last 30 days in the ledger and marks the rules that never spoke and',
    'those that could not be decided; asks no service.',
    '',
    'Example: casewire rules',
  ),
});
