import { ExitCode, run } from '@stricli/core';
import { systemClock } from '../observe/clock.ts';
import { Redactor } from '../observe/redact.ts';
import type { Cli } from './cli.ts';
import { buildCommandLine } from './command-line.ts';
import { sayFault } from './error-text.ts';
import { EXIT } from './exit-code.ts';
import { takeGlobalFlags } from './global-flags.ts';
import { Screen } from './screen.ts';
import { UsageError } from './usage-error.ts';
import { version } from './version.ts';

/** Does what the words ask, lets all that was written leave the process, and ends it. */
export async function main(argv: readonly string[]): Promise<never> {
  const stdout = new Screen(process.stdout, process.env);
  const stderr = new Screen(process.stderr, process.env);
  process.on('uncaughtException', (error) => {
    stderr.writeLines([sayFault(error, true)]);
    process.exit(EXIT.nothing);
  });
  const code = await answer(argv, { stdout, stderr, env: process.env });
  await Promise.all([stdout.flushed(), stderr.flushed()]);
  if (stdout.failure === undefined) process.exit(code);
  stderr.writeLines([`not all of the output could be written: ${stdout.failure}`]);
  await stderr.flushed();
  process.exit(EXIT.nothing);
}

export interface Outside {
  stdout: Screen;
  stderr: Screen;
  /** The process's own unless given. */
  stdin?: NodeJS.ReadableStream;
  env: NodeJS.ProcessEnv;
}

/** Does what the words ask and says with which code the process is to end; nothing is thrown for a person's mistake. */
export async function answer(argv: readonly string[], { stdout, stderr, stdin, env }: Outside): Promise<number> {
  try {
    const completing = argv[0] === '__complete';
    const { words, configFile, verbose } = takeGlobalFlags(completing ? [] : argv);
    const stricli: Cli['process'] = { stdout, stderr, env };
    const redactor = new Redactor();
    const cli: Cli = {
      process: stricli,
      stdout,
      stderr,
      stdin: stdin ?? process.stdin,
      env,
      clock: systemClock,
      random: Math.random,
      redactor,
      configFile,
      verbose,
      exitCode: EXIT.well,
    };
    if (completing) {
      const { proposals } = await import('./commands/completion.ts');
      stdout.writeLines(await proposals(argv.slice(1), cli));
      return EXIT.well;
    }
    await run(buildCommandLine({ version, verbose, redactor }), spelledOut(words), cli);
    return stricli.exitCode ? toExitCode(Number(stricli.exitCode)) : cli.exitCode;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    stderr.writeLines([error.message, ...(error.mend ? [error.mend] : [])]);
    return EXIT.usage;
  }
}

/** `casewire` alone is a cry for help, `casewire held` alone lists. */
function spelledOut(words: readonly string[]): readonly string[] {
  const [first, second] = words;
  if (first === undefined) return ['--help'];
  const bare = second === undefined || (second.startsWith('-') && !/^(-h|--help)$/.test(second));
  return first === 'held' && bare ? ['held', 'list', ...words.slice(1)] : words;
}

/** Stricli counts its own failures downwards from zero; what a command threw is sorted in `command-line.ts`. */
function toExitCode(stricli: number): number {
  if (stricli === ExitCode.UnknownCommand || stricli === ExitCode.InvalidArgument) return EXIT.usage;
  return stricli > 0 ? stricli : EXIT.nothing;
}
