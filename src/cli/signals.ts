import { EXIT } from './exit-code.ts';

/** The two ways in which people and machines ask a command to stop. */
export interface Stop {
  signal: AbortSignal;
  /** The exit code that the stop asks for; `undefined` while nobody asked. */
  readonly exitCode: number | undefined;
  /** Gives the signals back to Node. */
  release(): void;
}

const CODES = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated, SIGHUP: EXIT.terminated } as const;

/** The first signal asks (`onFirst` says so to the person), the second ends the process at once. */
export function stopOnSignals(onFirst: () => void): Stop {
  const abort = new AbortController();
  let exitCode: number | undefined;
  const stop = (name: NodeJS.Signals) => {
    const code = CODES[name as keyof typeof CODES];
    if (exitCode !== undefined) process.exit(code);
    exitCode = code;
    onFirst();
    abort.abort();
  };
  for (const name of Object.keys(CODES)) process.on(name, stop);
  return {
    signal: abort.signal,
    get exitCode() {
      return exitCode;
    },
    release() {
      for (const name of Object.keys(CODES)) process.off(name, stop);
    },
  };
}
