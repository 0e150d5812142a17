import type { ClosingVerdict } from '../../domain/link.ts';
import { isObject } from '../record/wire-values.ts';
import { ClosingFilter } from './closing-filter.ts';

/**
 * Where an alert is closed with a verdict, and with which reason ("Close benign", "Close false positive" and "Close true
 * positive" of the Alerts API, read 2026-11). Benign: 4, "other", since a resolution in Jira says no more than that the
 * activity was harmless; the others say that a user confirmed it, or a test. False positive: 3, "alert is not accurate",
 * which is what the verdict means; the others say that nobody cares for it. True positive takes none.
 */
const CLOSINGS: Readonly<Record<ClosingVerdict, { path: string; reasonId?: number }>> = {
  benign: { path: 'close_benign/', reasonId: 4 },
  false_positive: { path: 'close_false_positive/', reasonId: 3 },
  true_positive: { path: 'close_true_positive/' },
};

/** One closing of the alerts that the filter names. */
export interface CloseRequest {
  filter: ClosingFilter;
  verdict: ClosingVerdict;
  comment: string;
}

/** What the service says it did. */
export interface CloseAnswer {
  closed: number;
  /** Ids that it does not know. */
  notFound: readonly string[];
}

/** Path below the alerts, and body. No feedback goes to Microsoft, and nobody is to be contacted. */
export function toCloseCall({ filter, verdict, comment }: CloseRequest): { path: string; body: string } {
  const { path, reasonId } = CLOSINGS[verdict];
  const body = { filters: ClosingFilter.toWire(filter), comment, sendFeedback: false, allowContact: false };
  return { path, body: JSON.stringify(reasonId === undefined ? body : { ...body, reasonId }) };
}

/** Reads the answer: `closed_VERDICT` counts, `alertsNotFound` lists; `undefined` when it says nothing of a closing. */
export function parseCloseAnswer(body: unknown, verdict: ClosingVerdict): CloseAnswer | undefined {
  if (!isObject(body)) return undefined;
  const { [`closed_${verdict}`]: closed, alertsNotFound: missing = [] } = body;
  if (typeof closed !== 'number' || !Number.isSafeInteger(closed) || closed < 0) return undefined;
  if (!Array.isArray(missing)) return undefined;
  return { closed, notFound: missing.map(String) };
}
