import { createHash } from 'node:crypto';
import type { DedupKey } from '../../domain/alert.ts';

/** On every issue of ours; finds them all. */
export const CONSTANT_LABEL = 'casewire';

/** The issue property that carries the identity besides the label. */
export const IDENTITY_PROPERTY = 'casewire.alert';

/**
 * The label that identifies an alert's issue: `casewire-` and 32 hex digits of SHA-256 over `TENANT NUL ALERT`.
 * Only `[a-z0-9-]`, so it can stand in JQL as it is, and far below Jira's 255 characters.
 */
export function dedupLabel(key: DedupKey): string {
  const slash = key.indexOf('/');
  const digest = createHash('sha256')
    .update(`${key.slice(0, slash)}\0${key.slice(slash + 1)}`)
    .digest('hex');
  return `casewire-${digest.slice(0, 32)}`;
}
