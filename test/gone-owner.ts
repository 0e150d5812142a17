import { spawnSync } from 'node:child_process';
import type { Owner } from '../src/ledger/ledger.ts';
import { thisOwner } from '../src/ledger/store/owner.ts';

/** The name of a process of this machine that has ended. */
export function goneOwner(): Owner {
  const [machine] = thisOwner().split('/');
  return `${machine}/${spawnSync(process.execPath, ['-e', '0']).pid}/gone` as Owner;
}
