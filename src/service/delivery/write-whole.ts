import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes a file whole or not at all, in place of one of that name; folders on the way are made.
 * @throws Error with a sentence for people when it cannot be written.
 */
export async function writeWhole(path: string, bytes: Uint8Array, mode: number): Promise<void> {
  const part = `${path}.${randomBytes(4).toString('hex')}.part`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const handle = await open(part, 'wx', mode);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(part, path);
  } catch (error) {
    // What is told is why it could not be written, not why the rest of it could not be removed.
    await rm(part, { force: true }).catch(() => undefined);
    throw new Error(`${path} cannot be written: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}
