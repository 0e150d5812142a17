import type { PassSummary } from '../../domain/outcome.ts';
import type { ProgressEvent } from '../../observe/progress.ts';

/** Tells a person or a program about one pass, while it goes on and when it has ended. */
export interface PassReport {
  note(event: ProgressEvent): void;
  /** Somebody asked to stop; the step in hand is being finished. */
  stopping(): void;
  end(summary: PassSummary, exitCode: number): void;
  /** The pass broke off without a summary, or the process ends at once: leaves the terminal as it was found. */
  abandon(): void;
}
