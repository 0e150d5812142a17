/**
 * One run of Casewire as a process of its own that may kill itself: `node child.ts CONFIG CLOCK_OFFSET_MS STEP NTH`.
 * STEP is the name of a progress event, NTH its how-manieth occurrence; `-` lets the run end by itself. Progress events
 * tell of what has happened just before, so a death at one is a death between two steps of the flow.
 */
import { assemble } from '../../src/assembly/assemble.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { systemClock } from '../../src/observe/clock.ts';

const [file = '', offset = '0', step = '-', nth = '1'] = process.argv.slice(2);
const clock = { ...systemClock, now: () => systemClock.now() + Number(offset) };
const loaded = await loadConfig({ file, cwd: process.cwd(), env: process.env });
if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));

let seen = 0;
const casewire = await assemble(loaded.config, {
  clock,
  random: Math.random,
  store: 'make',
  progress: (event) => {
    if (event.event === step && ++seen === Number(nth)) process.kill(process.pid, 'SIGKILL');
  },
});
const summary = await casewire.run({ waitMs: 0, signal: new AbortController().signal });
const waiting = summary.tenants.reduce((sum, tenant) => sum + tenant.waiting, 0);
const failed = summary.tenants.filter(({ failure }) => failure).length + summary.siteFailures.length;
process.stdout.write(JSON.stringify({ waiting, failed, warnings: summary.warnings }));
await casewire.close();
