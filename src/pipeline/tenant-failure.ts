import { isEdgeFailure, StoreFailure } from '../domain/failure.ts';
import type { TenantSummary } from '../domain/outcome.ts';

/** What broke off a tenant's work, in words for its line of the summary; what is no failure of an edge or of the store is a fault of ours. */
export function toTenantFailure(error: unknown): NonNullable<TenantSummary['failure']> {
  if (error instanceof StoreFailure)
    return { why: error.message, waiting: false, ...(error.mend === undefined ? {} : { mend: error.mend }) };
  if (!isEdgeFailure(error)) return { why: sayOwnFault(error), mend: 'please report it', waiting: false };
  const { mend } = error.details;
  return {
    why: error.message,
    waiting: error.kind === 'rate-limited',
    ...(mend === undefined ? {} : { mend }),
  };
}

/** A fault of our own in words, with where it happened; a store that failed is none. */
export function sayOwnFault(error: unknown): string {
  if (error instanceof StoreFailure) return error.message;
  return `a fault of Casewire itself: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

/** Why something was left out that is not worth an alert's ticket, in words that complete "not checked: …". */
export function sayLeftOut(error: unknown): string {
  return error instanceof StoreFailure ? 'the store could not be asked' : 'a fault of Casewire itself';
}
