import type { ConfigProblem } from '../../../config/config.ts';
import type { CheckLine } from '../../../domain/check.ts';
import { isEdgeFailure } from '../../../domain/failure.ts';

/** What went wrong at a service, in a sentence or two for a person who may answer anew; everything else is thrown on. */
export function sayFailure(error: unknown): string {
  if (!isEdgeFailure(error)) throw error;
  const { mend } = error.details;
  return mend === undefined ? error.message : `${error.message}\n→ ${mend}`;
}

/** The lines of a check that are no praise, each with its mend. */
export function sayFaults(lines: readonly CheckLine[]): string | undefined {
  const faults = lines.filter(({ level }) => level === 'error');
  if (faults.length === 0) return undefined;
  return faults.map(({ says, mend }) => (mend === undefined ? says : `${says}\n→ ${mend}`)).join('\n');
}

/** What the loader has against answers; of the file's places nothing is said, as there is no file yet. */
export function sayRefusals(problems: readonly ConfigProblem[]): string {
  return problems.map(({ key, says, mend }) => `${key}: ${says}${mend ? `; ${mend}` : ''}`).join('\n');
}
