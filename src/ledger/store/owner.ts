import { randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Owner } from '../ledger.ts';

/**
 * Names this process as `MACHINE/PID/NONCE`. MACHINE tells apart hosts, boots and containers, so that a process id is
 * only ever compared where it means the same thing.
 */
export function thisOwner(): Owner {
  return `${machine()}/${process.pid}/${randomBytes(4).toString('hex')}` as Owner;
}

/**
 * True only when the owner ran on this machine and its process has ended. A false answer proves nothing: the lease's
 * own end decides then. It saves waiting after a crash and is never what keeps two processes from one create.
 */
export function isGone(owner: string): boolean {
  const [place, pid] = owner.split('/');
  if (place !== machine() || pid === undefined) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

let place: string | undefined;

function machine(): string {
  place ??= [
    hostname(),
    readOr(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8)),
    readOr(() => readlinkSync('/proc/self/ns/pid').replace(/\D/g, '')),
  ]
    .filter(Boolean)
    .join('.')
    .replaceAll('/', '_');
  return place;
}

/** Outside Linux these files do not exist; the host name alone has to do there. */
function readOr(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
