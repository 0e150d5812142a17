/**
 * One run of Casewire as a process of its own that may kill itself:
 * `node child.ts CONFIG CLOCK_OFFSET_MS STEP NTH [run | sync | sync:yes | serve:MS]`. STEP is the name of a progress event, NTH its
 * how-manieth occurrence; `-` lets the run end by itself. Progress events tell of what has happened just before, so a
 * death at one is a death between two steps of the flow. A service is asked to stop after MS milliseconds.
 */
import { assemble } from '../../src/assembly/assemble.ts';
import type { AssembleParts } from '../../src/assembly/casewire.ts';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { systemClock } from '../../src/observe/clock.ts';
import type { ProgressEvent } from '../../src/observe/progress.ts';
import { serve } from '../../src/service/serve.ts';

const [file = '', offset = '0', step = '-', nth = '1', work = 'run'] = process.argv.slice(2);
const clock = { ...systemClock, now: () => systemClock.now() + Number(offset) };
const load = () => loadConfig({ file, cwd: process.cwd(), env: process.env });
const loaded = await load();
if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));

let seen = 0;
const parts: Omit<AssembleParts, 'store'> = {
  clock,
  random: Math.random,
  progress: (event: ProgressEvent) => {
    if (event.event === step && ++seen === Number(nth)) process.kill(process.pid, 'SIGKILL');
  },
};

async function once(config: Config) {
  const casewire = await assemble(config, { ...parts, store: 'make' });
  const { signal } = new AbortController();
  try {
    if (work === 'sync' || work === 'sync:yes') {
      const { tenants, warnings } = await casewire.sync({ yes: work === 'sync:yes', all: true, signal });
      const waiting = tenants.reduce((sum, tenant) => sum + tenant.waiting, 0);
      return { waiting, failed: tenants.filter(({ failure, stopped }) => failure || stopped).length, warnings };
    }
    const { tenants, siteFailures, warnings } = await casewire.run({ waitMs: 0, signal });
    const waiting = tenants.reduce((sum, tenant) => sum + tenant.waiting, 0);
    return { waiting, failed: tenants.filter(({ failure }) => failure).length + siteFailures.length, warnings };
  } finally {
    await casewire.close();
  }
}

async function service(config: Config, ms: number) {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), ms);
  await serve({
    ...parts,
    version: '0.0.0',
    config,
    load,
    signal: stop.signal,
    showLink: () => {},
    onReload: () => {},
  });
  return { waiting: 0, failed: 0, warnings: [] };
}

const [, ms] = /^serve:(\d+)$/.exec(work) ?? [];
const report = await (ms === undefined ? once(loaded.config) : service(loaded.config, Number(ms)));
process.stdout.write(JSON.stringify(report));
