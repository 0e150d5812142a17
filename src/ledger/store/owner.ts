import { randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Owner } from '../ledger.ts';

/** Tells this process from an earlier one that had its process id. */
const PROCESS = randomBytes(4).toString('hex');

/**
 * Names this process as `HOST:SPACE/PID/PROCESS.NONCE`. SPACE tells apart boots and containers, so that a process id is
 * only ever looked up where it means the same thing.
 */
export function thisOwner(): Owner {
  return `${host()}:${space()}/${process.pid}/${PROCESS}.${randomBytes(4).toString('hex')}` as Owner;
}

/**
 * True only when the owner ran on this machine and its process has ended. A false answer proves nothing: the lease's
 * own end decides then. It saves waiting after a crash and is never what keeps two processes from one create.
 */
export function isGone(owner: Owner): boolean {
  const { where, pid, process: named } = parse(owner);
  if (where !== `${host()}:${space()}` || pid === undefined) return false;
  if (pid === process.pid) return named !== PROCESS;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/**
 * Whether the owner looks like this process before its container was started again: the same host name and process id,
 * in another process space. Two containers that run at once with one host name look the same to each other, so it is
 * asked for only as a process begins; what is then taken from a live one costs it a step and no second issue.
 */
export function isPredecessor(owner: Owner): boolean {
  const { where, pid, process: named } = parse(owner);
  return where?.split(':')[0] === host() && pid === process.pid && named !== PROCESS;
}

function parse(owner: Owner): { where?: string; pid?: number; process?: string } {
  const [where, pid, name] = owner.split('/');
  if (where === undefined || pid === undefined || name === undefined) return {};
  return { where, pid: Number(pid), process: name.split('.')[0] ?? '' };
}

function host(): string {
  return hostname().replaceAll(/[/:]/g, '_');
}

let known: string | undefined;

function space(): string {
  known ??= [
    readOr(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8)),
    readOr(() => readlinkSync('/proc/self/ns/pid').replace(/\D/g, '')),
  ]
    .filter(Boolean)
    .join('.');
  return known;
}

/** Outside Linux these files do not exist; the host name alone has to do there. */
function readOr(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
