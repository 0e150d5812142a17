import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BenchScene } from './bench-scene.ts';
import { onCore, PROGRAM_CORE } from './cores.ts';

const ROOT = resolve(import.meta.dirname, '..');
export const CASEWIRE = join(ROOT, 'bin/casewire');
const YARDSTICKS = join(import.meta.dirname, 'yardsticks.ts');
const PEAK_MEMORY = pathToFileURL(join(import.meta.dirname, 'peak-memory.mjs')).href;

/** As many creates in flight as Casewire allows itself at the most. */
const IN_FLIGHT = 128;

export type Program = 'casewire' | 'floor' | 'one-by-one';

export interface Ran {
  /** From the start of the process to its end. */
  ms: number;
  /** The most memory that it held; only when it was asked for. */
  peakMib?: number;
}

export interface RunOptions {
  oneCore?: boolean;
  memory?: boolean;
}

/** Runs one program against the scene's services, from start to end of the process. */
export async function run(program: Program, scene: BenchScene, options: RunOptions = {}): Promise<Ran> {
  const { oneCore = false, memory = false } = options;
  const command: [string, ...string[]] =
    program === 'casewire' ? [CASEWIRE, 'run'] : [process.execPath, YARDSTICKS, program];
  const peakFile = join(scene.folder, 'peak-memory');
  const ran = await time(oneCore ? onCore(PROGRAM_CORE, command) : command, {
    folder: scene.folder,
    env: {
      BENCH_TARGET: JSON.stringify({ ...scene.served, inFlight: IN_FLIGHT }),
      ...(memory ? { NODE_OPTIONS: `--import ${PEAK_MEMORY}`, BENCH_PEAK_FILE: peakFile } : {}),
    },
  });
  return memory ? { ...ran, peakMib: Number(readFileSync(peakFile, 'utf8')) / 1024 } : ran;
}

/** Times one process; what it wrote is shown when it fails. */
export async function time(
  [command, ...words]: readonly [string, ...string[]],
  { folder = tmpdir(), env = {} }: { folder?: string; env?: Record<string, string> } = {},
): Promise<Ran> {
  const outputFile = join(folder, `casewire-bench-output-${process.pid}`);
  const output = openSync(outputFile, 'w');
  // Compiled code is kept for Casewire by its executable, and for the yardsticks in the same place.
  const cache = join(ROOT, 'node_modules/.cache/casewire');
  const start = performance.now();
  const child = spawn(command, words, {
    cwd: folder,
    env: { ...process.env, NODE_COMPILE_CACHE: cache, ...env },
    stdio: ['ignore', output, output],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  const ms = performance.now() - start;
  closeSync(output);
  if (code !== 0)
    throw new Error(`${[command, ...words].join(' ')} ended with ${code}:\n${readFileSync(outputFile, 'utf8')}`);
  return { ms };
}
