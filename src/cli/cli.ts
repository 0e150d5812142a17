import type { ApplicationContext } from '@stricli/core';
import type { Clock } from '../domain/time.ts';
import type { Redactor } from '../observe/redact.ts';
import type { Screen } from './screen.ts';

/** What every command is handed. */
export interface Cli extends ApplicationContext {
  stdout: Screen;
  stderr: Screen;
  /** What is piped or typed into the process. */
  stdin: NodeJS.ReadableStream;
  env: NodeJS.ProcessEnv;
  clock: Clock;
  /** A number in [0, 1). */
  random: () => number;
  /** Knows the configuration's secrets once it is loaded. */
  redactor: Redactor;
  /** `--config FILE`, when given. */
  configFile: string | undefined;
  verbose: boolean;
  /** Set by a command that ends otherwise than well. */
  exitCode: number;
}
