import { createHash } from 'node:crypto';
import { toAlertId } from '../../domain/alert.ts';
import type { UnreadableRecord } from '../../domain/reading.ts';
import type { EpochMs } from '../../domain/time.ts';

/** An id is part of each key that the ledger indexes (PostgreSQL 18 §11.1.4: 2,704 bytes an entry); real ones have 24 to 70. */
const MOST_ID_BYTES = 1_000;

/** Why an id cannot name an alert; `name` is how the record calls it. */
export function whyNoId(id: string | undefined, name: string): string | undefined {
  if (id === undefined) return `the record has no ${name}`;
  const bytes = Buffer.byteLength(id);
  return bytes > MOST_ID_BYTES ? `its ${name} is ${bytes} bytes long; ${MOST_ID_BYTES} is the most` : undefined;
}

/** A record that cannot be read, under its own id where it has one that can be stored, else under a hash. */
export function toUnreadable(
  raw: string,
  { id, createdAt, why }: { id: unknown; createdAt: EpochMs; why: string },
): UnreadableRecord {
  const own = typeof id === 'string' && id.trim() !== '';
  const fits = own && whyNoId(id, '') === undefined;
  // One whose id is too long keeps one name while the rest of it changes.
  const made = () =>
    createHash('sha256')
      .update(own ? id : raw)
      .digest('hex')
      .slice(0, 24);
  return {
    id: fits ? toAlertId(id) : `unreadable-${made()}`,
    createdAt,
    why,
    raw,
  };
}
