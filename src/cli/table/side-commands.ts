import { buildCommand } from '@stricli/core';
import type { Cli } from '../cli.ts';
import { docs, duration, port, text } from './flags.ts';

export interface DemoFlags {
  port?: number | undefined;
  latency?: number | undefined;
}

export const demo = buildCommand<DemoFlags, [], Cli>({
  loader: async () => (await import('../commands/demo.ts')).demo,
  parameters: {
    flags: {
      port: {
        kind: 'parsed',
        parse: port,
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
    'Needs no account and no network: simulators on this machine play the weeks',
    'before, a Monday morning with fifteen alerts, and the report of the last month.',
    'On a terminal the console and the issues can then be looked at in the browser',
    'until Ctrl-C, which removes all that the demo made.',
    '',
    'Example: casewire demo',
  ),
});

export const schema = buildCommand<Record<never, never>, [], Cli>({
  loader: async () => (await import('../commands/schema.ts')).schema,
  parameters: {},
  docs: docs(
    'The JSON Schema of the configuration file',
    'For editors.',
    '',
    'Example: casewire schema > casewire.schema.json',
  ),
});

export const completion = buildCommand<Record<never, never>, [string?], Cli>({
  loader: async () => (await import('../commands/completion.ts')).completion,
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
