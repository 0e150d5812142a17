import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** The core that has the simulated services, and the one for a program that is measured on one core alone. */
export const SERVICES_CORE = 1;
export const PROGRAM_CORE = 0;

/** Whether programs can be kept to one core here: Linux with taskset, and two cores or more. */
export const canPin = availableParallelism() > 1 && spawnSync('taskset', ['-c', '0', 'true']).status === 0;

/** The command line that keeps a program to a core, or the same command line where that cannot be. */
export function onCore(core: number, command: readonly [string, ...string[]]): [string, ...string[]] {
  return canPin ? ['taskset', '-c', String(core), ...command] : [...command];
}
