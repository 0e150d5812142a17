import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of its own in memory, so small that a test can fill it. */
export interface SmallDisk {
  folder: string;
  /** Lets nothing be written any more, or lets it again. */
  readOnly(is: boolean): void;
  remove(): void;
}

export function smallDisk(kilobytes: number): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), 'casewire-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', folder], { stdio: 'pipe' });
  return {
    folder,
    readOnly: (is) => void execFileSync('mount', ['-o', `remount,${is ? 'ro' : 'rw'}`, folder], { stdio: 'pipe' }),
    remove() {
      execFileSync('umount', ['-l', folder], { stdio: 'pipe' });
      rmdirSync(folder);
    },
  };
}

/** Why no small disk can be had here; absent where one can. */
export function whyNoSmallDisk(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root on Linux may mount one';
  try {
    smallDisk(64).remove();
    return undefined;
  } catch (error) {
    return `none can be mounted: ${error instanceof Error ? error.message.split('\n')[1] : String(error)}`;
  }
}

/** Writes into a file until nothing more fits on its disk. */
export function fillDisk(path: string): void {
  for (let bytes = 4_000_000; bytes >= 4_096; bytes /= 2) {
    try {
      writeFileSync(path, Buffer.alloc(bytes), { flag: 'a' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
}
