import type { ClosingVerdict } from '../../domain/link.ts';
import { isObject, textOf } from '../record/wire-values.ts';

/**
 * What a verdict is called by Graph (v1.0, "Update alert", classification, read 2026-11). The determination is `other`
 * with each: a resolution in Jira does not say which kind of attack, test or error it was, and the two pages of Graph's
 * documents that list determinations agree on this one (`notMalicious` of the resource type is `clean` there).
 */
const CLASSIFICATIONS: Readonly<Record<ClosingVerdict, string>> = {
  true_positive: 'truePositive',
  false_positive: 'falsePositive',
  benign: 'informationalExpectedActivity',
};

/** What is changed of an alert. */
export interface AlertChange {
  status: 'resolved' | 'inProgress';
  classification?: string;
  determination?: string;
}

/** A person's own classification and determination stay where they say the same. */
export function toClosing(record: unknown, verdict: ClosingVerdict): AlertChange {
  const { classification, determination } = isObject(record) ? record : {};
  const wished = CLASSIFICATIONS[verdict];
  if (classification !== wished) return { status: 'resolved', classification: wished, determination: 'other' };
  const isDetermined = textOf(determination) !== undefined && determination !== 'unknown';
  return { status: 'resolved', ...(isDetermined ? {} : { classification: wished, determination: 'other' }) };
}

/** Whether a comment with this text stands on an alert, whoever wrote it; white space does not count. */
export function hasComment(record: unknown, comment: string): boolean {
  const comments = isObject(record) && Array.isArray(record.comments) ? record.comments : [];
  return comments.some((one) => isObject(one) && squeezed(one.comment) === squeezed(comment));
}

function squeezed(text: unknown): string {
  return (typeof text === 'string' ? text : '').replace(/\s+/g, ' ').trim();
}
