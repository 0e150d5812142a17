import { writeWhole } from '../service/delivery/write-whole.ts';
import { UsageError } from './usage-error.ts';

/** Reports name people, and whoever made one decides who reads it: as the account's own files are. */
const AS_USUAL = 0o644;

/**
 * Writes a file that a person named, whole or not at all.
 * @throws UsageError when it cannot be written.
 */
export async function writeFileWhole(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeWhole(path, bytes, AS_USUAL);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
