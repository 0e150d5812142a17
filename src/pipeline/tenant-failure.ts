import { isEdgeFailure } from '../domain/failure.ts';
import type { TenantSummary } from '../domain/outcome.ts';

/** What broke off a tenant's work, in words for its line of the summary; what is no failure of an edge is a fault of ours. */
export function toTenantFailure(error: unknown): NonNullable<TenantSummary['failure']> {
  if (!isEdgeFailure(error)) return { why: sayOwnFault(error), mend: 'please report it', waiting: false };
  const { mend } = error.details;
  return {
    why: error.message,
    waiting: error.kind === 'rate-limited',
    ...(mend === undefined ? {} : { mend }),
  };
}

/** A fault of our own in words, with where it happened. */
export function sayOwnFault(error: unknown): string {
  return `a fault of Casewire itself: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
