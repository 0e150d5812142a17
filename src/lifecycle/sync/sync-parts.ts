import type { SyncPolicy } from '../../domain/link.ts';
import type { PassParts } from '../../pipeline/pass-parts.ts';

/** What the flows that keep alert and issue in step work with. */
export interface SyncParts extends PassParts {
  /** Absent: the configuration has no `sync`, and nothing is kept in step. */
  sync?: SyncPolicy;
}
