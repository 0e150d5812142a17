import type { ActId, PersonsAct, RecordedAct } from '../../domain/act.ts';
import type { EpochMs } from '../../domain/time.ts';

/** What people had Casewire do: who, when, what, and how it ended. Nothing of it is ever changed or removed. */
export interface Acts {
  /** Writes an act down before it is done. */
  record(act: PersonsAct & { at: EpochMs }): Promise<ActId>;
  /** Writes down how it ended; only the first word counts. */
  ended(id: ActId, end: NonNullable<RecordedAct['end']>): Promise<void>;
  /** The newest first, `most` after the one with the id `after`. */
  page(ask: { after?: ActId; most: number }): Promise<readonly RecordedAct[]>;
}
