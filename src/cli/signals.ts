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

/**
 * The first signal asks (`onFirst` says so to the person), the second ends the process at once. Where `onHangUp` is
 * given, SIGHUP calls it and stops nothing, as services have it.
 */
export function stopOnSignals(onFirst: () => void, onHangUp?: () => void): Stop {
  const abort = new AbortController();
  const names = Object.keys(CODES).filter((name) => name !== 'SIGHUP' || !onHangUp);
  let exitCode: number | undefined;
  const stop = (name: NodeJS.Signals) => {
    const code = CODES[name as keyof typeof CODES];
    if (exitCode !== undefined) process.exit(code);
    exitCode = code;
    onFirst();
    abort.abort();
  };
  for (const name of names) process.on(name, stop);
  if (onHangUp) process.on('SIGHUP', onHangUp);
  return {
    signal: abort.signal,
    get exitCode() {
      return exitCode;
    },
    release() {
      for (const name of names) process.off(name, stop);
      if (onHangUp) process.off('SIGHUP', onHangUp);
    },
  };
}
