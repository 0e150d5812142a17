import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { BenchScene } from './bench-scene.ts';
import { onCore, PROGRAM_CORE } from './cores.ts';
import { CASEWIRE } from './programs.ts';

const ROOT = resolve(import.meta.dirname, '..');

/** Clock ticks a second in which Linux counts processor time (man 5 proc, `sysconf(_SC_CLK_TCK)`). */
const TICKS = 100;

/** A service that is being measured while it runs. */
export class Serving {
  readonly #child: ChildProcess;
  readonly #output: string;

  private constructor(child: ChildProcess, output: string) {
    this.#child = child;
    this.#output = output;
  }

  /** Starts `casewire serve` on the scene's configuration and waits until it answers. */
  static async start(scene: BenchScene, port: number): Promise<Serving> {
    const output = join(scene.folder, 'serve-output');
    const out = openSync(output, 'w');
    const [command, ...words] = onCore(PROGRAM_CORE, [CASEWIRE, 'serve']);
    const child = spawn(command, words, {
      cwd: scene.folder,
      env: { ...process.env, NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/casewire') },
      stdio: ['ignore', out, out],
    });
    closeSync(out);
    const serving = new Serving(child, output);
    for (let tries = 0; tries < 100; tries++) {
      if (child.exitCode !== null) break;
      const ready = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
      if (ready?.ok) return serving;
      await wait(100);
    }
    throw new Error(`casewire serve did not begin:\n${readFileSync(output, 'utf8').slice(-2000)}`);
  }

  /** Processor time so far in milliseconds, and the most memory held, in MiB; Linux alone counts them. */
  usage(): { processorMs: number; peakMib: number } {
    const { pid } = this.#child;
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return {
      processorMs: ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS,
      peakMib: Number(peak) / 1024,
    };
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const [code] = (await ended) as [number | null];
    if (code !== 143)
      throw new Error(`casewire serve ended with ${code}:\n${readFileSync(this.#output, 'utf8').slice(-2000)}`);
  }
}
