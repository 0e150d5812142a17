import type { ClosingVerdict, SyncPolicy } from '../../domain/link.ts';

/** The verdict that an issue's resolution means: names are compared without regard to case, and none is `otherwise`. */
export function closingVerdict(
  resolution: string | undefined,
  { verdicts, otherwise }: NonNullable<SyncPolicy['fromJira']>,
): ClosingVerdict {
  const wanted = resolution?.trim().toLowerCase();
  for (const [name, verdict] of verdicts) if (name.trim().toLowerCase() === wanted) return verdict;
  return otherwise;
}
