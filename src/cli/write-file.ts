import { writeWhole } from '../service/delivery/write-whole.ts';
import { UsageError } from './usage-error.ts';

/**
 * Writes a file that a person named, whole or not at all; only its owner may read it.
 * @throws UsageError when it cannot be written.
 */
export async function writeFileWhole(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeWhole(path, bytes);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
