#!/usr/bin/env node
// The executable. It must be understood by Node versions too old for the rest, so it imports none of the rest
// before it has looked, and keeps to the syntax of Node 14.
import * as nodeModule from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';

const NEEDED = 24;
const found = process.versions.node;

if (Number(found.split('.')[0]) < NEEDED) {
  process.stderr.write(`casewire needs Node.js ${NEEDED} or later; this is ${found} (${process.execPath}).\n`);
  process.exitCode = 2;
} else {
  // V8 lets its heap grow to several times what a run needs before it collects; collected sooner, the process stays
  // small however many alerts it handles, at the price of a few percent more time. The young space is best bounded by
  // `node --max-semi-space-size`, as bin/casewire does; it can only be kept from growing once Node runs.
  if (!process.execArgv.some((flag) => flag.startsWith('--max-semi-space-size')))
    setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=30');
  // Compiled code is kept in a folder of the user's own: the default one lies in the temporary folder that all share.
  if (!process.env.NODE_COMPILE_CACHE)
    nodeModule.enableCompileCache(join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'casewire'));
  import('./main.ts').then(
    ({ main }) => main(process.argv.slice(2)),
    (error) => {
      process.stderr.write(`casewire cannot start, its installation is not whole: ${error}\n`);
      process.exitCode = 3;
    },
  );
}
