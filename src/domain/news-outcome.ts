import type { AlertId, DedupKey, TenantId } from './alert.ts';
import type { TicketRef } from './ticket.ts';

/** What is new of an alert whose issue exists: the alert itself changed, or its addresses could be looked up after all. */
export type NewsKind = 'changed' | 'looked-up';

/**
 * What became of news: the fields were `updated`, it is to be told in a comment (`noted`), or both · `left`
 * nothing was to be said or written · `gone` the issue is no longer there.
 */
export type NewsEnd = 'updated' | 'noted' | 'updated and noted' | 'left' | 'gone';

/** One alert's news as a person reads it; `waits` for the next pass. */
export interface NewsOutcome {
  tenant: TenantId;
  alertId: AlertId;
  key: DedupKey;
  ticket: TicketRef;
  kind: NewsKind;
  outcome: NewsEnd | 'waits';
  /** What is new, and what was done with it or why it waits. */
  says: string;
}
