import { createHash } from 'node:crypto';
import { toAlertId } from '../../domain/alert.ts';
import type { UnreadableRecord } from '../../domain/reading.ts';
import type { EpochMs } from '../../domain/time.ts';

/** A record that cannot be read, under its own id where it has one, else under one made of its text. */
export function toUnreadable(
  raw: string,
  { id, createdAt, why }: { id: unknown; createdAt: EpochMs; why: string },
): UnreadableRecord {
  const own = typeof id === 'string' && id.trim() !== '';
  return {
    id: own ? toAlertId(id) : `unreadable-${createHash('sha256').update(raw).digest('hex').slice(0, 24)}`,
    createdAt,
    why,
    raw,
  };
}
