import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Delivery } from '../../ledger/deliveries/deliveries-port.ts';
import type { ReportFile } from '../../reports/make-report.ts';

/** Where a report lies in the folder: a tenant's in a folder of its own, that of all beside them. */
export function placeIn(folder: string, scope: Delivery['scope'], fileName: string): string {
  return scope === 'all' ? join(folder, fileName) : join(folder, scope, fileName);
}

/**
 * Puts a report into the folder, whole or not at all; one that is there already is replaced. Reports name people, so
 * that only the service's own account may read them. Returns the path. @throws Error of the file system.
 */
export async function putInFolder(folder: string, scope: Delivery['scope'], file: ReportFile): Promise<string> {
  const path = placeIn(folder, scope, file.fileName);
  await mkdir(dirname(path), { recursive: true });
  const part = `${path}.${randomBytes(4).toString('hex')}.part`;
  try {
    const handle = await open(part, 'wx', 0o640);
    try {
      await handle.writeFile(file.bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  return path;
}
