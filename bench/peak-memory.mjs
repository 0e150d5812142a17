// Loaded into a measured process before its own code: when the process ends, leaves in the file BENCH_PEAK_FILE the most
// memory that it held, in KiB. Linux counts it by address space in VmHWM; the count of getrusage may still hold the
// parent's pages from before exec (man 2 getrusage: ru_maxrss is kept across execve).
import { readFileSync, writeFileSync } from 'node:fs';

const { BENCH_PEAK_FILE } = process.env;

function peakKib() {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
  } catch {
    return process.resourceUsage().maxRSS;
  }
}

if (BENCH_PEAK_FILE) process.on('exit', () => writeFileSync(BENCH_PEAK_FILE, String(peakKib())));
