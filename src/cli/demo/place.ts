import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where Linux keeps files in memory: thousands of commits of a ledger need not wait for a disk. */
const IN_MEMORY = '/dev/shm';

/** What a demo makes on the disk, until it is removed. */
export interface DemoPlace {
  /** For the configuration and the report. */
  folder: string;
  store: string;
  remove(): Promise<void>;
}

export async function makePlace(): Promise<DemoPlace> {
  const folder = await mkdtemp(join(tmpdir(), 'casewire-demo-'));
  const fast = await folderInMemory();
  return {
    folder,
    store: join(fast ?? folder, 'casewire.db'),
    async remove() {
      for (const made of [folder, fast]) if (made !== undefined) await rm(made, { recursive: true, force: true });
    },
  };
}

async function folderInMemory(): Promise<string | undefined> {
  if (!existsSync(IN_MEMORY)) return undefined;
  try {
    return await mkdtemp(join(IN_MEMORY, 'casewire-demo-'));
  } catch {
    // Not for this user: the disk does as well, only more slowly.
    return undefined;
  }
}
