import {
  type ApplicationText,
  type ArgumentScannerError,
  formatMessageForArgumentScannerError,
  text_en,
} from '@stricli/core';
import { isEdgeFailure, StoreFailure } from '../domain/failure.ts';
import { nearest } from '../domain/nearest.ts';
import { clean } from '../domain/text/clean.ts';
import type { Redactor } from '../observe/redact.ts';
import { COMMAND_WORDS, FLAG_WORDS } from './command-table.ts';
import { EXIT } from './exit-code.ts';
import { UsageError } from './usage-error.ts';

/** What is said of errors: a mistyped word gets its nearest neighbour, a fault of our own says that it is one. */
export function errorText({ verbose, redactor }: { verbose: boolean; redactor: Redactor }): ApplicationText {
  return {
    ...text_en,
    briefs: { ...text_en.briefs, argumentEscapeSequence: 'What follows is no flag' },
    noCommandRegisteredForInput: ({ input }) =>
      input.startsWith('-')
        ? `casewire has no flag ${clean(input)}${orRather(input, FLAG_WORDS)}`
        : `casewire has no command "${clean(input)}"${orRather(input, COMMAND_WORDS)}`,
    exceptionWhileParsingArguments: (error) =>
      `${sayScannerError(error as ArgumentScannerError)}\nThe command with --help shows what it takes.`,
    exceptionWhileRunningCommand: (error) => redactor.clean(sayError(error, verbose)),
    exceptionWhileLoadingCommandFunction: (error) => redactor.clean(sayFault(error, verbose)),
    exceptionWhileLoadingCommandContext: (error) => redactor.clean(sayFault(error, verbose)),
  };
}

export function exitCodeOfError(error: unknown): number {
  return error instanceof UsageError ? EXIT.usage : EXIT.nothing;
}

function sayError(error: unknown, verbose: boolean): string {
  if (error instanceof UsageError) return [error.message, ...(error.mend ? [error.mend] : [])].join('\n');
  if (isEdgeFailure(error)) {
    const { mend } = error.details;
    return `Nothing could be done: ${clean(error.message)}${mend ? `\n→ ${clean(mend)}` : ''}`;
  }
  if (error instanceof StoreFailure)
    return `Nothing more could be done: ${clean(error.message)}${error.mend ? `\n→ ${clean(error.mend)}` : ''}`;
  return sayFault(error, verbose);
}

/** Words for what should not have happened. */
export function sayFault(error: unknown, verbose: boolean): string {
  const message = clean(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  const said = `Casewire itself is at fault, please report it: ${message}`;
  if (!verbose) return `${said}\nThe same with --verbose shows where it happened. Nothing is lost: run again.`;
  return `${said}\n${error instanceof Error ? (error.stack ?? '') : ''}`;
}

function sayScannerError(error: ArgumentScannerError): string {
  return formatMessageForArgumentScannerError(error, {
    FlagNotFoundError: ({ input }) =>
      `there is no flag --${clean(input).replace(/^-+/, '')}${orRather(input, FLAG_WORDS)}`,
    AliasNotFoundError: ({ input }) => `there is no flag -${clean(input)}`,
    ArgumentParseError: ({ externalFlagNameOrPlaceholder, input, exception }) =>
      `${externalFlagNameOrPlaceholder} cannot be "${clean(input)}": ${exception instanceof Error ? exception.message : exception}`,
    UnexpectedPositionalError: ({ input }) => `"${clean(input)}" is one word too many${orRather(input, COMMAND_WORDS)}`,
    UnsatisfiedPositionalError: ({ placeholder }) => `${placeholder} is missing`,
    UnsatisfiedFlagError: ({ externalFlagName }) => `--${externalFlagName} needs a value`,
  });
}

function orRather(word: string, known: readonly string[]): string {
  const dashes = /^-*/.exec(word)?.[0] ?? '';
  const meant = nearest(word.slice(dashes.length), known);
  if (meant === undefined) return known === COMMAND_WORDS ? '; casewire --help lists them' : '';
  return `; did you mean ${known === FLAG_WORDS ? `--${meant}` : meant}?`;
}
