import {
  type Application,
  buildApplication,
  buildRouteMap,
  type Command,
  help,
  version as versionFlag,
} from '@stricli/core';
import type { Redactor } from '../observe/redact.ts';
import type { Cli } from './cli.ts';
import { COMMANDS, HELD } from './command-table.ts';
import { errorText, exitCodeOfError } from './error-text.ts';
import { ALSO } from './table/flags.ts';

const FORMATTING = {
  caseStyle: 'convert-camel-to-kebab',
  useAliasInUsageLine: false,
  onlyRequiredInUsageLine: false,
} as const;

/** `global-flags.ts` takes these out of the words before stricli sees them; here they are named for completion. */
const GLOBAL = { global: true, complete: true, hidden: true, run: () => {} } as const;

/** The command line as stricli knows it; commands are loaded only when they are asked for. */
export function buildCommandLine(parts: {
  version: () => string;
  verbose: boolean;
  redactor: Redactor;
}): Application<Cli> {
  const held = buildRouteMap<string, Cli>({
    routes: HELD,
    docs: {
      brief: 'Alerts that wait for a person: list, retry, drop',
      fullDescription: `Example: casewire held retry contoso/603f704aaf7417985bbf3b22\n\n${ALSO}`,
    },
  });
  const { init, run, serve, plan, sync, check, explain, report, ...others } = COMMANDS;
  const root = buildRouteMap<string, Cli>({
    routes: {
      init: inOneLine(init),
      run,
      serve,
      plan,
      sync,
      check,
      explain,
      held,
      report: inOneLine(report),
      ...others,
    },
    docs: {
      brief: 'Security alerts of Defender for Cloud Apps become Jira issues, each once',
      fullDescription: [
        'Alerts of Microsoft Defender for Cloud Apps become Jira issues, each once.',
        '',
        'First look:  casewire demo',
        'First step:  casewire init',
        'Every day:   casewire check, casewire plan, casewire run, casewire sync',
        'One alert:   casewire explain contoso 603f704aaf7417985bbf3b22',
        'Each month:  casewire report monthly',
        'Completion:  casewire completion',
        '',
        ALSO,
      ].join('\n'),
    },
  });
  return buildApplication(
    root,
    {
      name: 'casewire',
      scanner: { caseStyle: 'allow-kebab-for-camel', allowArgumentEscapeSequence: true },
      documentation: { disableAnsiColor: true },
      localization: { text: errorText(parts) },
      determineExitCode: exitCodeOfError,
    },
    {
      config: { flag: { ...GLOBAL, brief: 'Configuration file' } },
      verbose: { flag: { ...GLOBAL, brief: 'Tell every step on standard error' } },
      help: help({ brief: 'Print help and exit', formatting: FORMATTING, complete: true }),
      version: versionFlag({
        brief: 'Print the version and exit',
        info: { getCurrentVersion: async () => parts.version() },
      }),
    },
  );
}

/** A command whose many flags its own help shows, not the list of commands. */
function inOneLine(command: Command<Cli>): Command<Cli> {
  return { ...command, formatUsageLine: ({ prefix }) => [...prefix, '[FLAGS]'].join(' ') };
}
