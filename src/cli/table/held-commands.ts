import { buildCommand } from '@stricli/core';
import type { Cli } from '../cli.ts';
import { docs, type JsonFlags, json, reason, text } from './flags.ts';

export interface DropFlags extends JsonFlags {
  why: string;
}

export const heldList = buildCommand<JsonFlags, [], Cli>({
  loader: async () => (await import('../commands/held.ts')).heldList,
  parameters: { flags: { json } },
  docs: docs('List what is held, and why', 'Held alerts have no issue yet.', '', 'Example: casewire held'),
});

export const heldRetry = buildCommand<JsonFlags, string[], Cli>({
  loader: async () => (await import('../commands/held.ts')).heldRetry,
  parameters: {
    flags: { json },
    positional: {
      kind: 'array',
      parameter: { parse: text, brief: 'TENANT/ALERT, or the id alone', placeholder: 'ID' },
    },
  },
  docs: docs(
    'Put held alerts back into the queue; all when none is named',
    'The next run takes them up again, whatever the hourly limit of new tickets;',
    'they do not count towards it.',
    '',
    'Example: casewire held retry contoso/603f704aaf7417985bbf3b22',
  ),
});

export const heldDrop = buildCommand<DropFlags, string[], Cli>({
  loader: async () => (await import('../commands/held.ts')).heldDrop,
  parameters: {
    flags: {
      why: { kind: 'parsed', parse: reason, brief: 'Why no issue is wanted; it is kept', placeholder: 'TEXT' },
      json,
    },
    positional: {
      kind: 'array',
      minimum: 1,
      parameter: { parse: text, brief: 'TENANT/ALERT, or the id alone', placeholder: 'ID' },
    },
  },
  docs: docs(
    'Drop held alerts for good, with your reason',
    'Example: casewire held drop 603f704aaf7417985bbf3b22 --why "red team test"',
  ),
});
